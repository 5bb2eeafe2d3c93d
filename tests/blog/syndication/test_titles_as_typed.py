"""A title of any signs is seen as it was typed: on pages, in feeds, mails and search results."""

import json
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.text import names
from tests.accounts.smtp_server import html_of, text_of
from tests.blog.mail import reads
from tests.comments.factories import say
from tests.comments.http import visit
from tests.comments.mail import follows, run_due
from tests.typed_texts import PLENTY, WORDS, Batch, joined

ATOM = "{http://www.w3.org/2005/Atom}"
BATCH = 10
GLUE = st.sampled_from([" ", " ", ""])
LINES = st.lists(st.tuples(WORDS, GLUE), min_size=1, max_size=6).map(joined).map(names.one_line)
TITLES = LINES.filter(lambda title: not names.fault(title))


def page_texts(address, selector="main"):
    return [each.get_text() for each in visit(Client(), address).select(selector)]


def strings_in(data):
    """Return all strings of what a JSON text says, however deep."""
    if isinstance(data, dict | list):
        parts = data.values() if isinstance(data, dict) else data
        return [each for part in parts for each in strings_in(part)]
    return [data] if isinstance(data, str) else []


def on_their_pages(posts):
    """Return ``{where: texts}`` of what the pages of these posts say of themselves."""
    found = {"heading": [], "window": [], "preview": [], "data": []}
    for post in posts:
        page = visit(Client(), post.get_absolute_url())
        found["heading"].append(page.h1.get_text())
        found["window"].append(page.title.get_text())
        found["preview"].append(page.select_one("meta[property='og:title']")["content"])
        (data,) = page.select("script[type='application/ld+json']")
        found["data"] += strings_in(json.loads(data.string))
    return found


def in_feeds():
    atom = ElementTree.fromstring(Client().get("/feed/").content)
    told = ElementTree.fromstring(Client().get("/comments/feed/").content)
    return {
        "feed": [each.text for each in atom.iter(f"{ATOM}title")],
        "feed of comments": [each.text for each in told.iter(f"{ATOM}title")],
        "JSON feed": [each["title"] for each in Client().get("/feed/json/").json()["items"]],
    }


@pytest.mark.django_db
@pytest.mark.both_databases
def test_any_title_is_seen_as_it_was_typed_wherever_it_appears(
    bob, mia, published_post, post_office, settings
):
    settings.COMMENTS_A_MINUTE = 1_000_000
    reads()
    desk = Client()
    desk.force_login(mia, backend=settings.AUTHENTICATION_BACKENDS[0])

    @PLENTY
    @given(st.lists(TITLES, min_size=BATCH, max_size=BATCH))
    def walk(titles):
        batch = Batch(titles, " ")
        del post_office.mails[:]
        posts = [published_post(title=title, by_mail=True) for title in batch.texts.values()]
        for post in posts:
            follows(bob, post=post)
            say(post)
        run_due()
        mails = post_office.mails
        shown = on_their_pages(posts) | in_feeds()
        shown["first page"] = page_texts("/")
        shown["archive"] = page_texts("/archive/")
        shown["search"] = page_texts(f"/search/?q={batch.word}", ".result")
        shown["queue"] = [visit(desk, "/admin/queue/all/").get_text()]
        shown["mail's subject"] = [mail["Subject"] for mail in mails]
        shown["plain mail"] = [text_of(mail) for mail in mails]
        shown["mail"] = [BeautifulSoup(html_of(mail), "html.parser").get_text() for mail in mails]
        for where, texts in shown.items():
            changed = batch.changed(*texts)
            assert not changed, (where, changed)

    walk()

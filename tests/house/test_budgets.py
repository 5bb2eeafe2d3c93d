"""No page costs more than its budget, and none costs more with a thousand comments than with ten.

The addresses and what they may cost stand in one table, BUDGETS in budgets.py.
"""

import random
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.models import Series, Tag
from comments.models import Comment
from config.storage import SCRIPTS, joined_scripts

from .budgets import BUDGETS, FEW, MANY, elements, forget_all_pages, grow, places, queries, zipped

pytestmark = pytest.mark.django_db

MOST_BYTES, MOST_ELEMENTS, MOST_SCRIPT = 60_000, 1500, 25_000
# Scripts of the desk and of other apps' pages for staff.
NOT_FOR_READERS = ("admin/", "mptt/")
MEASURED = {}  # by each process once: {size: {name: (cold, hit)}}


def measure(post, size, people):
    grow(post, size)
    post.tags.add(Tag.objects.get_or_create(name="Water", slug="water")[0])
    post.series = Series.objects.get_or_create(title="Walks", slug="walks")[0]
    post.save()
    found, words = {}, places(post)
    for name, budget in BUDGETS.items():
        client = Client()
        if budget.who in people:
            client.force_login(
                people[budget.who], backend="django.contrib.auth.backends.ModelBackend"
            )
        address = budget.address.format(**words)
        forget_all_pages()
        found[name] = queries(client, address)[1], queries(client, address)[1]
    return found


@pytest.fixture
def measured(published_post, bob, mia):
    """``{size: {name: (queries cold, queries on a hit)}}`` for FEW and MANY comments."""
    if not MEASURED:
        people = {"bob": bob, "mia": mia}
        # Twenty-five rows of the moderators' list stand there either way.
        grow(published_post(), 40)
        for size in (FEW, MANY):
            MEASURED[size] = measure(published_post(), size, people)
    return MEASURED


@pytest.mark.parametrize("name", BUDGETS)
def test_a_page_keeps_its_budget_of_queries(measured, name):
    for size in (FEW, MANY):
        cold, hit = measured[size][name]
        assert cold <= BUDGETS[name].cold, size
        assert hit <= BUDGETS[name].hit, size


@pytest.mark.parametrize("name", BUDGETS)
def test_a_page_costs_the_same_with_ten_and_with_a_thousand_comments(measured, name):
    assert measured[FEW][name] == measured[MANY][name]


@pytest.fixture
def as_in_production(settings, tmp_path):
    """Pages link the one style sheet and the scripts that collectstatic has joined."""
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "config.storage.JoinedStatic"}
    }
    call_command("collectstatic", verbosity=0, interactive=False)


@pytest.fixture
def full_page(client, published_post, as_in_production):
    """A page of twenty-five threads, each with more replies than are shown."""
    post = published_post(slug="long")
    grow(post, MANY, in_threads_of_forty)
    return client.get("/posts/long/")


def in_threads_of_forty(written):
    """Let the first twenty-five begin threads, and the others answer somebody in one of them.

    Each is one plain paragraph: the budget is about the markup around the texts.
    """
    dice = random.Random(7)
    for place, each in enumerate(written):
        each["parent"] = dice.choice(range(place % 25, place, 25)) + 1 if place >= 25 else None
        each["body"] = " ".join(re.findall(r"[\w.,]+", each["body"]))


def test_a_page_of_a_long_conversation_is_small(full_page):
    assert len(BeautifulSoup(full_page.content, "html.parser").select("article.comment")) == 150
    assert zipped(full_page.content) <= MOST_BYTES
    assert elements(full_page) <= MOST_ELEMENTS


def test_a_crowded_page_says_by_place_or_by_link_what_each_reply_answers(full_page):
    page = BeautifulSoup(full_page.content, "html.parser")
    replies = page.select(".replies article.comment")
    assert len(replies) == 125
    stored = dict(Comment.objects.values_list("pk", "parent_id"))
    for tag in replies:
        link = tag.select_one("a.u-in-reply-to")
        place = tag.find_parent("ol").find_parent("li").find("article")["id"].split("-")[1]
        said = link["href"].strip("/").split("/")[1] if link else place
        assert stored[int(tag["id"].removeprefix("comment-"))] == int(said)


def test_a_page_needs_nobody_else_and_sets_no_cookie(full_page):
    page = BeautifulSoup(full_page.content, "html.parser")
    loaded = page.select("link[rel~=stylesheet], link[rel~=icon], script, img, iframe, source")
    for tag in loaded:
        if tag.get("type") == "application/ld+json":
            continue
        address = tag.get("href") or tag.get("src")
        assert address, "nothing stands inline"
        assert address.startswith(("/static/", "/avatars/")), address
    # JSON-LD is data, which no browser runs.
    assert not page.select("style, [style], script:not([src], [type='application/ld+json'])")
    assert not full_page.cookies


def test_scripts_together_are_small():
    scripts = [
        Path(storage.path(name))
        for finder in finders.get_finders()
        for name, storage in finder.list(["admin"])
        if name.endswith((".js", ".mjs")) and not name.startswith(NOT_FOR_READERS)
        if name not in SCRIPTS  # these come to readers as one
    ]
    parts = [Path(finders.find(name)).read_text() for name in SCRIPTS]
    sent = [joined_scripts(parts).encode(), *(path.read_bytes() for path in scripts)]
    assert sum(map(zipped, sent)) <= MOST_SCRIPT


def test_pages_of_production_link_one_style_sheet(client, published_post, as_in_production):
    post = published_post()
    for address in ("/", post.get_absolute_url(), "/account/login/"):
        page = BeautifulSoup(client.get(address).content, "html.parser")
        assert len(page.select("link[rel=stylesheet]")) == 1, address


def test_writing_costs_about_the_same_in_a_long_conversation(client, published_post):
    costs = []
    for size in (FEW, MANY):
        post = published_post(comment_mode="open")
        keys = grow(post, size)
        answered = Comment.objects.filter(pk__in=keys.values()).earliest("pk")
        for address in (f"/posts/{post.slug}/reply/", f"/comments/{answered.pk}/reply/"):
            with CaptureQueriesContext(connection) as captured:
                sent = client.post(address, {"name": "Ada", "body": f"Words for {address}."})
            assert sent.status_code == 302
            costs.append(len(captured))
    few, many = costs[:2], costs[2:]
    assert few == many
    assert max(many) <= 26

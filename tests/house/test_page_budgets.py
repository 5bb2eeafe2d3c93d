"""No page exceeds its budget, and none costs more with a thousand comments than with ten.

The URLs and their budgets are the table BUDGETS in budgets.py."""

import random
import re
from html import escape
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import SignupSettings
from bench import generator
from bench.growth.pages import places
from blog.models import Series, Tag, WebSubPing
from comments.models import Comment
from comments.moderation import decisions
from comments.tree.status import Status
from config import due_work
from config.files.storage import SCRIPTS, joined_scripts
from tests.comments.http import send
from tests.house.budgets import (
    BUDGETS,
    FEW,
    MANY,
    elements,
    forget_all_pages,
    grow,
    queries,
    zipped,
)

# One process measures for all of them.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("budgets")]

MOST_BYTES, MOST_ELEMENTS, MOST_SCRIPT = 60_000, 2500, 25_000
# Scripts of the admin and of other pages for staff.
NOT_FOR_READERS = ("admin/", "mptt/", "js/admin/", "js/editor/", "js/queue/", "prose/")
# Scripts of the passkey pages, which have a limit of their own.
OF_PASSKEYS, MOST_OF_PASSKEYS = ("mfa/", "js/passkeys.js"), 5_000
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


def let_wait(post, who):
    """Fill a page of *Waiting* and a page of *Recently decided*."""
    keys = list(grow(post, 60).values())
    values = {"status": Status.PENDING, "number": None, "visible_count": 0}
    Comment.objects.plain().filter(post=post).update(**values)
    decisions.decide(keys[:30], "spam", who)


@pytest.fixture
def measured(published_post, alice, bob, mia, owner):
    """``{size: {name: (queries cold, queries on a hit)}}`` for FEW and MANY comments."""
    if not MEASURED:
        people = {"alice": alice, "bob": bob, "mia": mia, "owner": owner}
        type(bob).objects.filter(pk=bob.pk).update(is_public=True)
        SignupSettings.get()
        # Read once by each process, and created once by each blog.
        ContentType.objects.get_for_models(*apps.get_models())
        WebSubPing.get()
        # The moderators' list has twenty-five rows in either case.
        grow(published_post(), 40)
        let_wait(published_post(), mia)
        # The very first check for late work creates a row, which stays.
        due_work.is_late()
        for size in (FEW, MANY):
            MEASURED[size] = measure(published_post(), size, people)
    return MEASURED


def test_the_groups_of_tests_hold(request):
    """pytest 9.2 and pytest-xdist 3.8 together ran each test of a group wherever there was room."""
    if getattr(request.config.option, "loadgroup", False):
        assert request.node.nodeid.endswith("@budgets")


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
def full_lists(published_post):
    """Forty posts of a thousand words, all of one tag and one series, and forty comments."""
    walks = Series.objects.create(title="Walks", slug="walks")
    water = Tag.objects.create(name="Water", slug="water")
    written = [each["body"] for each in generator.conversation(400)["comments"]]
    for number in range(40):
        texts = written[number * 10 : number * 10 + 10] * 2
        body = "".join(f"<p>{escape(text)}</p>" for text in ["Water.", *texts])
        post = published_post(body=body, excerpt=texts[0][:200], series=walks)
        post.tags.add(water)
    grow(post, 40)
    return post


def test_full_lists_search_pages_and_feeds_are_small(full_lists, client, as_in_production):
    words = places(full_lists)
    found = {
        name: zipped(client.get(budget.address.format(**words)).content) / 1000
        for name, budget in BUDGETS.items()
        if budget.kilobytes
    }
    assert len(found) > 10
    assert {name: size for name, size in found.items() if size > BUDGETS[name].kilobytes} == {}


@pytest.fixture
def as_in_production(settings, served_data):
    """Pages link the one style sheet and the scripts that collectstatic bundles."""
    settings.STATIC_ROOT = str(served_data / "static")
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "config.files.storage.JoinedStatic"}
    }


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


def test_each_reply_links_the_comment_it_answers(full_page):
    page = BeautifulSoup(full_page.content, "html.parser")
    replies = page.select(".replies article.comment")
    assert len(replies) == 125
    stored = dict(Comment.objects.values_list("pk", "parent_id"))
    for tag in replies:
        said = tag.select_one("a.u-in-reply-to")["href"].strip("/").split("/")[1]
        assert stored[int(tag["id"].removeprefix("comment-"))] == int(said)


def test_a_page_requests_nothing_from_third_parties_and_sets_no_cookie(full_page):
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


def linked(name, storage):
    prefix = getattr(storage, "prefix", "")
    return f"{prefix}/{name}" if prefix else name


def test_scripts_together_are_small():
    scripts = [
        Path(storage.path(name))
        for finder in finders.get_finders()
        for name, storage in finder.list(["admin"])
        if name.endswith((".js", ".mjs"))
        and not linked(name, storage).startswith(NOT_FOR_READERS + OF_PASSKEYS)
        if name not in SCRIPTS  # these come to readers as one
    ]
    parts = [Path(finders.find(name)).read_text() for name in SCRIPTS]
    sent = [joined_scripts(parts).encode(), *(path.read_bytes() for path in scripts)]
    assert sum(map(zipped, sent)) <= MOST_SCRIPT


def test_the_scripts_of_the_sign_in_page_are_small_and_on_no_other_page(client, published_post):
    def scripts(address):
        page = BeautifulSoup(client.get(address).content, "html.parser")
        return [tag["src"].removeprefix("/static/") for tag in page.select("script[src]")]

    sent = [Path(finders.find(name)).read_bytes() for name in scripts("/account/login/")]
    assert 0 < sum(map(zipped, sent)) <= MOST_OF_PASSKEYS
    for address in ("/", published_post().get_absolute_url(), "/account/signup/"):
        assert not [name for name in scripts(address) if name.startswith(OF_PASSKEYS)], address


def test_pages_of_production_link_one_style_sheet(client, published_post, as_in_production):
    post = published_post()
    for address in ("/", post.get_absolute_url(), "/account/login/"):
        page = BeautifulSoup(client.get(address).content, "html.parser")
        assert len(page.select("link[rel=stylesheet]")) == 1, address


def test_writing_costs_about_the_same_in_a_long_conversation(client, published_post):
    costs = []
    send(client, published_post())  # fills the caches of the process
    for size in (FEW, MANY):
        post = published_post(comment_mode="open")
        keys = grow(post, size)
        answered = Comment.objects.filter(pk__in=keys.values()).earliest("pk")
        for target in (post, answered):
            with CaptureQueriesContext(connection) as captured:
                sent = send(client, target, f"Words for {target} {size}, and for nobody else.")
            assert sent.status_code == 302
            assert Comment.objects.latest("pk").is_visible
            costs.append(len(captured))
    few, many = costs[:2], costs[2:]
    assert few == many
    assert max(many) <= 26

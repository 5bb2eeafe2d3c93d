"""``?order=author``: the author's replies, each below the comment it answers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import ConversationSettings
from comments.moderation import decisions
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import articles, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(published_post):
    return published_post(slug="lake")


def by(user):
    return {"user": user, "name": ""}


def test_only_the_authors_replies_are_shown_each_with_the_answered_comment(
    client, post, alice, bob
):
    root = say(post, name="Ana", body="*One* & two.\n\n" + "And so on. " * 40)
    answer = say(post, root, **by(alice))
    say(post, answer, name="Ben")
    say(post, **by(bob))
    say(post, root, **by(alice), status=Status.PENDING)
    first = say(post, **by(alice), body="To everybody.")
    page = visit(client, "/posts/lake/?order=author")
    assert list(articles(page)) == [answer.pk, first.pk]
    (quoted,) = page.select("blockquote.quoted")
    assert quoted.find_parent("li").article["id"] == f"comment-{answer.pk}"
    assert "Ana wrote" in quoted.text
    assert quoted.select_one("p[dir=auto]").text.startswith("One & two. And so on.")
    assert len(quoted.text.split()) < 40
    assert quoted.a["href"] == root.get_absolute_url()
    assert articles(page)[answer.pk].select_one("a.u-in-reply-to")["href"] == quoted.a["href"]


def test_hidden_comments_are_not_quoted(client, post, alice, mia):
    root = say(post, body="Not for you.")
    answer = say(post, root, **by(alice))
    decisions.decide([root.pk], "remove", mia)
    page = visit(client, "/posts/lake/?order=author")
    assert list(articles(page)) == [answer.pk]
    assert "Not for you." not in page.text
    assert "Replying to a comment that isn’t available." in page.text


def test_the_authors_replies_are_paged_in_the_order_of_time(client, post, alice):
    ConversationSettings.objects.update(threads_per_page=3)
    root = say(post)
    keys = [say(post, root, **by(alice)).pk for _ in range(7)]
    seen, address = [], "/posts/lake/?order=author"
    while address:
        page = visit(client, address.partition("#")[0])
        seen += articles(page)
        following = page.select_one("a[rel=next]")
        address = following and following["href"]
    assert seen == keys
    for number in ("4", "0", "x"):
        assert client.get(f"/posts/lake/?order=author&page={number}").status_code == 404


def test_without_replies_of_the_author_a_kind_sentence_is_shown(client, post):
    for _ in range(2):
        say(post)
    page = visit(client, "/posts/lake/?order=author")
    assert "Alice hasn’t replied here yet." in page.text
    assert "be the first to say so" not in page.text


def test_three_links_offer_the_orders(client, post):
    for _ in range(2):
        say(post)
    for query, current in (
        ("", "Oldest"),
        ("?order=newest", "Newest"),
        ("?order=author", "Author’s replies"),
        ("?order=other", "Oldest"),
    ):
        links = visit(client, f"/posts/lake/{query}").select(".conversation-head .segments a")
        assert [link.text for link in links if link.get("aria-current")] == [current]
        assert len(links) == 3
    assert (
        visit(client, "/posts/lake/?order=author&page=1")
        .select_one("link[rel=canonical]")["href"]
        .endswith("/posts/lake/")
    )


def test_a_hidden_conversation_has_no_order_links(client, post, alice):
    say(post, **by(alice), body="Not for you.")
    post.comment_mode = "hidden"
    post.save()
    assert "Not for you." not in client.get("/posts/lake/?order=author").text


def test_a_new_reply_shows_on_the_next_request(client, post, alice):
    root = say(post)
    before = client.get("/posts/lake/?order=author").content
    assert client.get("/posts/lake/?order=author").content == before
    say(post, root, **by(alice), body="Here I am.")
    assert "Here I am." in client.get("/posts/lake/?order=author").text


@pytest.mark.usefixtures("without_page_cache")
def test_the_number_of_queries_does_not_grow(client, post, alice):
    costs, root = [], say(post)
    client.get("/posts/lake/")  # what every page shows is cached from now on
    for _ in range(2):
        for _ in range(10):
            say(post, root, **by(alice))
        with CaptureQueriesContext(connection) as captured:
            client.get("/posts/lake/?order=author")
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 7

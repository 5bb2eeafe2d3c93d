"""Permalinks lead to a comment or its tombstone, and else to the conversation with a sentence."""

import pytest
from django.test import Client

from blog.models import RemovedSource
from comments.models import Comment, ConversationSettings
from comments.moderation import decisions
from comments.posting import own_comments
from comments.tree.status import Status
from tests.comments.factories import say, stored
from tests.comments.http import articles, reply_url, send, soup, visit

pytestmark = pytest.mark.django_db
GONE = "The comment you were looking for is gone."


def led_to(client, comment):
    """Follow a permalink; return ``(fragment, page)``."""
    address, _, fragment = client.get(comment.get_absolute_url())["Location"].partition("#")
    return fragment, visit(client, address)


def withdraw(comment, mia):
    own_comments.withdraw(comment.pk)


def remove(comment, mia):
    decisions.decide([comment.pk], "remove", mia)


def mark_as_spam(comment, mia):
    decisions.decide([comment.pk], "spam", mia)


HIDE = [withdraw, remove, mark_as_spam]


@pytest.mark.parametrize("hide", HIDE)
def test_a_permalink_leads_to_the_tombstone(client, mia, published_post, hide):
    post = published_post()
    root = say(post)
    hidden = say(post, root)
    say(post, hidden)
    hide(hidden, mia)
    for comment in (hidden, root):
        fragment, page = led_to(client, comment)
        assert fragment == f"comment-{comment.pk}"
        assert "tombstone" in articles(page)[hidden.pk]["class"]
        assert not page.select(".gone")


def test_a_tombstone_is_found_on_its_page_and_far_down_a_thread(client, mia, published_post):
    ConversationSettings.objects.update(threads_per_page=2, replies_shown=2)
    post = published_post()
    roots = [say(post) for _ in range(5)]
    above = roots[3]
    for _ in range(6):
        above = say(post, above)
    stone, _below = above, say(post, above)
    decisions.decide([roots[3].pk, stone.pk], "remove", mia)
    for comment in (roots[3], stone):
        fragment, page = led_to(client, comment)
        assert fragment == f"comment-{comment.pk}"
        assert "tombstone" in articles(page)[comment.pk]["class"]


@pytest.mark.parametrize("hide", HIDE)
def test_a_comment_without_a_tombstone_leads_to_the_conversation(client, mia, published_post, hide):
    post = published_post()
    other, gone = say(post), say(post, name="Nightjar")
    say(post, gone, status=Status.PENDING)
    hide(gone, mia)
    fragment, page = led_to(client, gone)
    assert fragment == "comments"
    assert list(articles(page)) == [other.pk]
    assert GONE in page.select_one(".conversation .gone").text
    assert page.select_one("link[rel=canonical]")["href"].endswith(post.get_absolute_url())
    assert "Nightjar" not in page.text
    assert not visit(client, post.get_absolute_url()).select(".gone")


def test_what_nobody_has_read_stays_unknown(client, published_post):
    post = published_post()
    for status in (Status.PENDING, Status.SPAM, Status.REMOVED, Status.WITHDRAWN):
        assert client.get(say(post, status=status).get_absolute_url()).status_code == 404
    assert client.get("/comments/999999/").status_code == 404


def test_a_writer_finds_their_comment_while_it_waits_and_the_conversation_afterwards(
    client, published_post
):
    post = published_post(comment_mode="moderated")
    send(client, post, name="Ada")
    comment = Comment.objects.get()
    fragment, page = led_to(client, comment)
    assert fragment == f"comment-{comment.pk}"
    assert comment.pk in articles(page)
    assert Client().get(comment.get_absolute_url()).status_code == 404
    own_comments.withdraw(comment.pk)
    fragment, page = led_to(client, comment)
    assert fragment == "comments"
    assert page.select(".gone")
    assert Client().get(comment.get_absolute_url()).status_code == 404


def test_a_comment_held_again_leads_strangers_to_its_place(client, mia, published_post):
    post = published_post()
    send(client, post, name="Ada")
    comment = Comment.objects.get()
    say(post, comment)
    decisions.decide([comment.pk], "hold", mia)
    assert stored(comment).status == Status.PENDING
    for reader in (client, Client()):
        fragment, page = led_to(reader, comment)
        assert fragment == f"comment-{comment.pk}"
        assert ("tombstone" in articles(page)[comment.pk]["class"]) is (reader is not client)


def test_nothing_leads_into_a_hidden_conversation(client, mia, published_post):
    post = published_post()
    comment = say(post)
    say(post, comment)
    remove(comment, mia)
    type(post).objects.filter(pk=post.pk).update(comment_mode="hidden")
    assert client.get(comment.get_absolute_url()).status_code == 404


def test_anchors_lead_the_same_ways(client, mia, published_post):
    post = published_post(source="https://old.example.org", source_id="3")
    stone = say(post, source=post.source, source_id="1001")
    say(post, stone)
    gone = say(post, source=post.source, source_id="1002")
    decisions.decide([stone.pk, gone.pk], "remove", mia)
    anchor = f"{post.get_absolute_url()}anchor"
    for number in (stone.pk, 1001):
        found = client.get(f"{anchor}/{number}/")["Location"]
        assert found == f"{post.get_absolute_url()}#comment-{stone.pk}"
    for number in (gone.pk, 1002):
        found = client.get(f"{anchor}/{number}/")["Location"]
        assert soup(client.get(found)).select(".gone")
    assert client.get(f"{anchor}/1003/").status_code == 404


@pytest.mark.both_databases
def test_once_purged_a_comment_leads_to_the_conversation(client, mia, published_post):
    post = published_post(source="https://old.example.org", source_id="3")
    other = say(post)
    root = say(post, name="Nightjar", source=post.source, source_id="1002")
    below = say(post, root)
    decisions.decide([root.pk], "remove", mia)
    Comment.objects.purge(root)
    for comment in (root, below):
        fragment, page = led_to(client, comment)
        assert fragment == "comments"
        assert list(articles(page)) == [other.pk]
        assert GONE in page.select_one(".conversation .gone").text
    for number in (root.pk, below.pk, 1002):
        found = client.get(f"{post.get_absolute_url()}anchor/{number}/")["Location"]
        assert soup(client.get(found)).select(".gone")
        elsewhere = published_post().get_absolute_url()
        assert client.get(f"{elsewhere}anchor/{number}/").status_code == 404
    type(post).objects.filter(pk=post.pk).update(comment_mode="hidden")
    assert client.get(root.get_absolute_url()).status_code == 404
    assert client.get(f"{post.get_absolute_url()}anchor/1002/").status_code == 404


@pytest.mark.both_databases
def test_a_purged_comment_that_nobody_has_read_or_whose_post_is_gone_is_unknown(
    client, published_post
):
    post = published_post()
    waiting, read = say(post, status=Status.PENDING), say(post)
    for comment in (waiting, read):
        Comment.objects.purge(comment)
    assert client.get(waiting.get_absolute_url()).status_code == 404
    assert client.get(f"{post.get_absolute_url()}anchor/{waiting.pk}/").status_code == 404
    assert client.get(read.get_absolute_url()).status_code == 302
    post.delete()
    assert client.get(read.get_absolute_url()).status_code == 404


@pytest.mark.both_databases
def test_of_a_purged_comment_two_numbers_are_kept(published_post):
    post = published_post()
    comment = say(post, name="Nightjar", email="wren@example.org", body="The kettle.")
    Comment.objects.purge(comment)
    (row,) = RemovedSource.objects.filter(kind="comment").values()
    row.pop("id")
    assert row == {
        "kind": "comment",
        "source": "",
        "source_id": str(comment.pk),
        "post_id": post.pk,
    }


def test_the_address_in_the_feed_answers(client, mia, published_post):
    post = published_post()
    stone = say(post)
    say(post, stone)
    remove(stone, mia)
    assert stone.get_absolute_url() in client.get("/comments/feed/").text
    assert client.get(stone.get_absolute_url()).status_code == 302
    assert client.get(reply_url(stone)).status_code == 404

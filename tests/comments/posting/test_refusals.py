"""Refused comments: the text is given back, and nothing hidden is revealed."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from blog.models import Post
from comments.models import Comment, ConversationSettings
from comments.moderation import decisions
from comments.spam import pipeline
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import reply_url, send, text_of

pytestmark = pytest.mark.django_db
WORDS = "\n It took me – two days 🌱 <b>\n"


def given_back(response):
    page = BeautifulSoup(response.content, "html.parser")
    return text_of(page.select_one("textarea#kept"))


@pytest.mark.parametrize(
    "fields", [{"comment_mode": "closed"}, {"status": "archived"}, {"published_at": 2}]
)
def test_a_conversation_that_closed_meanwhile_gives_the_words_back(client, published_post, fields):
    if "published_at" in fields:
        ConversationSettings.objects.update(close_after_days=1)
        fields = {"published_at": timezone.now() - timedelta(days=2)}
    post = published_post(**fields)
    parent = say(post)
    for target in (post, parent):
        response = send(client, target, WORDS)
        assert response.status_code == 409
        assert "Comments are closed here." in response.text
        assert given_back(response) == WORDS
        assert post.get_absolute_url() in response.text
    assert Comment.objects.count() == 1


@pytest.fixture
def closes_during_checks(monkeypatch):
    """The owner closes all conversations while a comment is looked at."""
    run_checks = pipeline.run_checks

    def slowly(submission):
        ConversationSettings.objects.update(default_mode="closed")
        return run_checks(submission)

    monkeypatch.setattr(pipeline, "run_checks", slowly)


def test_a_conversation_that_closes_during_the_checks_gives_the_words_back(
    client, published_post, closes_during_checks
):
    ConversationSettings.objects.update(default_mode="open")
    response = send(client, published_post(comment_mode="default"), WORDS)
    assert response.status_code == 409
    assert given_back(response) == WORDS
    assert not Comment.objects.exists()


def hidden_posts(published_post):
    later = timezone.now() + timedelta(days=1)
    return [
        published_post(comment_mode="hidden"),
        published_post(status="draft", published_at=None),
        published_post(status="scheduled", published_at=later),
        published_post(kind="page"),
    ]


def test_a_hidden_conversation_answers_like_an_unknown_one(client, published_post):
    missing = Post(slug="never-written")
    expected = send(client, missing, WORDS)
    assert expected.status_code == 404
    assert given_back(expected) == WORDS
    for post in hidden_posts(published_post):
        for target in (post, say(post)):
            response = send(client, target, WORDS)
            assert response.status_code == 404
            assert response.text == expected.text
            assert post.title not in response.text
            assert post.slug not in response.text
            assert client.get(reply_url(target)).status_code == 404
    assert not Comment.objects.filter(name="Ada").exists()


def test_an_author_cannot_comment_on_their_own_draft(signed_in, alice, published_post):
    post = published_post(status="draft", published_at=None)
    assert send(signed_in(alice), post).status_code == 404
    assert not Comment.objects.exists()


@pytest.mark.parametrize("status", [Status.SPAM, Status.REMOVED, Status.WITHDRAWN])
def test_a_comment_that_is_no_longer_visible_takes_no_reply(client, published_post, status):
    parent = say(published_post(), status=status, body="Not for readers.", name="Unseen")
    Comment.objects.plain().filter(pk=parent.pk).update(approved_at=timezone.now())
    assert client.get(reply_url(parent)).status_code == 404
    response = send(client, parent, WORDS)
    assert response.status_code == 409
    assert given_back(response) == WORDS
    assert "You can still comment on the post." in response.text
    assert "Unseen" not in response.text
    assert "Not for readers." not in response.text
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("status", [Status.PENDING, Status.SPAM, Status.REMOVED, Status.WITHDRAWN])
def test_a_never_visible_comment_answers_like_an_unknown_one(client, published_post, status):
    parent = say(published_post(), status=status)
    missing = Comment(pk=parent.pk + 1000)
    for words in (WORDS, ""):
        expected, response = send(client, missing, words), send(client, parent, words)
        assert response.status_code == expected.status_code == 404
        assert response.text == expected.text
        assert given_back(response) == words if words else True
    assert Comment.objects.count() == 1


def test_a_writer_cannot_reply_to_their_own_held_comment(client, published_post):
    send(client, published_post())
    waiting = Comment.objects.get()
    assert client.get(reply_url(waiting)).status_code == 404
    assert send(client, waiting, WORDS).status_code == 409


def test_a_deleted_comment_takes_no_reply_and_the_words_come_back(client, published_post):
    parent = say(published_post())
    gone = Comment(pk=parent.pk)
    Comment.objects.purge(parent)
    response = send(client, gone, WORDS)
    assert response.status_code == 404
    assert given_back(response) == WORDS


def test_a_parent_removed_while_the_form_is_open_is_noticed(client, mia, published_post):
    parent = say(published_post())
    assert client.get(reply_url(parent)).status_code == 200
    decisions.decide([parent.pk], "remove", mia)
    assert send(client, parent, WORDS).status_code == 409


@pytest.mark.parametrize("number", ["0", "9" * 30, "9" * 5000])
def test_numbers_that_no_comment_has_are_not_found(client, number):
    for tail in ("", "thread/", "reply/", "after/1/"):
        assert client.get(f"/comments/{number}/{tail}").status_code == 404
    response = client.post(f"/comments/{number}/reply/", {"name": "Ada", "body": "x"})
    assert response.status_code == 404


def test_an_address_with_a_nul_is_not_found(client, published_post):
    for address in ("/posts/%00/reply/", "/posts/a%00/comments/feed/"):
        assert client.get(address).status_code == 404
    assert client.post("/posts/%00/reply/", {"name": "Ada", "body": "x"}).status_code == 404


def test_closed_conversations_say_so_instead_of_showing_a_form(client, published_post):
    response = client.get(reply_url(published_post(comment_mode="closed")))
    assert response.status_code == 403
    assert "You can’t comment here" in response.text
    assert "<form" not in response.text.split("<main")[1].split("</main>")[0]


def test_a_comment_sent_to_the_old_address_of_a_post_arrives(client, published_post):
    post = published_post()
    old = reply_url(post)
    post.slug = "a-new-address"
    post.save()
    response = client.post(old, {"name": "Ada", "body": "Still here."}, follow=True)
    assert response.status_code == 200
    assert Comment.objects.get().post_id == post.pk


def test_permalinks_refuse_post_requests(client, published_post):
    comment = say(published_post())
    for tail in ("", "thread/", f"after/{comment.pk}/"):
        assert client.post(f"{comment.get_absolute_url()}{tail}").status_code == 405

"""A page for a reader with an account is put together from what is kept, and never an old one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comments.guests import account_claims
from comments.models import Comment
from comments.moderation import decisions, locked_threads
from tests.comments.factories import say
from tests.comments.http import articles, send, visit

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.threads.page")]


@pytest.fixture
def post(published_post):
    return published_post(comment_mode="open")


@pytest.fixture
def reader(client, bob):
    client.force_login(bob)
    return client


def page(client, post, query=""):
    return visit(client, post.get_absolute_url() + query)


def own(client, post):
    """Return the keys of the comments that the page offers the reader to change."""
    found = articles(page(client, post)).items()
    return [key for key, tag in found if tag.select_one(".receipt-link")]


def test_no_comment_is_read_again_but_ones_own_that_wait(reader, post):
    reply = say(post, say(post))
    before = articles(page(reader, post))
    with CaptureQueriesContext(connection) as queries:
        assert articles(page(reader, post)).keys() == before.keys() == {reply.parent_id, reply.pk}
    about = [each["sql"] for each in queries if 'FROM "comments_comment"' in each["sql"]]
    assert len(about) == 1
    assert '"user_id" = ' in about[0]
    assert len(queries) <= 6


def test_every_order_and_page_is_kept_apart(reader, post):
    roots = [say(post).pk for _ in range(27)]
    for _ in "ab":
        assert list(articles(page(reader, post))) == roots[:25]
        assert list(articles(page(reader, post, "?page=2"))) == roots[25:]
        assert list(articles(page(reader, post, "?order=newest"))) == roots[:1:-1]
        assert reader.get(post.get_absolute_url() + "?page=3").status_code == 404


def test_each_change_shows_at_once(reader, mia, post):
    first = say(post)
    page(reader, post)
    second = say(post, first, body="A second word.")
    third = say(post)
    found = page(reader, post)
    assert list(articles(found)) == [first.pk, second.pk, third.pk]
    assert found.select_one(".conversation")["data-last"] == str(third.pk)
    decisions.decide([second.pk], "remove", mia)
    assert "A second word." not in page(reader, post).text
    assert reader.get(post.get_absolute_url()).text.count("/reply/") > 1
    locked_threads.lock(first.pk, mia)
    assert f"/comments/{first.pk}/reply/" not in reader.get(post.get_absolute_url()).text


def test_who_wrote_a_comment_of_a_kept_page_still_gets_it_as_theirs(reader, alice, post, bob):
    mine, theirs = say(post, user=bob, name=""), say(post)
    other = Client()
    other.force_login(alice)
    assert own(other, post) == []
    assert own(reader, post) == [mine.pk]
    guest = Client()
    send(guest, post)
    written = Comment.objects.get(name="Ada").pk
    for _ in "ab":
        assert own(other, post) == []
        assert own(guest, post) == [written]
        assert own(reader, post) == [mine.pk]
    assert theirs.pk in articles(page(reader, post))


def test_a_comment_that_an_account_claims_is_its_own_on_the_kept_page(reader, bob, post):
    comment = say(post)
    assert own(reader, post) == []
    assert account_claims.claim_by_link(bob, comment.pk)
    assert own(reader, post) == [comment.pk]


def test_an_empty_conversation_gets_its_first_comment(reader, post):
    for _ in "ab":
        assert not articles(page(reader, post))
    assert list(articles(page(reader, post))) == []
    first = say(post)
    assert list(articles(page(reader, post))) == [first.pk]

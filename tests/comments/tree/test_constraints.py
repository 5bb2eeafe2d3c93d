"""Database constraints: invalid rows are refused even when our code is bypassed."""

import pytest
from django.db import IntegrityError, connection, transaction

from comments.models import Comment, ConversationSettings
from comments.tree.status import Status
from tests.comments.factories import say, stored, write_by_hand

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.models.comment")]

ROOT = {
    "a root in another tree": {"tree_id": 999_999},
    "a root that does not begin its tree": {"lft": 2, "rght": 3},
    "a root with a level": {"level": 1},
    "no span": {"rght": 1},
    "a span before the beginning": {"lft": 0},
    "an approved comment without a date": {"approved_at": None},
    "an approved comment without words": {"body": ""},
    "a waiting comment without words": {"body": "", "status": 0},
    "a status that is none": {"status": 5},
    "a guest without a name": {"name": ""},
}
REPLY = {
    "a number on a reply": {"number": 7},
    "a reply too deep": {"level": 101},
}


@pytest.mark.parametrize("values", ROOT.values(), ids=ROOT)
def test_the_database_refuses_invalid_threads(published_post, values):
    refused(say(published_post()), values)


@pytest.mark.parametrize("values", REPLY.values(), ids=REPLY)
def test_the_database_refuses_invalid_replies(published_post, values):
    post = published_post()
    refused(say(post, say(post)), values)


def refused(comment, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        write_by_hand(comment.pk, **values)
    for name in values:
        assert getattr(stored(comment), name) == getattr(comment, name)


def test_a_comment_never_answers_itself(published_post):
    comment = say(published_post())
    refused(comment, {"parent_id": comment.pk})


def test_two_threads_of_a_post_never_share_a_number(published_post):
    post = published_post()
    say(post)
    refused(say(post), {"number": 1})


def test_two_comments_never_share_a_source_or_a_form(published_post):
    post = published_post()
    say(post, source="wordpress:a.example", source_id="1", submission="one")
    other = say(post, source="wordpress:a.example", source_id="2", submission="two")
    refused(other, {"source_id": "1"})
    refused(other, {"submission": "one"})
    assert say(post, source="wordpress:b.example", source_id="1").pk
    assert say(post).source == say(post).source == ""


@pytest.mark.parametrize("status", [Status.SPAM, Status.REMOVED, Status.WITHDRAWN])
def test_a_removed_comment_may_have_an_empty_text(published_post, status):
    comment = say(published_post(), status=status)
    write_by_hand(comment.pk, body="")
    assert stored(comment).body == ""


def test_an_unknown_parent_is_refused(published_post):
    write_by_hand(say(published_post(), status=Status.PENDING).pk, parent_id=999_999)
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.check_constraints()
    write_by_hand(Comment.objects.get().pk, parent_id=None)


def test_there_is_one_row_of_settings():
    ConversationSettings.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ConversationSettings.objects.bulk_create([ConversationSettings(pk=2)])
    assert Comment.objects.count() == 0

"""Decisions about comments: what each leads to, what is counted, numbered and written down."""

import pytest
from django.db import transaction

from blog.models import Post
from comments import moderation
from comments.log import AppendOnlyError
from comments.models import Comment, ModerationAction
from comments.status import Status

from .growing import differences, say

pytestmark = pytest.mark.django_db
PENDING, APPROVED, SPAM, REMOVED, WITHDRAWN = Status
# What each act makes of a comment that never was approved; None: it stays as it was.
TABLE = {
    "approve": [APPROVED, None, APPROVED, APPROVED, None],
    "spam": [SPAM, SPAM, None, SPAM, None],
    "remove": [REMOVED, REMOVED, REMOVED, None, None],
    "restore": [None, None, PENDING, PENDING, None],
    "hold": [None, PENDING, PENDING, PENDING, None],
    "keep": [PENDING, APPROVED, SPAM, REMOVED, None],
}
CASES = [
    (act, status, after)
    for act, results in TABLE.items()
    for status, after in zip(Status, results, strict=True)
]


def count(post):
    return Post.objects.get(pk=post.pk).comment_count


@pytest.mark.parametrize(("act", "status", "after"), CASES)
@pytest.mark.parametrize("below", [False, True], ids=["root", "reply"])
def test_every_act_on_every_status(mia, published_post, act, status, after, below):
    post = published_post()
    comment = say(post, say(post) if below else None, status=status)
    before = count(post)
    outcome = moderation.decide([comment.pk], act, mia, "because")
    assert outcome.changed == ([] if after is None else [comment.pk])
    assert outcome.unchanged == ([comment.pk] if after is None else [])
    now = Comment.objects.get(pk=comment.pk)
    assert now.status == (status if after is None else after)
    assert (now.number is not None) == (not below and APPROVED in {status, after})
    assert (now.approved_at is not None) == (APPROVED in {status, after})
    gained = 0 if after is None else (after == APPROVED) - (status == APPROVED)
    assert count(post) - before == gained
    rows = ModerationAction.objects.values_list(
        "comment", "comment_key", "who", "act", "from_status", "to_status", "reason"
    )
    expected = (comment.pk, comment.pk, mia.pk, act, status, after, "because")
    assert list(rows) == ([] if after is None else [expected])
    assert not differences()


@pytest.mark.parametrize("act", ["spam", "remove"])
def test_restoring_brings_back_what_was_there_before(mia, published_post, act):
    post = published_post()
    shown, waiting = say(post), say(post, status=PENDING)
    first_approved = shown.approved_at
    for step in (act, "restore"):
        moderation.decide([shown.pk, waiting.pk], step, mia)
    shown.refresh_from_db()
    waiting.refresh_from_db()
    assert (shown.status, waiting.status) == (APPROVED, PENDING)
    assert (shown.approved_at, shown.number) == (first_approved, 1)


def test_numbers_are_given_in_the_order_of_approval_and_never_twice(mia, published_post):
    post = published_post()
    first, second, third = (say(post, status=PENDING) for _ in range(3))

    def decide(comment, act):
        moderation.decide([comment.pk], act, mia)
        comment.refresh_from_db()
        return comment.number

    assert decide(second, "approve") == 1
    assert decide(first, "approve") == 2
    assert decide(first, "remove") == 2
    assert decide(third, "approve") == 3
    assert decide(first, "restore") == 2
    Comment.objects.purge(Comment.objects.get(pk=third.pk))
    assert say(post).number == 4
    assert say(published_post()).number == 1


def test_a_reply_has_no_number(mia, published_post):
    post = published_post()
    reply = say(post, say(post), status=PENDING)
    moderation.decide([reply.pk], "approve", mia)
    assert Comment.objects.get(pk=reply.pk).number is None


def test_the_second_of_two_moderators_is_told_that_it_was_decided(mia, owner, published_post):
    comment = say(published_post(), status=PENDING)
    assert moderation.decide([comment.pk], "approve", mia).changed == [comment.pk]
    assert moderation.decide([comment.pk], "approve", owner).unchanged == [comment.pk]
    assert ModerationAction.objects.get().who == mia


def test_what_cannot_be_decided_does_not_hinder_the_rest(mia, published_post):
    post = published_post()
    good, withdrawn = say(post, status=PENDING), say(post, status=WITHDRAWN)
    blank = say(post, status=REMOVED, body="")
    purged = say(post, status=PENDING)
    Comment.objects.purge(Comment.objects.get(pk=purged.pk))
    keys = [good.pk, withdrawn.pk, blank.pk, purged.pk, good.pk]
    outcome = moderation.decide(keys, "approve", mia)
    assert outcome.changed == [good.pk]
    assert sorted(outcome.unchanged) == sorted([withdrawn.pk, blank.pk, purged.pk])


@pytest.mark.parametrize("act", ["edit", "trust", "delete", "", None])
def test_an_act_that_is_no_decision_changes_nothing(mia, published_post, act):
    comment = say(published_post(), status=PENDING)
    with pytest.raises((KeyError, ValueError)):
        moderation.decide([comment.pk], act, mia)
    assert Comment.objects.get().status == PENDING
    assert not ModerationAction.objects.exists()


def test_a_decision_says_that_the_page_changed(mia, published_post):
    comment = say(published_post(), status=PENDING)
    before = Post.objects.get(pk=comment.post_id).touched_at
    moderation.decide([comment.pk], "approve", mia)
    assert Post.objects.get(pk=comment.post_id).touched_at > before


def test_an_old_copy_in_somebodys_hands_does_not_undo_a_decision(mia, published_post):
    comment = say(published_post(), status=PENDING)
    copy = Comment.objects.get(pk=comment.pk)
    moderation.decide([comment.pk], "remove", mia)
    copy.body = "Other words."
    copy.save(update_fields=["body"])
    assert Comment.objects.get(pk=comment.pk).status == REMOVED


def test_the_log_is_only_ever_added_to(mia, published_post):
    comment = say(published_post(), status=PENDING)
    moderation.decide([comment.pk], "approve", mia)
    entry = ModerationAction.objects.get()
    entry.reason = "another"
    attempts = [
        entry.save,
        entry.delete,
        ModerationAction.objects.all().delete,
        lambda: ModerationAction.objects.update(reason="another"),
        lambda: ModerationAction.objects.bulk_update([entry], ["reason"]),
        lambda: ModerationAction.objects.update_or_create({"reason": "x"}, pk=entry.pk),
    ]
    for attempt in attempts:
        with pytest.raises(AppendOnlyError), transaction.atomic():
            attempt()
    entry.refresh_from_db()
    assert entry.reason == ""


def test_the_log_stays_when_the_comment_goes_and_says_nothing_of_its_words(mia, published_post):
    comment = say(published_post(), status=PENDING, body="Unsaid words.", name="Nightjar")
    key = comment.pk
    moderation.decide([key], "remove", mia)
    Comment.objects.purge(Comment.objects.get(pk=key))
    entry = ModerationAction.objects.get()
    assert (entry.comment, entry.comment_key, entry.who) == (None, key, mia)
    kept = str(vars(entry)) + str(entry)
    assert "Unsaid" not in kept
    assert "Nightjar" not in kept

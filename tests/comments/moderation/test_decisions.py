"""Moderation decisions: status changes, counts, thread numbers and the audit log."""

import pytest
from django.db import transaction

from blog.models import Post
from comments.models import Comment, ModerationAction
from comments.models.audit_log import AppendOnlyError
from comments.moderation import decisions
from comments.tree.status import Status
from tests.comments.factories import differences, say

pytestmark = pytest.mark.django_db
PENDING, APPROVED, SPAM, REMOVED, WITHDRAWN = Status
# The status after each action on a never approved comment; None: unchanged.
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
def test_every_action_on_every_status(mia, published_post, act, status, after, below):
    post = published_post()
    comment = say(post, say(post) if below else None, status=status)
    before = count(post)
    outcome = decisions.decide([comment.pk], act, mia, "because")
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
def test_restoring_returns_to_the_previous_status(mia, published_post, act):
    post = published_post()
    shown, waiting = say(post), say(post, status=PENDING)
    first_approved = shown.approved_at
    for step in (act, "restore"):
        decisions.decide([shown.pk, waiting.pk], step, mia)
    shown.refresh_from_db()
    waiting.refresh_from_db()
    assert (shown.status, waiting.status) == (APPROVED, PENDING)
    assert (shown.approved_at, shown.number) == (first_approved, 1)


def test_threads_are_numbered_in_the_order_of_approval_and_never_twice(mia, published_post):
    post = published_post()
    first, second, third = (say(post, status=PENDING) for _ in range(3))

    def decide(comment, act):
        decisions.decide([comment.pk], act, mia)
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
    decisions.decide([reply.pk], "approve", mia)
    assert Comment.objects.get(pk=reply.pk).number is None


def test_the_second_moderator_is_told_that_the_comment_was_decided(mia, owner, published_post):
    comment = say(published_post(), status=PENDING)
    assert decisions.decide([comment.pk], "approve", mia).changed == [comment.pk]
    assert decisions.decide([comment.pk], "approve", owner).unchanged == [comment.pk]
    assert ModerationAction.objects.get().who == mia


def test_an_undecidable_comment_does_not_block_the_others(mia, published_post):
    post = published_post()
    good, withdrawn = say(post, status=PENDING), say(post, status=WITHDRAWN)
    blank = say(post, status=REMOVED, body="")
    purged = say(post, status=PENDING)
    Comment.objects.purge(Comment.objects.get(pk=purged.pk))
    keys = [good.pk, withdrawn.pk, blank.pk, purged.pk, good.pk]
    outcome = decisions.decide(keys, "approve", mia)
    assert outcome.changed == [good.pk]
    assert sorted(outcome.unchanged) == sorted([withdrawn.pk, blank.pk, purged.pk])


@pytest.mark.parametrize("act", ["edit", "trust", "delete", "", None])
def test_an_unknown_action_changes_nothing(mia, published_post, act):
    comment = say(published_post(), status=PENDING)
    with pytest.raises((KeyError, ValueError)):
        decisions.decide([comment.pk], act, mia)
    assert Comment.objects.get().status == PENDING
    assert not ModerationAction.objects.exists()


def test_a_decision_invalidates_the_page(mia, published_post):
    comment = say(published_post(), status=PENDING)
    before = Post.objects.get(pk=comment.post_id).touched_at
    decisions.decide([comment.pk], "approve", mia)
    assert Post.objects.get(pk=comment.post_id).touched_at > before


def test_saving_a_stale_comment_does_not_undo_a_decision(mia, published_post):
    comment = say(published_post(), status=PENDING)
    copy = Comment.objects.get(pk=comment.pk)
    decisions.decide([comment.pk], "remove", mia)
    copy.body = "Other words."
    copy.save(update_fields=["body"])
    assert Comment.objects.get(pk=comment.pk).status == REMOVED


def test_the_log_is_append_only(mia, published_post):
    comment = say(published_post(), status=PENDING)
    decisions.decide([comment.pk], "approve", mia)
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


def test_the_log_outlives_the_comment_and_contains_none_of_its_text(mia, published_post):
    comment = say(published_post(), status=PENDING, body="Unsaid words.", name="Nightjar")
    key = comment.pk
    decisions.decide([key], "remove", mia)
    Comment.objects.purge(Comment.objects.get(pk=key))
    entry = ModerationAction.objects.get()
    assert (entry.comment, entry.comment_key, entry.who) == (None, key, mia)
    kept = str(vars(entry)) + str(entry)
    assert "Unsaid" not in kept
    assert "Nightjar" not in kept

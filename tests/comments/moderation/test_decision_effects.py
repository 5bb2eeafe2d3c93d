"""Effects of a decision besides the status: reports, care, and concurrent decisions."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.audit_log import history
from comments.care import cases
from comments.models import Comment, ModerationAction, Report
from comments.models.hold_reasons import HoldReason
from comments.moderation import content_notes, decisions
from comments.posting import own_comments
from comments.tree.status import Status
from tests.comments.factories import differences, say, stored

pytestmark = pytest.mark.django_db
ACTS = ["approve", "hold", "spam", "remove", "restore", "keep"]
# A status in which each action is possible.
FROM = dict(zip(ACTS, [0, 1, 1, 1, 3, 1], strict=True))


def report(comment, **fields):
    fields = {"reason": Report.Reason.UNKIND, "network": f"n{Report.objects.count()}", **fields}
    return Report.objects.create(comment=comment, **fields)


def said(outcome, comment):
    assert outcome.changed == []
    assert outcome.actions == {}
    return " ".join(outcome.sentences[comment.pk].split())


@pytest.mark.parametrize("act", ACTS)
def test_every_decision_resolves_the_open_reports_of_that_comment_alone(mia, published_post, act):
    post = published_post()
    comment, other = say(post, status=FROM[act]), say(post)
    mine, before, elsewhere = report(comment), report(comment), report(other)
    Report.objects.filter(pk=before.pk).update(settled_at="2020-01-01 12:00Z")
    outcome = decisions.decide([comment.pk], act, mia)
    assert outcome.actions == {comment.pk: ModerationAction.objects.get().pk}
    mine.refresh_from_db()
    assert mine.settled_at == ModerationAction.objects.get().created_at
    assert Report.objects.get(pk=before.pk).settled_at.year == 2020
    assert list(Report.objects.open()) == [elsewhere]


def test_a_comment_held_by_a_person_waits_in_the_usual_lane_with_a_reason(mia, published_post):
    comment = say(published_post())
    Comment.objects.filter(pk=comment.pk).update(queue_priority=Comment.QueuePriority.SUSPECT)
    decisions.decide([comment.pk], "hold", mia)
    now = stored(comment)
    assert (now.status, now.queue_priority) == (Status.PENDING, Comment.QueuePriority.USUAL)
    assert now.held_because == HoldReason.BY_PERSON
    assert not differences()


def test_a_held_comment_in_care_stays_in_care(mia, published_post):
    comment = say(published_post())
    cases.open_case(comment, "a phrase")
    decisions.decide([comment.pk], "hold", mia)
    assert stored(comment).queue_priority == Comment.QueuePriority.CARE


def test_a_comment_in_care_cannot_be_spam_until_the_case_is_closed(mia, published_post):
    comment = say(published_post(), status=Status.PENDING)
    case = cases.open_case(comment, "a phrase")
    assert "is in Care" in said(decisions.decide([comment.pk], "spam", mia), comment)
    assert stored(comment).status == Status.PENDING
    for act in ("approve", "remove", "restore", "hold"):
        decisions.decide([comment.pk], act, mia)
        case.refresh_from_db()
        assert (case.closed_at, stored(comment).queue_priority) == (
            None,
            Comment.QueuePriority.CARE,
        )
    case.closed_at = timezone.now()
    case.save()
    assert decisions.decide([comment.pk], "spam", mia).changed == [comment.pk]


def test_a_bulk_spam_decision_skips_only_comments_in_care(mia, published_post):
    post = published_post()
    dear, advert = (say(post, status=Status.PENDING) for _ in range(2))
    cases.open_case(dear, "a phrase")
    outcome = decisions.decide([dear.pk, advert.pk], "spam", mia)
    assert (outcome.changed, outcome.unchanged) == ([advert.pk], [dear.pk])


# -- what was there before ---------------------------------------------------------------


def test_restoring_an_unread_edit_holds_the_comment(mia, published_post):
    comment = say(published_post(comment_mode="moderated"))
    own_comments.edit(comment.pk, "Other words.")
    for act in ("remove", "spam", "restore"):
        decisions.decide([comment.pk], act, mia)
    assert stored(comment).status == Status.PENDING


def test_restoring_an_edit_that_was_approved_shows_the_comment(mia, published_post):
    comment = say(published_post(comment_mode="moderated"))
    own_comments.edit(comment.pk, "Other words.")
    for act in ("approve", "remove", "restore"):
        decisions.decide([comment.pk], act, mia)
    assert stored(comment).status == Status.APPROVED


@pytest.mark.parametrize("act", ["approve", "hold", "restore"])
def test_an_emptied_comment_cannot_be_restored(mia, published_post, act):
    comment = say(published_post(), status=Status.REMOVED, body="")
    assert "no longer has any text" in said(decisions.decide([comment.pk], act, mia), comment)
    assert stored(comment).status == Status.REMOVED


# -- concurrent decisions ----------------------------------------------------------------

WORDS = {
    "approve": "Mia approved it",
    "hold": "Mia held it",
    "spam": "Mia marked it as spam",
    "remove": "Mia removed it",
    "restore": "Mia restored it",
    "keep": "Mia reviewed it",
}


@pytest.mark.parametrize("act", ACTS)
def test_the_second_moderator_is_told_who_decided_and_when(mia, owner, published_post, act):
    comment = say(published_post(), status=FROM[act])
    decisions.decide([comment.pk], act, mia, "the first reason")
    with time_machine.travel(timezone.now() + timedelta(seconds=90), tick=False):
        again = decisions.decide([comment.pk], act, owner, "the second reason")
    sentence = said(again, comment)
    assert sentence.startswith(WORDS[act])
    assert "1 minute ago" in sentence
    assert ModerationAction.objects.get().reason == "the first reason"


def test_a_decision_on_an_outdated_state_changes_nothing(mia, owner, published_post):
    comment = say(published_post(), status=Status.PENDING)
    seen = history.newest_actions([comment.pk])
    assert decisions.decide([comment.pk], "approve", mia, versions=seen).changed
    late = decisions.decide([comment.pk], "remove", owner, versions=seen)
    assert said(late, comment) == "Mia approved it just now."
    assert stored(comment).status == Status.APPROVED
    again = decisions.decide(
        [comment.pk], "remove", owner, versions=history.newest_actions([comment.pk])
    )
    assert again.changed == [comment.pk]


def test_a_decision_on_an_outdated_text_asks_to_read_the_new_one(mia, published_post):
    comment = say(published_post(), status=Status.PENDING)
    seen = history.newest_actions([comment.pk])
    own_comments.edit(comment.pk, "Other words.")
    outcome = decisions.decide([comment.pk], "approve", mia, versions=seen)
    assert "has edited it in the meantime" in said(outcome, comment)
    assert stored(comment).status == Status.PENDING


def test_changes_besides_text_and_status_block_no_decision(mia, owner, published_post):
    comment = say(published_post(), status=Status.PENDING)
    seen = history.newest_actions([comment.pk])
    note = next(iter(content_notes.choices()))
    content_notes.change(comment.pk, note, owner)
    cases.open_case(comment, "a phrase")
    assert decisions.decide([comment.pk], "approve", mia, versions=seen).changed


@pytest.mark.parametrize("act", ACTS)
def test_a_withdrawn_comment_cannot_be_decided(mia, published_post, act):
    comment = say(published_post(), status=FROM[act])
    seen = history.newest_actions([comment.pk])
    own_comments.withdraw(comment.pk)
    for options in ({}, {"versions": seen}):
        outcome = decisions.decide([comment.pk], act, mia, **options)
        assert "has deleted this comment" in said(outcome, comment)
    assert stored(comment).status == Status.WITHDRAWN


@pytest.mark.parametrize("act", ACTS)
def test_a_deleted_comment_cannot_be_decided(mia, published_post, act):
    comment = say(published_post())
    Comment.objects.purge(comment)
    assert "no longer exists" in said(decisions.decide([comment.pk], act, mia), comment)


def test_a_comment_can_be_kept_again_after_a_new_report_or_an_edit(mia, published_post):
    comment = say(published_post(comment_mode="open"))

    def keep():
        return bool(decisions.decide([comment.pk], "keep", mia).changed)

    assert [keep(), keep()] == [True, False]
    report(comment)
    assert [keep(), keep()] == [True, False]
    own_comments.edit(comment.pk, "Other words.")
    assert [keep(), keep()] == [True, False]


def test_a_comment_that_is_only_held_is_described_as_held(client, mia, published_post):
    comment = say(published_post(), status=Status.PENDING)
    assert "This comment already has that status." in said(
        decisions.decide([comment.pk], "hold", mia), comment
    )


def test_deciding_about_many_costs_the_same_for_each(mia, published_post):
    post, costs = published_post(), []
    for count in (1, 2, 3):
        keys = [say(post, status=Status.PENDING).pk for _ in range(count)]
        with CaptureQueriesContext(connection) as captured:
            decisions.decide(keys, "approve", mia)
        costs.append(len(captured))
    assert costs[2] / 3 == costs[1] / 2

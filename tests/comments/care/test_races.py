"""Concurrent actions on care cases: one comes first, and nothing breaks."""

import pytest

from comments.care import alerts, cases
from comments.models import CareCase, ModerationAction
from comments.moderation import decisions
from comments.posting import own_comments
from comments.tree.status import QueuePriority, Status
from tests.comments.care_cases import WORDS, switch_on, told, worry
from tests.comments.factories import differences, say, stored
from tests.threads import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases("comments.care.alerts"),
]
ROUNDS = 6


def acts(comment):
    rows = ModerationAction.objects.filter(comment=comment).order_by("pk")
    return list(rows.values_list("act", flat=True))


def test_of_two_simultaneous_closes_one_succeeds(published_post, mia, owner):
    for _ in range(ROUNDS):
        case = worry(say(published_post()))
        closed = at_once(
            lambda case=case: cases.close_case(case.pk, mia, "mine", "answered"),
            lambda case=case: cases.close_case(case.pk, owner, "hers", "otherwise"),
        )
        assert sorted(closed) == [False, True]
        case.refresh_from_db()
        first = closed.index(True)
        assert case.closed_by == (mia, owner)[first]
        assert case.note == ("mine", "hers")[first]
        assert acts(case.comment) == ["care", "close-care"]


def test_an_edit_during_a_close_leaves_the_status_consistent_with_the_case(published_post, mia):
    switch_on()
    for _ in range(ROUNDS):
        comment = say(published_post(comment_mode="open"), body=WORDS, status=Status.PENDING)
        case = worry(comment)
        at_once(
            lambda case=case: cases.close_case(case.pk, mia, version=0),
            lambda comment=comment: own_comments.edit(comment.pk, f"{WORDS} Still."),
        )
        is_open = CareCase.objects.open().filter(comment=comment.pk).exists()
        assert (stored(comment).queue_priority == QueuePriority.CARE) == is_open
        assert is_open  # the edit had the phrase, before or after the close: somebody looks again
        assert not differences()


def test_a_withdrawal_during_a_close_keeps_no_text_for_good(published_post, mia):
    for _ in range(ROUNDS):
        comment = say(published_post())
        case = worry(comment)
        at_once(
            lambda case=case: cases.close_case(case.pk, mia),
            lambda comment=comment: own_comments.withdraw(comment.pk),
        )
        assert stored(comment).status == Status.WITHDRAWN
        assert not CareCase.objects.exclude(kept_words="").exists()
        assert stored(comment).queue_priority == QueuePriority.USUAL


def test_spam_and_worry_at_the_same_moment_leave_the_case_open(published_post, mia):
    for _ in range(ROUNDS):
        comment = say(published_post())
        outcome, case = at_once(
            lambda comment=comment: decisions.decide([comment.pk], "spam", mia),
            lambda comment=comment: worry(comment),
        )
        assert CareCase.objects.open().filter(pk=case.pk).exists()
        assert stored(comment).queue_priority == QueuePriority.CARE
        assert outcome.changed in ([], [comment.pk])


def test_simultaneous_workers_alert_each_person_once(published_post, mia, owner):
    for _ in range(3):
        worry(say(published_post()))
    at_once(*[alerts.do_due] * 4)
    assert sorted(told()) == ["mia"] * 3 + ["owner"] * 3

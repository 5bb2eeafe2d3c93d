"""Opening, handing over and closing care cases. Only a person closes one.

The audit log records who opened, handed over or closed a case, and never quotes the comment.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.mail import outbox
from accounts.models import User
from comments.audit_log import history
from comments.care import rota
from comments.models import CareCase, Comment, ConversationSettings, Report, audit_log
from comments.models.care import LONGEST_WHY, NOTHING_KEPT, Decision
from comments.models.reports import Reason
from comments.spam import text_checks
from comments.tree.transactions import in_transaction

Act = audit_log.Act
# How long the text of a withdrawn comment is kept for moderators, at most.
KEPT = timedelta(days=7)


def open_case(comment: Comment, why: str, who: User | None = None) -> CareCase:
    """Open a care case for a comment, or return the one that is open.

    ``why`` is for moderators, ``who`` the moderator who opens it, if one does. If the comment
    contains a care phrase, its writer is shown the help text from now on; they never learn that
    somebody else worried. Call it under the thread's lock, or in the transaction that stores the
    comment.
    """
    words = (comment.writer_name, comment.body)
    helps = bool(text_checks.matching_phrases(ConversationSettings.get(), *words))
    case, is_new = CareCase.objects.get_or_create(
        comment_id=comment.pk,
        closed_at=None,
        defaults={"why": str(why)[:LONGEST_WHY], "shows_help": helps},
    )
    if is_new:
        Comment.objects.filter(pk=comment.pk).update(queue_priority=Comment.QueuePriority.CARE)
        audit_log.add_action(comment, Act.CARE, who)
    elif helps and not case.shows_help:
        CareCase.objects.filter(pk=case.pk).update(shows_help=True)
    return case


def keep_words(comment: Comment) -> None:
    """Keep the text of a comment for moderators before it is deleted, if it has an open case.

    For withdrawal and erasure alike; call it under the thread's lock. The text stays until the
    case is closed, for KEPT at most.
    """
    if comment.body:
        CareCase.objects.open().filter(comment=comment.pk).update(
            kept_words=comment.body, kept_until=timezone.now() + KEPT
        )


def release_words(key: int) -> None:
    """Drop the kept text of the comment with this key: it was put back."""
    CareCase.objects.open().filter(comment=key).update(kept_words="", kept_until=None)


def kept_until(key: int) -> datetime | None:
    """Return until when the text of a withdrawn comment is kept at most, or None."""
    return (
        CareCase.objects.open()
        .filter(comment=key, kept_until__isnull=False)
        .values_list("kept_until", flat=True)
        .first()
    )


def has_open_case(key: int) -> bool:
    """Return whether the comment with this key has an open care case."""
    return CareCase.objects.open().filter(comment=key).exists()


def cases_of(comments: Iterable[Comment]) -> dict[int, CareCase]:
    """Return ``{comment key: open CareCase}``, in one query."""
    cases = CareCase.objects.open().filter(comment__in=[comment.pk for comment in comments])
    return {case.comment_id: case for case in cases.select_related("handed_to")}


def earlier_of(comments: Iterable[Comment]) -> dict[int, list[CareCase]]:
    """Return ``{comment key: [closed CareCase]}``, the newest first, in one query."""
    closed = CareCase.objects.filter(
        comment__in=[comment.pk for comment in comments], closed_at__isnull=False
    )
    earlier = {}
    for case in closed.select_related("closed_by").order_by("-closed_at", "-pk"):
        earlier.setdefault(case.comment_id, []).append(case)
    return earlier


def hand_over(key: int, to: User, who: User) -> bool:
    """Hand an open case (its key) to a colleague, who is mailed at once without its text.

    The second contact's time begins anew. Returns whether it was handed over: not if it is closed
    or theirs already, or if they do not moderate here.
    """
    return in_transaction(lambda: _hand_over(key, to, who))


def _hand_over(key, to, who):
    case = _locked(key)
    if case is None or case.handed_to_id == to.pk or not to.has_perm(rota.MODERATES):
        return False
    wait = timedelta(minutes=ConversationSettings.get().care_second_after)
    now, notified = timezone.now(), rota.reachable([to])
    CareCase.objects.filter(pk=key).update(
        handed_to=to,
        # If no mail reaches them, whoever is on duty is still alerted.
        told_at=case.told_at or (now if notified else None),
        second_due_at=now + wait,
        second_alerted_at=None,
    )
    action = audit_log.add_action(case.comment, Act.HAND_OVER, who)
    for address in notified.values():
        once = f"care:{key}:handed:{action.pk}"
        outbox.enqueue("please_look", address, once=once, case=key, handed_to=to.pk)
    return True


def close_case(
    key: int, who: User, note: str = "", decision: str = "", version: int | None = None
) -> bool:
    """Close an open case (its key), with what was done and a note for moderators.

    ``decision`` is one of ``Decision`` or empty. ``version``: the newest act about the comment
    when the page was rendered (:func:`history.newest_actions`); if it changed since, the case
    stays open. Kept text and the reason are deleted, readers' worries settled. Returns whether
    this call closed it. Raises ValueError for another decision.
    """
    decision = Decision(decision) if decision else ""
    return in_transaction(lambda: _close(key, who, note, decision, version))


def _close(key, who, note, decision, version):
    case = _locked(key)
    if case is None or version not in {
        None,
        history.newest_actions([case.comment_id])[case.comment_id],
    }:
        return False
    now = timezone.now()
    CareCase.objects.filter(pk=key).update(
        closed_at=now,
        closed_by=who,
        decision=decision,
        note=note,
        **NOTHING_KEPT,
    )
    Comment.objects.filter(pk=case.comment_id).update(queue_priority=Comment.QueuePriority.USUAL)
    worries = Report.objects.open().filter(comment=case.comment_id, reason=Reason.WORRIED)
    worries.update(settled_at=now)
    audit_log.add_action(case.comment, Act.CLOSE_CARE, who)
    return True


def _locked(key):
    """Return the open case with this key and its comment, the thread locked; None if closed."""
    comment = CareCase.objects.filter(pk=key).values_list("comment_id", flat=True).first()
    try:
        Comment.objects.lock_threads(comment)
    except Comment.DoesNotExist:
        return None
    return CareCase.objects.open().select_related("comment").filter(pk=key).first()

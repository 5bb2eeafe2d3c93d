"""Into the care lane and out of it. Only a person takes something off it.

The log says that somebody entered, handed over or closed, and never which words it was about.
"""

from datetime import timedelta

from django.utils import timezone

from accounts.mail import outbox
from comments.audit_log import history
from comments.care import rota
from comments.models import CareCase, Comment, ConversationSettings, Report, audit_log
from comments.models.care import LONGEST_WHY, NOTHING_KEPT, Decision
from comments.models.reports import Reason
from comments.spam import text_checks
from comments.tree.transactions import in_transaction

Act = audit_log.Act
# How long words that were taken back are kept for who has to decide, at most.
KEPT = timedelta(days=7)


def open_case(comment, why, who=None):
    """Put a comment into the care lane; one that is in it already stays in it.

    ``why`` is what moderators read, ``who`` the moderator who did it, if one did. If one of the
    care phrases stands in the comment, its writer is shown the help text from now on; of another's
    worry she learns nothing. Call it under the thread's lock, or in the transaction that stores the
    comment. Returns the open ``CareCase``.
    """
    words = (comment.writer_name, comment.body)
    helps = bool(text_checks.matching_phrases(ConversationSettings.get(), *words))
    case, is_new = CareCase.objects.get_or_create(
        comment_id=comment.pk,
        closed_at=None,
        defaults={"why": str(why)[:LONGEST_WHY], "shows_help": helps},
    )
    if is_new:
        Comment.objects.filter(pk=comment.pk).update(lane=Comment.Lane.CARE)
        audit_log.add_action(comment, Act.CARE, who)
    elif helps and not case.shows_help:
        CareCase.objects.filter(pk=case.pk).update(shows_help=True)
    return case


def keep_words(comment):
    """Keep words that are about to go for who has to decide, if the comment is in the lane.

    For taking back and for erasure alike; call it under the thread's lock, before they go. They
    stay until a person closes the case, KEPT at most.
    """
    if comment.body:
        CareCase.objects.open().filter(comment=comment.pk).update(
            kept_words=comment.body, kept_until=timezone.now() + KEPT
        )


def release_words(key):
    """Keep the words of the comment of this key no longer: they stand in it again."""
    CareCase.objects.open().filter(comment=key).update(kept_words="", kept_until=None)


def kept_until(key):
    """Return until when the words of a comment that was taken back are kept at most, or None."""
    return (
        CareCase.objects.open()
        .filter(comment=key, kept_until__isnull=False)
        .values_list("kept_until", flat=True)
        .first()
    )


def has_open_case(key):
    """Return whether the comment of this key is in the care lane."""
    return CareCase.objects.open().filter(comment=key).exists()


def cases_of(comments):
    """Return ``{key: open CareCase}`` of these comments, in one query."""
    found = CareCase.objects.open().filter(comment__in=[each.pk for each in comments])
    return {case.comment_id: case for case in found.select_related("handed_to")}


def earlier_of(comments):
    """Return ``{key: [closed CareCase]}`` of these comments, the newest first, in one query."""
    closed = CareCase.objects.filter(
        comment__in=[each.pk for each in comments], closed_at__isnull=False
    )
    earlier = {}
    for case in closed.select_related("closed_by").order_by("-closed_at", "-pk"):
        earlier.setdefault(case.comment_id, []).append(case)
    return earlier


def hand_over(key, to, who):
    """Hand an open case to a colleague, who is told by a mail without words, at once.

    ``key`` is the case's, ``to`` and ``who`` are accounts. The second contact's time begins anew.
    Returns whether it was handed over: not if it is closed or hers already, or if she does not
    moderate here.
    """
    return in_transaction(lambda: _hand_over(key, to, who))


def _hand_over(key, to, who):
    case = _locked(key)
    if case is None or case.handed_to_id == to.pk or not to.has_perm(rota.MODERATES):
        return False
    wait = timedelta(minutes=ConversationSettings.get().care_second_after)
    now, told = timezone.now(), rota.reachable([to])
    CareCase.objects.filter(pk=key).update(
        handed_to=to,
        # Whom no mail reaches has not been told: who is on duty still is.
        told_at=case.told_at or (now if told else None),
        second_due_at=now + wait,
        second_alerted_at=None,
    )
    action = audit_log.add_action(case.comment, Act.HAND_OVER, who)
    for address in told.values():
        once = f"care:{key}:handed:{action.pk}"
        outbox.enqueue("please_look", address, once=once, case=key, handed_to=to.pk)
    return True


def close_case(key, who, note="", decision="", seen=None):
    """Close an open case, with what was done and a note that only moderators read.

    ``key`` is the case's, ``decision`` one of ``Decision`` or nothing. ``seen``: the newest act
    about the comment that the page knew of (:func:`decided.newest`); if the writer changed her
    words since, somebody has to read them first. What was kept of the words is deleted, the reason
    too, and readers' worries are answered by it. Returns whether it was closed now: of two people
    who do it at once, one did. Raises ValueError for another decision.
    """
    decision = Decision(decision) if decision else ""
    return in_transaction(lambda: _close(key, who, note, decision, seen))


def _close(key, who, note, decision, seen):
    case = _locked(key)
    if case is None or seen not in {
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
    Comment.objects.filter(pk=case.comment_id).update(lane=Comment.Lane.USUAL)
    worries = Report.objects.open().filter(comment=case.comment_id, reason=Reason.WORRIED)
    worries.update(settled_at=now)
    audit_log.add_action(case.comment, Act.CLOSE_CARE, who)
    return True


def _locked(key):
    """Return the open case of this key with its comment, the thread locked; None if it is closed.

    What happens to its comment in the meantime waits, and so does another who closes it.
    """
    comment = CareCase.objects.filter(pk=key).values_list("comment_id", flat=True).first()
    try:
        Comment.objects.lock_threads(comment)
    except Comment.DoesNotExist:
        return None
    return CareCase.objects.open().select_related("comment").filter(pk=key).first()

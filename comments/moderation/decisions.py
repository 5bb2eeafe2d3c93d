"""Moderation decisions: approve, hold, mark as spam, remove, restore or keep; and undoing them.

Each decision locks the thread, rereads the comment, changes its status and the counts, settles its
reports and writes one row of the audit log. When two people decide at once, the second changes
nothing and is told what the first one did. A withdrawn comment stays withdrawn.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from accounts.refusal import Refused
from comments.audit_log import history
from comments.models import CareCase, Comment, ModerationAction, Report, audit_log
from comments.models.hold_reasons import HoldReason
from comments.moderation import emails
from comments.moderation import undo as moderation_undo
from comments.publication import change_status
from comments.tree.transactions import in_transaction

Act = ModerationAction.Act
QueuePriority, Status = Comment.QueuePriority, Comment.Status
# How long a decision can be undone before the mails it causes leave.
UNDO_WINDOW = timedelta(seconds=20)
# The states each act may start from; RESTORE returns the comment to its state before, KEEP
# leaves it as it is.
MAY_FOLLOW = {
    Act.APPROVE: {Status.PENDING, Status.SPAM, Status.REMOVED},
    Act.HOLD: {Status.APPROVED, Status.SPAM, Status.REMOVED},
    Act.SPAM: {Status.PENDING, Status.APPROVED, Status.REMOVED},
    Act.REMOVE: {Status.PENDING, Status.APPROVED, Status.SPAM},
    Act.RESTORE: {Status.SPAM, Status.REMOVED},
    Act.KEEP: {Status.PENDING, Status.APPROVED, Status.SPAM, Status.REMOVED},
}
NEEDED = "status approved_at post_id body source source_id user_id disowned queue_priority".split()
LEADS_TO = {
    Act.APPROVE: Status.APPROVED,
    Act.HOLD: Status.PENDING,
    Act.SPAM: Status.SPAM,
    Act.REMOVE: Status.REMOVED,
}
# Not shown to readers, so they may have no text.
OUT_OF_SIGHT = {Status.SPAM, Status.REMOVED}


@dataclass
class DecisionResult:
    """Keys of the comments that a decision changed, and of those it left unchanged.

    ``actions`` is ``{comment key: audit log key}`` of the changed ones; ``sentences`` says why each
    of the others is unchanged: who decided about it before, and when.
    """

    changed: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    actions: dict[int, int] = field(default_factory=dict)
    sentences: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DecisionRequest:
    """What a moderator asks for; ``tell``: whether to mail the writer, None for the default."""

    act: Act
    who: User
    reason: str = ""
    mails_due_at: datetime | None = None
    tell: bool | None = None


def decide(
    keys: Iterable[int],
    act: str,
    who: User,
    reason: str = "",
    mails_due_at: datetime | None = None,
    *,
    tell: bool | None = None,
    versions: Mapping[int, int] | None = None,
) -> DecisionResult:
    """Apply one act to each of these comments.

    ``act`` is one of MAY_FOLLOW; ``mails_due_at`` is when the resulting mails may leave, None for
    at once. ``tell``: whether to mail the writer about SPAM and REMOVE, if they have a verified
    address; None: about REMOVE alone. ``versions`` is ``{key: newest act}`` from
    :func:`history.newest_actions` when the page was rendered: comments changed since, gone, or
    without text left to show stay unchanged. Raises KeyError or ValueError for another act.
    """
    decision = DecisionRequest(Act(act), who, reason, mails_due_at, tell)
    allowed = MAY_FOLLOW[decision.act]
    outcome = DecisionResult()
    for key in sorted(set(keys)):
        known = None if versions is None else versions.get(key)
        try:
            outcome.actions[key] = in_transaction(
                lambda key=key, known=known: _decide(key, decision, allowed, known)
            )
            outcome.changed.append(key)
        except Refused as refusal:
            outcome.unchanged.append(key)
            outcome.sentences[key] = str(refusal)
    return outcome


def _decide(key, decision, allowed, known):
    try:
        tree = Comment.objects.lock_threads(key)[key]
    except Comment.DoesNotExist:
        raise Refused(history.GONE) from None
    comment = Comment.objects.only(*NEEDED).get(pk=key)
    before, after = comment.status, _result(comment, decision.act)
    if before not in allowed or (known is not None and history.newest_actions([key])[key] != known):
        raise Refused(history.describe(history.last_action(key)))
    if after not in OUT_OF_SIGHT and not comment.body:
        raise Refused(history.NO_WORDS)
    _refuse(comment, decision.act)
    if decision.act is not Act.KEEP:
        change_status(comment, after, tree, decision.mails_due_at, **_besides(comment, decision))
    comment.status = before
    action = audit_log.add_action(
        comment, decision.act, decision.who, after, reason=decision.reason
    )
    Report.objects.open().filter(comment=key).update(settled_at=action.created_at)
    if after in OUT_OF_SIGHT and before != after and _tells(decision):
        emails.enqueue_removal_mail(
            comment, action, decision.mails_due_at or timezone.now() + UNDO_WINDOW
        )
    return action.pk


def _refuse(comment, act):
    """Raise Refused if something else has to be done first, or it was done already."""
    if act is Act.SPAM and CareCase.objects.open().filter(comment=comment.pk).exists():
        raise Refused(history.IN_CARE)
    if act is Act.KEEP and not Report.objects.open().filter(comment=comment.pk).exists():
        last = history.last_action(comment.pk)
        if last and last.act == Act.KEEP:
            raise Refused(history.describe(last))


def _tells(decision):
    return decision.act is Act.REMOVE if decision.tell is None else decision.tell


def _besides(comment, decision):
    """Return the other fields to store with the status."""
    if decision.act is not Act.HOLD:
        return {}
    care, usual = QueuePriority.CARE, QueuePriority.USUAL
    priority = care if comment.queue_priority == care else usual
    return {"held_because": HoldReason.BY_PERSON, "queue_priority": priority}


def _result(comment, act):
    if act is Act.KEEP:
        return Status(comment.status)
    return _before_it_went(comment) if act is Act.RESTORE else LEADS_TO[act]


def _before_it_went(comment):
    """Return PENDING or APPROVED, whichever the comment was last according to the log."""
    inside = {Status.PENDING, Status.APPROVED}
    rows = ModerationAction.objects.filter(comment=comment.pk).order_by("-pk")
    for step in rows.values_list("to_status", "from_status"):
        if matching := inside.intersection(step):
            return step[0] if step[0] in matching else step[1]
    return Status.APPROVED if comment.approved_at else Status.PENDING


def undo_action(action_key: int, who: User) -> bool:
    """Undo one act of a moderator; return whether that was possible.

    Restores the status before, a reputation, a lock or a content note; reports that it settled
    open again and its unsent mails are dropped. Possible once, and only if nobody has decided and
    the writer has neither edited nor withdrawn the comment since.
    """
    return in_transaction(lambda: _undo(action_key, who))


def _undo(action_key, who):
    action = ModerationAction.objects.filter(pk=action_key, undone_by=None).first()
    if action and action.comment_id is None:
        return _undo_of_nobody(action, who)
    try:
        tree = action and Comment.objects.lock_threads(action.comment_id)[action.comment_id]
    except Comment.DoesNotExist:
        return False
    if not tree or not moderation_undo.is_open(action):
        return False
    comment = Comment.objects.only(*NEEDED).get(pk=action.comment_id)
    before = comment.status
    if action.act in audit_log.DECISIONS:
        if not moderation_undo.is_last_word(action, comment):
            return False
        if before != action.from_status:
            # What is back can go again by one press: the mails wait for that as for any decision.
            change_status(comment, action.from_status, tree, timezone.now() + UNDO_WINDOW)
        Report.objects.filter(comment=comment.pk, settled_at=action.created_at).update(
            settled_at=None
        )
    elif not moderation_undo.UNDO_HANDLERS[Act(action.act)](action, comment, tree):
        return False
    comment.status = before
    after = action.from_status if action.act in audit_log.DECISIONS else before
    audit_log.add_action(comment, Act.UNDO, who, after, undoes=action)
    return True


def _undo_of_nobody(action, who):
    if not moderation_undo.undo_unattributed(action):
        return False
    audit_log.add_unattributed_action(Act.UNDO, who, action.comment_key, undoes=action)
    return True

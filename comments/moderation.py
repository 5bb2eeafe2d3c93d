"""Deciding about comments: approve, mark as spam, remove, restore.

Each decision takes the thread's lock, looks at the comment as it is now, changes its
status, keeps the counts right and writes one row of the log. What a writer took back
stays taken back.
"""

from dataclasses import dataclass, field

from django.utils import timezone

from comments import announcing, counters, finding
from comments.appearing import Appearance
from comments.models import Comment, ModerationAction
from comments.transactions import in_transaction

Act = ModerationAction.Act
Status = Comment.Status
# From which states each act leads on; RESTORE goes back to where the comment was before.
MAY_FOLLOW = {
    Act.APPROVE: {Status.PENDING, Status.SPAM, Status.REMOVED},
    Act.SPAM: {Status.PENDING, Status.APPROVED, Status.REMOVED},
    Act.REMOVE: {Status.PENDING, Status.APPROVED, Status.SPAM},
    Act.RESTORE: {Status.SPAM, Status.REMOVED},
}
NEEDED = ("status", "approved_at", "post_id", "body", "source")
LEADS_TO = {Act.APPROVE: Status.APPROVED, Act.SPAM: Status.SPAM, Act.REMOVE: Status.REMOVED}


@dataclass
class Outcome:
    """Keys of the comments that a decision changed, and of those that it left as they were."""

    changed: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)


def decide(keys, act, who, reason="", mails_due_at=None):
    """Carry out one act about each of these comments and return an ``Outcome``.

    ``act`` is one of MAY_FOLLOW, ``who`` the person who decides; ``mails_due_at`` is when the mails
    that this causes may leave, at once if None. Comments that are gone, were
    decided meanwhile, or have no text left to show stay unchanged. Raises KeyError for
    another act.
    """
    allowed = MAY_FOLLOW[Act(act)]
    outcome = Outcome()
    for key in sorted(set(keys)):
        done = in_transaction(
            lambda key=key: _decide(key, Act(act), allowed, who, reason, mails_due_at)
        )
        (outcome.changed if done else outcome.unchanged).append(key)
    return outcome


def _decide(key, act, allowed, who, reason, mails_due_at):
    try:
        tree = Comment.objects.lock_threads(key)[key]
    except Comment.DoesNotExist:
        return False
    comment = Comment.objects.only(*NEEDED).get(pk=key)
    before, after = comment.status, _result(comment, act)
    if before not in allowed or (after == Status.APPROVED and not comment.body):
        return False
    change_status(comment, after, tree, mails_due_at)
    ModerationAction.objects.create(
        comment_id=key,
        comment_key=key,
        who=who,
        act=act,
        from_status=before,
        to_status=after,
        reason=reason,
    )
    return True


def _result(comment, act):
    if act is Act.RESTORE:
        return Status.APPROVED if comment.approved_at else Status.PENDING
    return LEADS_TO[act]


def change_status(comment, after, tree, mails_due_at=None, **values):
    """Write the new status, what follows from it and ``values`` besides.

    The caller holds the lock of the thread, whose root's key is ``tree``. Followers are told from
    ``mails_due_at`` on.
    """
    visible = (after == Status.APPROVED) - (comment.status == Status.APPROVED)
    values["status"] = after
    if after == Status.APPROVED and not comment.approved_at:
        values["approved_at"] = timezone.now()
    Comment.objects.filter(pk=comment.pk).update(**values)
    if after == Status.APPROVED:
        finding.keep(Comment.objects.filter(pk=comment.pk))
    elif visible:
        finding.forget([comment.pk])
    if visible > 0:
        announcing.announce(comment, mails_due_at, first=not comment.approved_at)
    counters.changed(Comment.objects, tree, comment.post_id, visible)
    if visible > 0:
        Appearance.note(comment.pk, comment.post_id, again=comment.approved_at is not None)

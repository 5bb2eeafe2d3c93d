"""Whether a moderator's act can be undone, and how to undo those that change no status.

Called under the thread's lock, by :func:`comments.moderation.decisions.undo_action`.
"""

from functools import reduce
from operator import or_

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from comments.models import CareCase, Comment, ModerationAction, Reputation, standing
from comments.models.audit_log import DECISIONS, Act
from comments.moderation import content_notes, locked_threads
from comments.tree.status import Status

# The tab of the queue with all that can be undone, as pages and mails name it.
RECENTLY_DECIDED = _("Recently decided")
# Acts of the writer that leave nothing to go back to.
WRITERS = (Act.EDIT, Act.WITHDRAW)


def is_open(action: ModerationAction) -> bool:
    """Return whether a person did this act, and it can be undone and has not been."""
    if ModerationAction.objects.filter(undoes=action).exists():
        return False
    known = action.act in DECISIONS or Act(action.act) in UNDO_HANDLERS
    return bool(known and action.who_id and action.from_status is not None)


def is_last_word(action: ModerationAction, comment: Comment) -> bool:
    """Return whether nothing was decided or edited since this act, and the text is still there.

    A comment that has an open care case cannot return to spam.
    """
    if comment.status != action.to_status or _later(action, *DECISIONS, *WRITERS).exists():
        return False
    if action.from_status == Status.SPAM and CareCase.objects.open().filter(comment=comment.pk):
        return False
    out_of_sight = action.from_status in {Status.SPAM, Status.REMOVED}
    return bool(comment.body) or out_of_sight


def _later(action, *acts):
    """Return later acts about the same comment that were not undone."""
    rows = ModerationAction.objects.filter(comment=action.comment_id, pk__gt=action.pk)
    return rows.filter(act__in=acts, undone_by=None)


def _standing(action, comment, tree):
    return standing.undo(action)


def _lock(action, comment, tree):
    if _later(action, Act.LOCK, Act.UNLOCK).exists():
        return False
    return locked_threads.set_lock(tree, comment.post_id, locked=action.act == Act.UNLOCK)


def _note(action, comment, tree):
    if _later(action, Act.NOTE).exists() or comment.status == Status.WITHDRAWN:
        return False
    return content_notes.restore_note(comment, action.was, tree)


TRUSTS, BANS, LOCKS = (Act.TRUST, Act.UNTRUST), (Act.BAN, Act.UNBAN), (Act.LOCK, Act.UNLOCK)
UNDO_HANDLERS = dict.fromkeys((*TRUSTS, *BANS), _standing) | dict.fromkeys(LOCKS, _lock)
UNDO_HANDLERS[Act.NOTE] = _note
# These can be undone even after the comment they were done on is gone.
REPUTATIONS = (*TRUSTS, *BANS)


def undo_unattributed(action: ModerationAction) -> bool:
    """Undo an act about a writer whose comment is gone; return whether it was possible."""
    if action.act not in REPUTATIONS or not action.who_id:
        return False
    return standing.undo(action)


def is_offered() -> Q:
    """Return an expression for rows of the log: whether pages offer to undo the act.

    Needs the ``newest_change`` annotation (:func:`comments.queue.tabs.newest_change`). A press
    checks again: a reputation revoked through one comment may have been granted through another.
    """
    decided = Q(act__in=DECISIONS, pk=F("newest_change"))
    beside = [Q(act__in=acts) & ~Exists(_after(acts)) for acts in (TRUSTS, BANS, LOCKS)]
    given = Reputation.objects.filter(action=OuterRef("pk"))
    known = Exists(given) | Exists(Reputation.objects.filter(ended_by=OuterRef("pk")))
    beside[:2] = [item & known & ~Exists(given.exclude(ended_at=None)) for item in beside[:2]]
    there = ~Q(comment__status=Status.WITHDRAWN)
    noted = Q(act=Act.NOTE) & there & ~Exists(_after((Act.NOTE,)))
    return reduce(or_, [decided, noted, *beside])


def _after(acts):
    rows = ModerationAction.objects.filter(comment=OuterRef("comment"), pk__gt=OuterRef("pk"))
    return rows.filter(act__in=acts, undone_by=None).order_by()

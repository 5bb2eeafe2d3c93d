"""Whether an act of a moderator can be taken back, and how, for all that is no status.

Under the lock of the comment's thread; :func:`comments.moderation.decisions.undo_action` is the door.
"""

from functools import reduce
from operator import or_

from django.db.models import Exists, F, OuterRef, Q

from comments.models import CareCase, ModerationAction, Reputation, standing
from comments.models.audit_log import DECISIONS, Act
from comments.moderation import content_notes, locking
from comments.tree.status import Status

# The writer's own acts after which there is nothing to go back to.
WRITERS = (Act.EDIT, Act.WITHDRAW)


def is_open(action):
    """Return whether an act is one that a person did and that nobody took back."""
    if ModerationAction.objects.filter(undoes=action).exists():
        return False
    known = action.act in DECISIONS or Act(action.act) in UNDO_HANDLERS
    return bool(known and action.who_id and action.from_status is not None)


def is_last_word(action, comment):
    """Return whether nobody decided since, and the words are there as they were.

    What came into the care lane since goes back to everything but spam.
    """
    if comment.status != action.to_status or _later(action, *DECISIONS, *WRITERS).exists():
        return False
    if action.from_status == Status.SPAM and CareCase.objects.open().filter(comment=comment.pk):
        return False
    out_of_sight = action.from_status in {Status.SPAM, Status.REMOVED}
    return bool(comment.body) or out_of_sight


def _later(action, *acts):
    """Later acts about the same comment that nobody took back."""
    rows = ModerationAction.objects.filter(comment=action.comment_id, pk__gt=action.pk)
    return rows.filter(act__in=acts, undone_by=None)


def _standing(action, comment, tree):
    return standing.undo(action)


def _lock(action, comment, tree):
    if _later(action, Act.LOCK, Act.UNLOCK).exists():
        return False
    return locking.set_lock(tree, comment.post_id, locked=action.act == Act.UNLOCK)


def _note(action, comment, tree):
    if _later(action, Act.NOTE).exists() or comment.status == Status.WITHDRAWN:
        return False
    return content_notes.restore_note(comment, action.was, tree)


TRUSTS, BANS, LOCKS = (Act.TRUST, Act.UNTRUST), (Act.BAN, Act.UNBAN), (Act.LOCK, Act.UNLOCK)
UNDO_HANDLERS = dict.fromkeys((*TRUSTS, *BANS), _standing) | dict.fromkeys(LOCKS, _lock)
UNDO_HANDLERS[Act.NOTE] = _note
# They stay when the comment beside which they were done is gone.
REPUTATIONS = (*TRUSTS, *BANS)


def undo_unattributed(action):
    """Take back an act about a writer of whom no comment is known any more; return whether so."""
    if action.act not in REPUTATIONS or not action.who_id:
        return False
    return standing.undo(action)


def is_offered():
    """Return an expression for rows of the log: whether pages offer to take the act back.

    ``newest_change`` is annotated (:func:`comments.queue.tabs.newest_change`). A press looks again:
    what ended beside one comment may have been given anew beside another.
    """
    decided = Q(act__in=DECISIONS, pk=F("newest_change"))
    beside = [Q(act__in=acts) & ~Exists(_after(acts)) for acts in (TRUSTS, BANS, LOCKS)]
    given = Reputation.objects.filter(action=OuterRef("pk"))
    known = Exists(given) | Exists(Reputation.objects.filter(ended_by=OuterRef("pk")))
    beside[:2] = [each & known & ~Exists(given.exclude(ended_at=None)) for each in beside[:2]]
    there = ~Q(comment__status=Status.WITHDRAWN)
    noted = Q(act=Act.NOTE) & there & ~Exists(_after((Act.NOTE,)))
    return reduce(or_, [decided, noted, *beside])


def _after(acts):
    rows = ModerationAction.objects.filter(comment=OuterRef("comment"), pk__gt=OuterRef("pk"))
    return rows.filter(act__in=acts, undone_by=None).order_by()

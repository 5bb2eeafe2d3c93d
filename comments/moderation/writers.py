"""What moderators do about a writer: trust or ban them, revoke either, and write notes.

A moderator acts on a comment, which identifies its writer. Trust and bans need a verified identity:
a typed name or address can be anybody's.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.refusal import Refused
from blog.models import Blog
from comments.models import Comment, Reputation, WriterNote, audit_log, standing
from comments.moderation import decisions
from comments.tree.transactions import in_transaction

Act = audit_log.Act
Kind = Reputation.Kind
MODERATE = "comments.moderate_comment"
# Longer than anybody means; and the last day of the calendar does not exist in every time zone.
MOST_YEARS = 100
NOT_VERIFIED = _(
    "The writer isn’t verified: anyone can type any name or email address. You can only "
    "decide about this comment."
)
ONE_OF_US = _("This person writes or moderates here, so only the owner can do this.")
NO_WORDS = _("The note is empty. Please write something.")


class _TooLate(Exception):
    """Somebody else revoked it while we waited for the lock: roll back."""


def trust(comment_key: int, who: User) -> int | None:
    """Let this writer's later comments appear at once, past all checks but care and bans.

    Returns the audit log key, or None if they are trusted already. Raises Refused if the writer's
    identity is not verified, and DoesNotExist if the comment is gone.
    """
    return _in_turn(lambda: _give(comment_key, who, Act.TRUST, Kind.TRUSTED))


def untrust(comment_key: int, who: User) -> int | None:
    """Revoke the trust in this writer; see :func:`trust`."""
    return _in_turn(lambda: _end(comment_key, who, Act.UNTRUST, Kind.TRUSTED))


def ban(comment_key: int, who: User, until: datetime | None = None, note: str = "") -> int | None:
    """Hold all later comments of this writer, until a time or until the ban is revoked.

    ``note`` says why, for moderators alone. Another ``until`` replaces a ban in force. Returns the
    audit log key, or None if nothing changed. Raises Refused as :func:`trust` does, and for the
    post's author and moderators, and DoesNotExist.
    """
    return _in_turn(lambda: _give(comment_key, who, Act.BAN, Kind.BANNED, until=until, note=note))


def unban(comment_key: int, who: User) -> int | None:
    """Revoke the ban of this writer; see :func:`ban`."""
    return _in_turn(lambda: _end(comment_key, who, Act.UNBAN, Kind.BANNED))


def approve_and_trust(
    comment_key: int, who: User, mails_due_at: datetime | None = None, **options: Any
) -> tuple[decisions.DecisionResult, int | None]:
    """Approve a comment and trust its writer; return ``(DecisionResult, audit log key)``.

    ``options`` as for :func:`decisions.decide`. The key, of the trust, is None if the approval
    changed nothing or the writer is trusted already. Raises Refused before anything changes.
    """
    _verified(_found(comment_key), Kind.TRUSTED)
    outcome = decisions.decide(
        [comment_key], Act.APPROVE, who, mails_due_at=mails_due_at, **options
    )
    return outcome, trust(comment_key, who) if outcome.changed else None


def _in_turn(work):
    try:
        return in_transaction(work)
    except (
        IntegrityError,
        _TooLate,
    ):  # somebody else did it at the same moment, beside another comment
        return None


def _found(comment_key):
    return Comment.objects.select_related("user", "post", "verified_address").get(pk=comment_key)


def _locked(comment_key):
    Comment.objects.lock_threads(comment_key)
    return _found(comment_key)


def _verified(comment, kind):
    """Return all keys of the writer of a comment, their own first. Raises Refused."""
    user = comment.user
    keys = standing.keys_of(user, comment.verified_address)
    if not keys or (kind is Kind.TRUSTED and user and not user.has_verified_address()):
        raise Refused(NOT_VERIFIED)
    decides = user and (user.pk == comment.post.author_id or user.has_perm(MODERATE))
    if kind is Kind.BANNED and decides:
        raise Refused(ONE_OF_US)
    return keys


def _give(comment_key, who, act, kind, until=None, note=""):
    comment = _locked(comment_key)
    keys = _verified(comment, kind)
    rows = standing.locked(keys, kind)
    if set(keys) == {row.key for row in rows if row.is_in_force and row.until == until}:
        return None
    action = audit_log.add_action(comment, act, who, reason=note)
    standing.grant(keys, kind, action, rows, until=until, note=note)
    return action.pk


def _end(comment_key, who, act, kind):
    comment = _locked(comment_key)
    keys = standing.keys_of(comment.user, comment.verified_address)
    if not keys:
        raise Refused(NOT_VERIFIED)
    rows = standing.with_linked(standing.reputations_of(keys, kind))
    if not rows.exists():
        return None
    action = audit_log.add_action(comment, act, who)
    if not standing.revoke(rows, action):
        raise _TooLate
    return action.pk


# -- from the list of reputations --------------------------------------------------------


def end(reputation_key: int, who: User) -> int | None:
    """Revoke the reputation with this key, and those granted with it.

    Returns the audit log key, or None if it is over already.
    """
    return _in_turn(lambda: _end_row(reputation_key, who))


def _end_row(reputation_key, who):
    row, rows = _open_row(reputation_key)
    if row is None:
        return None
    action = _log(row, Act.UNBAN if row.kind == Kind.BANNED else Act.UNTRUST, who)
    if not standing.revoke(rows, action):
        raise _TooLate
    return action.pk


def prolong(reputation_key: int, who: User, until: datetime | None) -> int | None:
    """Change the end of the ban with this key (None: until it is revoked).

    Returns the audit log key, or None if the ban is over or already ends then.
    """
    return _in_turn(lambda: _prolong(reputation_key, who, until))


def _prolong(reputation_key, who, until):
    row, rows = _open_row(reputation_key)
    if row is None or row.kind != Kind.BANNED or row.until == until:
        return None
    keys = [row.key, *rows.exclude(pk=row.pk).values_list("key", flat=True)]
    instead = standing.locked(keys, Kind.BANNED)
    action = _log(row, Act.BAN, who, reason=row.note)
    standing.grant(keys, Kind.BANNED, action, instead, until=until, note=row.note)
    return action.pk


def _open_row(reputation_key):
    """Return a reputation in force, locked, and all rows granted with it."""
    rows = Reputation.objects.in_force().filter(pk=reputation_key, beside=None)
    row = rows.select_for_update().first()
    return row, standing.with_linked(Reputation.objects.filter(pk=reputation_key))


def _log(row, act, who, reason=""):
    """Log an act about a writer with a comment known to be theirs, if there is one."""
    comment = row.comment
    if comment:
        return audit_log.add_action(comment, act, who, reason=reason)
    return audit_log.add_unattributed_action(act, who, reason=reason)


def end_of(day: date) -> datetime:
    """Return the last moment of a day in the blog's time zone, as the end of a ban."""
    return datetime.combine(day, time.max, ZoneInfo(Blog.get().time_zone))


# -- private notes -----------------------------------------------------------------------


def note(comment_key: int, who: User, text: str) -> int:
    """Write a private note about the writer of a comment; return its key.

    Raises Refused for an empty text, DoesNotExist if the comment is gone.
    """
    if not text.strip():
        raise Refused(NO_WORDS)
    comment = _found(comment_key)
    key = standing.key_of(comment.user, comment.verified_address)
    about = {"key": key} if key else {"comment": comment}
    return WriterNote.objects.create(text=text.strip(), who=who, **about).pk


def notes_about(comments: Iterable[Comment]) -> dict[int, list[WriterNote]]:
    """Return ``{comment key: [WriterNote]}``, the oldest first, in one query.

    The comments were loaded with ``user`` and ``verified_address``.
    """
    keys = {
        comment.pk: standing.key_of(comment.user, comment.verified_address) for comment in comments
    }
    by_writer = WriterNote.objects.filter(key__in=set(filter(None, keys.values())))
    rows = by_writer | WriterNote.objects.filter(comment__in=keys)
    notes = list(rows.select_related("who"))
    return {
        pk: [item for item in notes if item.comment_id == pk or (key and item.key == key)]
        for pk, key in keys.items()
    }


def disown(comment: Comment) -> None:
    """Unlink a comment from its writer's notes and reputation, as they take their name off it."""
    WriterNote.objects.filter(comment=comment.pk).delete()
    Reputation.objects.filter(action__comment=comment.pk).update(action=None)
    Reputation.objects.filter(ended_by__comment=comment.pk).update(ended_by=None)

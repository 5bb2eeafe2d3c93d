"""What moderators do about a writer: trust her, ban her, take either back, and write notes.

Whoever acts presses a button beside a comment; whose it is follows from the comment. Trust and ban
need a proved identity: a typed name or address can be anybody's.
"""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from blog.models import Blog
from comments import log, moderation, standing
from comments.models import Comment
from comments.standing import Standing, WriterNote
from comments.transactions import in_transaction

Act = log.Act
Kind = Standing.Kind
MODERATE = "comments.moderate_comment"
# Farther than anybody means; and the last day of all cannot be told in every time zone.
MOST_YEARS = 100


class RefusedError(Exception):
    """Nothing was changed. ``sentence`` says why, for the moderator."""

    sentence = ""

    def __init__(self):
        super().__init__(str(self.sentence))


class NotProvedError(RefusedError):
    """Nobody knows for certain who wrote the comment."""

    sentence = _(
        "Nobody proved who wrote this: a name or an address that somebody types can be anybody's. "
        "You can decide about this comment alone."
    )


class OneOfUsError(RefusedError):
    """The comment is by somebody who writes or decides here."""

    sentence = _("This is by somebody who writes or decides here, so this is for the owner to do.")


class _TooLate(Exception):
    """Somebody else took it back while we waited for the rows: nothing of ours is to stay."""


def trust(comment_key, who):
    """Let later comments of this writer appear at once, past all checks but care and bans.

    Returns the key of the row of the log, None where she is trusted already. Raises
    NotProvedError, and DoesNotExist when the comment is gone.
    """
    return _in_turn(lambda: _give(comment_key, who, Act.TRUST, Kind.TRUSTED))


def untrust(comment_key, who):
    """Take the trust in this writer back; see :func:`trust`."""
    return _in_turn(lambda: _end(comment_key, who, Act.UNTRUST, Kind.TRUSTED))


def ban(comment_key, who, until=None, note=""):
    """Hold all later comments of this writer, until a time or until it is taken back.

    ``note`` says why, for moderators alone. Whoever is banned until another time is banned anew.
    Returns the key of the row of the log, None where nothing is to be changed. Raises
    NotProvedError, OneOfUsError for people who write or decide here, and DoesNotExist.
    """
    return _in_turn(lambda: _give(comment_key, who, Act.BAN, Kind.BANNED, until=until, note=note))


def unban(comment_key, who):
    """Take the ban of this writer back; see :func:`ban`."""
    return _in_turn(lambda: _end(comment_key, who, Act.UNBAN, Kind.BANNED))


def approve_and_trust(comment_key, who, mails_due_at=None, **options):
    """Approve a comment and trust its writer; return ``(Outcome, key of the trust's row)``.

    ``options`` as of :func:`moderation.decide`. Where the approval changes nothing, or she is
    trusted already, the key is None. Raises NotProvedError before anything changes.
    """
    _proved(_found(comment_key), Kind.TRUSTED)
    outcome = moderation.decide(
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
    return Comment.objects.select_related("user", "post", "proved_address").get(pk=comment_key)


def _locked(comment_key):
    Comment.objects.lock_threads(comment_key)
    return _found(comment_key)


def _proved(comment, kind):
    """Return all keys of the writer of a comment, her own first. Raises RefusedError."""
    user = comment.user
    keys = standing.keys_of(user, comment.proved_address)
    if not keys or (kind is Kind.TRUSTED and user and not user.has_proved_address()):
        raise NotProvedError
    decides = user and (user.pk == comment.post.author_id or user.has_perm(MODERATE))
    if kind is Kind.BANNED and decides:
        raise OneOfUsError
    return keys


def _give(comment_key, who, act, kind, until=None, note=""):
    comment = _locked(comment_key)
    keys = _proved(comment, kind)
    rows = standing.locked(keys, kind)
    if set(keys) == {row.key for row in rows if row.is_in_force and row.until == until}:
        return None
    action = log.write(comment, act, who, reason=note)
    standing.give(keys, kind, action, rows, until=until, note=note)
    return action.pk


def _end(comment_key, who, act, kind):
    comment = _locked(comment_key)
    keys = standing.keys_of(comment.user, comment.proved_address)
    if not keys:
        raise NotProvedError
    rows = standing.whole(standing.of(keys, kind))
    if not rows.exists():
        return None
    action = log.write(comment, act, who)
    if not standing.end(rows, action):
        raise _TooLate
    return action.pk


# -- from the list of standings ----------------------------------------------------------


def end(standing_key, who):
    """Take a standing of this key back, with what was given beside it.

    Returns the key of the row of the log, None where it is over.
    """
    return _in_turn(lambda: _end_row(standing_key, who))


def _end_row(standing_key, who):
    row, rows = _open_row(standing_key)
    if row is None:
        return None
    action = _log(row, Act.UNBAN if row.kind == Kind.BANNED else Act.UNTRUST, who)
    if not standing.end(rows, action):
        raise _TooLate
    return action.pk


def prolong(standing_key, who, until):
    """Let a ban of this key last until another time (None: until it is taken back).

    Returns the key of the row of the log, None where it is over or ends just then.
    """
    return _in_turn(lambda: _prolong(standing_key, who, until))


def _prolong(standing_key, who, until):
    row, rows = _open_row(standing_key)
    if row is None or row.kind != Kind.BANNED or row.until == until:
        return None
    keys = [row.key, *rows.exclude(pk=row.pk).values_list("key", flat=True)]
    instead = standing.locked(keys, Kind.BANNED)
    action = _log(row, Act.BAN, who, reason=row.note)
    standing.give(keys, Kind.BANNED, action, instead, until=until, note=row.note)
    return action.pk


def _open_row(standing_key):
    """Return the row of a standing that is in force, locked, and all rows that go with it."""
    rows = Standing.objects.in_force().filter(pk=standing_key, beside=None)
    row = rows.select_for_update().first()
    return row, standing.whole(Standing.objects.filter(pk=standing_key))


def _log(row, act, who, reason=""):
    """Log an act about a writer beside the comment that is known to be hers, if one is."""
    comment = row.comment
    if comment:
        return log.write(comment, act, who, reason=reason)
    return log.write_of_nobody(act, who, reason=reason)


def end_of(day):
    """Return the last moment of a day where the blog is, as the end of a ban."""
    return datetime.combine(day, time.max, ZoneInfo(Blog.get().time_zone))


# -- private notes -----------------------------------------------------------------------


def note(comment_key, who, text):
    """Write a private note about the writer of a comment; return its key.

    Raises ValueError for an empty text, DoesNotExist when the comment is gone.
    """
    if not text.strip():
        raise ValueError("a note has words")
    comment = _found(comment_key)
    key = standing.key_of(comment.user, comment.proved_address)
    about = {"key": key} if key else {"comment": comment}
    return WriterNote.objects.create(text=text.strip(), who=who, **about).pk


def notes_about(comments):
    """Return ``{key of comment: [WriterNote]}``, the oldest first; one query for all of them.

    The comments were read with ``user`` and ``proved_address``.
    """
    keys = {each.pk: standing.key_of(each.user, each.proved_address) for each in comments}
    hers = WriterNote.objects.filter(key__in=set(filter(None, keys.values())))
    rows = hers | WriterNote.objects.filter(comment__in=keys)
    found = list(rows.select_related("who"))
    return {
        pk: [row for row in found if row.comment_id == pk or (key and row.key == key)]
        for pk, key in keys.items()
    }


def disown(comment):
    """Forget whose a comment was, whose writer takes her name off it; she may have a standing."""
    WriterNote.objects.filter(comment=comment.pk).delete()
    Standing.objects.filter(action__comment=comment.pk).update(action=None)
    Standing.objects.filter(ended_by__comment=comment.pk).update(ended_by=None)

"""Who may do what in a conversation: the one place that decides.

A stranger who may not see something is told that it does not exist.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from blog.models import Post
from comments.models import Comment, Reputation, standing
from comments.models.moderation import HoldReason

Kind = Reputation.Kind


class Mode(StrEnum):
    """What is in force on a post: a ``Post.CommentMode``, or what a break puts in its place."""

    DEFAULT = Post.CommentMode.DEFAULT.value
    OPEN = Post.CommentMode.OPEN.value
    FIRST_TIMERS = Post.CommentMode.FIRST_TIMERS.value
    MODERATED = Post.CommentMode.MODERATED.value
    CLOSED = Post.CommentMode.CLOSED.value
    HIDDEN = Post.CommentMode.HIDDEN.value
    AWAY = "away"  # during a break: closed until it ends
    RESTING = "resting"  # during a break: whatever is written waits, trusted writers' too


# In the log, where no moderator approved: the writer was known once their address was proved.
PROVED = "proved-address"
# For comments.threads.nodes, until it asks comments.models.moderation itself.
HELD_BECAUSE = {reason.value: reason.to_writer for reason in HoldReason}


def mode_of(post, settings, user=None):
    """Return the ``Mode`` that is in force, never ``DEFAULT``.

    ``settings`` is the row of ``ConversationSettings``, ``user`` whom it is asked for: a break does
    not stop those who decide about comments here. None: what holds for everybody else.
    """
    mode = _usual_mode(post, settings)
    rest = settings.current_break
    if rest is None or not takes_answers(mode) or needs_no_approval(post, user):
        return mode
    return Mode.RESTING if rest.holds else Mode.AWAY


def break_of(mode, settings):
    """Return the ``Break`` that made this mode what it is, for a banner, or None."""
    return settings.current_break if mode in {Mode.AWAY, Mode.RESTING} else None


def _usual_mode(post, settings):
    mode = Mode(post.comment_mode)
    if mode is Mode.DEFAULT:
        mode = Mode.HIDDEN if post.kind == Post.Kind.PAGE else Mode(settings.usual_mode)
    if mode is Mode.HIDDEN or not post.is_public:
        return Mode.HIDDEN
    if not post.takes_activity or _is_over(post, settings):
        return Mode.CLOSED
    return mode


def _is_over(post, settings):
    days = settings.close_after_days
    return bool(days) and timezone.now() >= post.published_at + timedelta(days=days)


def takes_answers(mode, locked=False):
    """Return whether readers may answer; ``locked``: a moderator locked the very thread."""
    return not locked and mode not in {Mode.CLOSED, Mode.HIDDEN, Mode.AWAY}


def is_shown(comment, mode):
    """Return whether everybody can read this comment; ``mode`` is in force on its post."""
    return comment.status == Comment.Status.APPROVED and mode is not Mode.HIDDEN


def takes_support(post):
    """Return whether readers may say without words that they are with somebody.

    In a closed conversation, too: it closes so that nobody has to read and decide any more,
    and nobody has to here. What is in the archive stays as it is.
    """
    return post.takes_activity


def may_see(comment, viewer):
    """Return whether the words of this comment are for this viewer; not whether its post is."""
    if comment.status == Comment.Status.APPROVED:
        return True
    return comment.status == Comment.Status.PENDING and viewer.wrote(comment.pk, comment.user_id)


def has_met(comment, viewer):
    """Return whether this viewer can know that the comment exists, shown or not."""
    return comment.approved_at is not None or may_see(comment, viewer)


def first_status(post, mode, user, address=None, kinds=frozenset()):
    """Return ``(status, held_because)`` for a new comment; ``user`` is None for a guest.

    ``address`` is the proved ``Address`` of a guest of whom it is certain that it is hers,
    ``kinds`` are those of the writer's standing. The post's author and whoever may approve
    comments are not asked to wait for themselves, nor is who is trusted, but for a break.
    """
    if needs_no_approval(post, user):
        return Comment.Status.APPROVED, ""
    if mode is Mode.RESTING:
        return Comment.Status.PENDING, HoldReason.BREAK
    if mode is Mode.OPEN or is_trusted_by(kinds):
        return Comment.Status.APPROVED, ""
    if mode is Mode.FIRST_TIMERS and (_is_known(user) if user else is_trusted(address)):
        return Comment.Status.APPROVED, ""
    return (
        Comment.Status.PENDING,
        HoldReason.MODERATED if mode is Mode.MODERATED else HoldReason.FIRST,
    )


def is_trusted_by(kinds):
    """Return whether a standing of these kinds (of ``Standing.Kind``) makes its writer trusted."""
    return Kind.TRUSTED in kinds and Kind.BANNED not in kinds


def needs_no_approval(post, user):
    """Return whether this person (None for a guest) decides about comments here herself."""
    if user is None:
        return False
    return user.pk == post.author_id or user.has_perm("comments.moderate_comment")


def _is_known(user):
    """An approved comment counts only under a proved address: a typed one proves nothing."""
    return user.has_proved_address() and Comment.objects.approved().filter(user=user).exists()


def is_trusted(address):
    """Return whether the owner of an ``Address`` (or None) has proved it and has been approved."""
    if address is None or address.proved_at is None:
        return False
    return Comment.objects.approved().filter(proved_address=address).exists()


# -- the writer's own --------------------------------------------------------------------

# How long words that were public may be changed: long enough to mend a slip, short enough
# that nobody's answer stands below other words than it was given to.
EDIT_WINDOW = timedelta(minutes=30)
# Who opened the form in time is not cut off in the middle of a sentence.
EDIT_GRACE = timedelta(minutes=30)
EDITABLE = frozenset({Comment.Status.PENDING, Comment.Status.APPROVED})


def edit_ends(comment, answered_at):
    """Return when the edit window closes, or None while it has no end.

    ``answered_at`` is when the first visible answer became visible, or None.
    """
    if comment.approved_at is None:
        return None
    end = comment.approved_at + EDIT_WINDOW
    return min(end, answered_at) if answered_at else end


def may_edit(comment, answered_at, opened_at=None):
    """Return whether the writer may change the words now.

    ``opened_at`` is when she opened the form, if that is known for certain.
    """
    if comment.status not in EDITABLE:
        return False
    now, end = timezone.now(), edit_ends(comment, answered_at)
    in_time = end is None or now < end
    in_grace = bool(end and opened_at) and opened_at < end and now < end + EDIT_GRACE
    return (in_time or in_grace) and not is_banned(comment.user, comment.proved_address)


def is_banned(user, address=None):
    """Return whether an account, or the owner of a proved ``Address``, is banned at the moment."""
    return Kind.BANNED in standing.reputation_kinds(user, address)


def status_after_edit(comment, mode, kinds=frozenset()):
    """Return ``(status, held_because)`` of a comment whose words change; see :func:`first_status`.

    What waits goes on waiting for a person; what is public is asked for again as a new one
    would be. Where no new one is taken, nobody else has read the words.
    """
    if comment.status == Comment.Status.PENDING:
        return Comment.Status.PENDING, comment.held_because
    asked = mode if takes_answers(mode) else Mode.MODERATED
    status, reason = first_status(comment.post, asked, comment.user, comment.proved_address, kinds)
    if status == Comment.Status.APPROVED or reason == HoldReason.BREAK:
        return status, reason
    return status, HoldReason.EDITED


@dataclass(frozen=True)
class Viewer:
    """A reader. ``own`` holds the keys of comments that this browser wrote as a guest."""

    user: Any = field(default_factory=AnonymousUser)
    own: frozenset[int] = frozenset()

    @property
    def is_stranger(self):
        """Whether everybody of this kind may be shown the same page."""
        return not self.user.is_authenticated and not self.own

    def wrote(self, key, user_id):
        """Return whether the comment of this key, by this account or none, is the viewer's own."""
        return key in self.own or (user_id is not None and user_id == self.user.pk)

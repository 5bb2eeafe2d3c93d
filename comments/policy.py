"""Permission rules of conversations: who may see, post, edit and skip moderation.

What a visitor may not see is reported to them as not existing.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Address, User
from blog.models import Post
from comments.models import Comment, ConversationSettings, Reputation, standing
from comments.models.hold_reasons import HoldReason
from comments.models.settings import Break

Kind = Reputation.Kind


class Mode(StrEnum):
    """The comment mode in force on a post: a ``Post.CommentMode``, or a break's replacement."""

    DEFAULT = Post.CommentMode.DEFAULT.value
    OPEN = Post.CommentMode.OPEN.value
    FIRST_TIMERS = Post.CommentMode.FIRST_TIMERS.value
    MODERATED = Post.CommentMode.MODERATED.value
    CLOSED = Post.CommentMode.CLOSED.value
    HIDDEN = Post.CommentMode.HIDDEN.value
    ON_BREAK_CLOSED = "away"  # no comments until the break ends
    ON_BREAK_HOLDING = "resting"  # every comment waits until then, trusted writers' too


# The columns of a post that decide about its comments.
OF_POST = ("kind", "status", "published_at", "author", "comment_mode")
# Logged instead of a moderator's approval: the writer was known once their address was verified.
VERIFIED = "verified-address"


def mode_of(
    post: Post, settings: ConversationSettings, user: User | AnonymousUser | None = None
) -> Mode:
    """Return the ``Mode`` that is in force, never ``DEFAULT``.

    A break does not stop ``user`` if they moderate comments here; None: for everybody else.
    """
    mode = _usual_mode(post, settings)
    break_ = settings.current_break
    if break_ is None or not takes_answers(mode) or needs_no_approval(post, user):
        return mode
    return Mode.ON_BREAK_HOLDING if break_.holds else Mode.ON_BREAK_CLOSED


def break_of(mode: Mode, settings: ConversationSettings) -> Break | None:
    """Return the ``Break`` behind this mode, for a banner, or None."""
    on_break = {Mode.ON_BREAK_CLOSED, Mode.ON_BREAK_HOLDING}
    return settings.current_break if mode in on_break else None


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


def takes_answers(mode: Mode, locked: bool = False) -> bool:
    """Return whether readers may reply; ``locked``: a moderator locked this thread."""
    return not locked and mode not in {Mode.CLOSED, Mode.HIDDEN, Mode.ON_BREAK_CLOSED}


def is_shown(comment: Comment, mode: Mode) -> bool:
    """Return whether everybody can read this comment; ``mode`` is its post's."""
    return comment.status == Comment.Status.APPROVED and mode is not Mode.HIDDEN


def takes_support(post: Post) -> bool:
    """Return whether readers may react to comments of this post.

    Closed conversations take reactions too, as nobody has to moderate them; archived posts
    do not.
    """
    return post.takes_activity


def may_see(comment: Any, viewer: "Viewer") -> bool:
    """Return whether this viewer may read the comment; the post is not checked.

    ``comment`` is a ``Comment``, or a row with its status, pk and user_id.
    """
    if comment.status == Comment.Status.APPROVED:
        return True
    return comment.status == Comment.Status.PENDING and viewer.wrote(comment.pk, comment.user_id)


def has_met(comment: Comment, viewer: "Viewer") -> bool:
    """Return whether this viewer may know that the comment exists."""
    return comment.approved_at is not None or may_see(comment, viewer)


def first_status(
    post: Post,
    mode: Mode,
    user: User | None,
    address: Address | None = None,
    kinds: Collection[Reputation.Kind] = frozenset(),
) -> tuple[Comment.Status, str]:
    """Return ``(status, held_because)`` for a new comment; ``user`` is None for a guest.

    ``address`` is a guest's verified ``Address``, ``kinds`` are those of the writer's reputation.
    The post's author and moderators never wait; trusted writers wait only during a break.
    """
    if _appears(mode, user, address, kinds) or needs_no_approval(post, user):
        return Comment.Status.APPROVED, ""
    if mode is Mode.ON_BREAK_HOLDING:
        return Comment.Status.PENDING, HoldReason.BREAK
    return (
        Comment.Status.PENDING,
        HoldReason.MODERATED if mode is Mode.MODERATED else HoldReason.FIRST,
    )


def _appears(mode, user, address, kinds):
    """Return whether the mode lets a comment of this writer appear; asks as little as it can."""
    if mode is Mode.ON_BREAK_HOLDING:
        return False
    if mode is Mode.OPEN or is_trusted_by(kinds):
        return True
    return mode is Mode.FIRST_TIMERS and (_is_known(user) if user else is_trusted(address))


def is_trusted_by(kinds: Collection[Reputation.Kind]) -> bool:
    """Return whether a reputation of these kinds makes a writer trusted."""
    return Kind.TRUSTED in kinds and Kind.BANNED not in kinds


def needs_no_approval(post: Post, user: User | AnonymousUser | None) -> bool:
    """Return whether this person (None for a guest) moderates the comments of this post."""
    if user is None:
        return False
    return user.pk == post.author_id or user.has_perm("comments.moderate_comment")


def _is_known(user):
    """Return whether an account has a verified address and an approved comment."""
    return user.has_verified_address() and Comment.objects.approved().filter(user=user).exists()


def is_trusted(address: Address | None) -> bool:
    """Return whether a guest's address is verified and has an approved comment."""
    if address is None or address.verified_at is None:
        return False
    return Comment.objects.approved().filter(verified_address=address).exists()


# -- editing -----------------------------------------------------------------------------

# How long a public comment may be edited: long enough to fix a slip, short enough that replies
# still fit what they reply to.
EDIT_WINDOW = timedelta(minutes=30)
# A form opened within the window may still be sent for this long after it.
EDIT_GRACE = timedelta(minutes=30)
EDITABLE = frozenset({Comment.Status.PENDING, Comment.Status.APPROVED})


def edit_ends(comment: Comment, answered_at: datetime | None) -> datetime | None:
    """Return when the edit window closes, or None while it has no end.

    ``answered_at`` is when the first reply became visible, or None.
    """
    if comment.approved_at is None:
        return None
    end = comment.approved_at + EDIT_WINDOW
    return min(end, answered_at) if answered_at else end


def may_edit(
    comment: Comment, answered_at: datetime | None, opened_at: datetime | None = None
) -> bool:
    """Return whether the writer may edit the comment now.

    ``opened_at`` is when they opened the form, if that is known for certain.
    """
    if comment.status not in EDITABLE:
        return False
    now, end = timezone.now(), edit_ends(comment, answered_at)
    in_time = end is None or now < end
    in_grace = bool(end and opened_at) and opened_at < end and now < end + EDIT_GRACE
    return (in_time or in_grace) and not is_banned(comment.user, comment.verified_address)


def is_banned(user: User | None, address: Address | None = None) -> bool:
    """Return whether an account, or the owner of a verified ``Address``, is banned."""
    return Kind.BANNED in standing.reputation_kinds(user, address)


def status_after_edit(
    comment: Comment, mode: Mode, kinds: Collection[Reputation.Kind] = frozenset()
) -> tuple[Comment.Status, str]:
    """Return ``(status, held_because)`` of an edited comment; see :func:`first_status`.

    A pending comment stays pending. A public one is treated like a new comment; where the post
    takes none any more, like a new comment on a moderated post.
    """
    if comment.status == Comment.Status.PENDING:
        return Comment.Status.PENDING, comment.held_because
    mode = mode if takes_answers(mode) else Mode.MODERATED
    status, reason = first_status(comment.post, mode, comment.user, comment.verified_address, kinds)
    if status == Comment.Status.APPROVED or reason == HoldReason.BREAK:
        return status, reason
    return status, HoldReason.EDITED


@dataclass(frozen=True)
class Viewer:
    """A reader. ``own`` are the keys of the comments this browser posted as a guest."""

    user: Any = field(default_factory=AnonymousUser)
    own: frozenset[int] = frozenset()

    @property
    def is_stranger(self) -> bool:
        """Whether the viewer may get the page cached for anonymous readers."""
        return not self.user.is_authenticated and not self.own

    def wrote(self, key: int, user_id: int | None) -> bool:
        """Return whether the viewer wrote the comment with this key and ``user_id``."""
        return key in self.own or (user_id is not None and user_id == self.user.pk)

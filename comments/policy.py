"""Who may do what in a conversation: the one place that decides.

A stranger who may not see something is told that it does not exist.
"""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models import Post
from comments.models import Comment

Mode = Post.CommentMode
HELD_MODERATED = "moderated"
HELD_FIRST = "first-comment"
HELD_IMPORTED = "imported"
HELD_EDITED = "edited"
# In the log, where no moderator approved: the writer was known once her address was proved.
PROVED = "proved-address"
# What a moderator and the writer read about why a comment waits.
HELD_BECAUSE = {
    HELD_MODERATED: _("every comment on this post is read first"),
    HELD_FIRST: _("comments are read first until their writer is known here"),
    HELD_IMPORTED: _("it was waiting on the old blog already"),
    HELD_EDITED: _("its writer changed it, and changed words are read again"),
}


def mode_of(post, settings):
    """Return the ``Post.CommentMode`` that is in force, never ``DEFAULT``.

    ``settings`` is the row of ``ConversationSettings``.
    """
    mode = Mode(post.comment_mode)
    if mode is Mode.DEFAULT:
        mode = Mode.HIDDEN if post.kind == Post.Kind.PAGE else settings.usual_mode
    if mode is Mode.HIDDEN or not post.is_public:
        return Mode.HIDDEN
    if post.status == Post.Status.ARCHIVED or _is_over(post, settings):
        return Mode.CLOSED
    return mode


def _is_over(post, settings):
    days = settings.close_after_days
    return bool(days) and timezone.now() >= post.published_at + timedelta(days=days)


def takes_answers(mode):
    return mode not in {Mode.CLOSED, Mode.HIDDEN}


def is_shown(comment, mode):
    """Return whether everybody can read this comment; ``mode`` is in force on its post."""
    return comment.status == Comment.Status.APPROVED and mode is not Mode.HIDDEN


def takes_support(post):
    """Return whether readers may say without words that they are with somebody.

    In a closed conversation, too: it closes so that nobody has to read and decide any more,
    and nobody has to here. What is in the archive stays as it is.
    """
    return post.status != Post.Status.ARCHIVED


def may_see(comment, viewer):
    """Return whether the words of this comment are for this viewer; not whether its post is."""
    if comment.status == Comment.Status.APPROVED:
        return True
    return comment.status == Comment.Status.PENDING and viewer.wrote(comment.pk, comment.user_id)


def has_met(comment, viewer):
    """Return whether this viewer can know that the comment exists, shown or not."""
    return comment.approved_at is not None or may_see(comment, viewer)


def first_status(post, mode, user, address=None):
    """Return ``(status, held_because)`` for a new comment; ``user`` is None for a guest.

    ``address`` is the proved ``Address`` of a guest of whom it is certain that it is hers.
    The post's author and whoever may approve comments are not asked to wait for themselves.
    """
    if mode is Mode.OPEN or (user is not None and _needs_no_approval(post, user)):
        return Comment.Status.APPROVED, ""
    if mode is Mode.FIRST_TIMERS and (_is_known(user) if user else is_trusted(address)):
        return Comment.Status.APPROVED, ""
    return (
        Comment.Status.PENDING,
        HELD_MODERATED if mode is Mode.MODERATED else HELD_FIRST,
    )


def _needs_no_approval(post, user):
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
    if end is None or now < end:
        return True
    return opened_at is not None and opened_at < end and now < end + EDIT_GRACE


def status_after_edit(comment, mode):
    """Return ``(status, held_because)`` of a comment whose words change.

    What waits goes on waiting for a person; what is public is asked for again as a new one
    would be. Where no new one is taken, nobody else has read the words.
    """
    if comment.status == Comment.Status.PENDING:
        return Comment.Status.PENDING, comment.held_because
    asked = mode if takes_answers(mode) else Mode.MODERATED
    status, _reason = first_status(comment.post, asked, comment.user, comment.proved_address)
    return status, "" if status == Comment.Status.APPROVED else HELD_EDITED

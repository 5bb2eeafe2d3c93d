"""What a form says first: what will happen to the words that are written in it."""

from django.utils.translation import gettext as _

from comments import policy, standing
from comments.status import Status


def what_happens(user, post, mode, settings):
    """Return a sentence about a new comment on this post; ``user`` is None for a guest.

    ``mode`` is in force on the post, ``settings`` the row of ``ConversationSettings``.
    """
    if policy.needs_no_approval(post, user):
        return _("Your answer appears at once.")
    if rest := policy.break_of(mode, settings):
        return _(
            "This blog is taking a break until %(day)s. Your answer is kept and waits; it may be "
            "read only then. Until it has been read, only you can see it."
        ) % {"day": rest.day}
    kinds = standing.kinds_of(user)
    status, _reason = policy.first_status(post, mode, user, kinds=kinds)
    if status == Status.APPROVED and policy.Kind.BANNED not in kinds:
        return _(
            "Your answer appears at once. A few are read by a moderator first, which says nothing "
            "about you."
        )
    if user:
        return _("A moderator reads your answer before it appears. Until then only you can see it.")
    return _(
        "A moderator reads your answer before it appears. Until then only you can see it, "
        "in this browser, and by the link of its receipt."
    )

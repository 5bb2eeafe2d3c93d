"""What a form says first: what will happen to the words that are written in it."""

from datetime import timedelta
from math import ceil
from statistics import median

from django.db.models import F
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from comments import policy
from comments.models import Comment, ModerationAction, standing
from comments.tree.status import Status


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
    kinds = standing.reputation_kinds(user)
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


# Fewer say nothing about the next one; older ones say little about now.
FEWEST, LAST = 5, 50
Act = ModerationAction.Act


def usual_wait(rest=None):
    """Return a sentence, or an empty text while there are too few decisions to tell from.

    ``rest``: the ``Break`` that lasts. Nothing is as usual then: the sentence says until when.

    Only first decisions about words that nobody changed: of others the log does not say
    how long they waited.
    """
    if rest:
        return gettext("This blog is taking a break until %(day)s; it may be read only then.") % {
            "day": rest.day
        }
    decisions = ModerationAction.objects.filter(
        act__in=[Act.APPROVE, Act.SPAM, Act.REMOVE],
        undone_by=None,
        from_status=Comment.Status.PENDING,
        comment__edited_at=None,
        comment__source="",
        comment__created_at__lte=F("created_at"),
    )
    pairs = decisions.values_list("created_at", "comment__created_at")[:LAST]
    waits = [(decided - written).total_seconds() for decided, written in pairs]
    return in_words(timedelta(seconds=median(waits))) if len(waits) >= FEWEST else ""


def in_words(wait):
    """Return the sentence for a usual wait of this length."""
    hours = wait.total_seconds() / 3600
    if hours <= 1:
        return gettext("Most comments are read within an hour.")
    if hours <= 6:
        return gettext("Most comments are read within a few hours.")
    days = ceil(hours / 24)
    return ngettext(
        "Most comments are read within a day.",
        "Most comments are read within %(days)d days.",
        days,
    ) % {"days": days}

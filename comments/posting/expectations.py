"""What a reply form announces: whether the comment appears at once, and how long it may wait."""

from datetime import timedelta
from math import ceil
from statistics import median

from django.db.models import F
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from blog.models import Post
from comments import policy
from comments.models import Comment, ConversationSettings, ModerationAction, standing
from comments.models.settings import Break
from comments.tree.status import Status


def what_happens(
    user: User | None, post: Post, mode: policy.Mode, settings: ConversationSettings
) -> str:
    """Return a sentence on what happens to a new comment; ``user`` is None for a guest."""
    if policy.needs_no_approval(post, user):
        return _("Your comment appears right away.")
    if break_ := policy.break_of(mode, settings):
        return _(
            "This blog is taking a break until %(day)s. Your comment will be kept, but "
            "may not be reviewed before then. Until it’s reviewed, only you can see it."
        ) % {"day": break_.day}
    kinds = standing.reputation_kinds(user)
    status, _reason = policy.first_status(post, mode, user, kinds=kinds)
    if status == Status.APPROVED and policy.Kind.BANNED not in kinds:
        return _(
            "Your comment appears right away. Now and then one is reviewed first; that’s "
            "no reflection on you."
        )
    if user:
        return _(
            "A moderator reviews your comment before it appears. Until then only you can see it."
        )
    return _(
        "A moderator reviews your comment before it appears. Until then only you can see "
        "it, in this browser or with its private link."
    )


# The fewest decisions to tell from, how many of the latest count, and among how many of the latest
# acts they are looked for.
FEWEST, LAST, LOOKED_AT = 5, 50, 500
Act = ModerationAction.Act


def usual_wait(break_: Break | None = None) -> str:
    """Return a sentence on how long comments usually wait, or until when the break lasts.

    It is an empty text while there are too few decisions to tell from. Only first decisions on
    unedited comments count: of others the log does not say how long they waited.
    """
    if break_:
        return gettext(
            "This blog is taking a break until %(day)s, so your comment may "
            "not be reviewed before then."
        ) % {"day": break_.day}
    acts = ModerationAction.objects.filter(
        act__in=[Act.APPROVE, Act.SPAM, Act.REMOVE], from_status=Comment.Status.PENDING
    )
    latest = acts.order_by("-created_at", "-pk").values("pk")[:LOOKED_AT]
    decisions = ModerationAction.objects.filter(
        pk__in=latest,
        undone_by=None,
        comment__edited_at=None,
        comment__source="",
        comment__created_at__lte=F("created_at"),
    )
    pairs = decisions.values_list("created_at", "comment__created_at")[:LAST]
    waits = [(decided - written).total_seconds() for decided, written in pairs]
    return in_words(timedelta(seconds=median(waits))) if len(waits) >= FEWEST else ""


def in_words(wait: timedelta) -> str:
    """Return the sentence for a usual wait of this length."""
    hours = wait.total_seconds() / 3600
    if hours <= 1:
        return gettext("Most comments are reviewed within an hour.")
    if hours <= 6:
        return gettext("Most comments are reviewed within a few hours.")
    days = ceil(hours / 24)
    return ngettext(
        "Most comments are reviewed within a day.",
        "Most comments are reviewed within %(days)d days.",
        days,
    ) % {"days": days}

"""Checks of how often comments are sent: many from one network, or the same text again."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import rate_limit
from comments.models import Comment
from comments.models.checks import CheckOutcome, Verdict, named
from comments.spam.submission import Submission
from comments.tree.status import Status

# Shares of the limit in accounts.rate_limit: above the first a comment is held, above the second
# it also waits behind all others.
HELD_SHARE, FLOOD_SHARE = 1 / 4, 1 / 2
# How long a text is remembered, and how often it may be sent again before it is spam.
REMEMBERED = timedelta(days=30)
TOO_OFTEN = 3


@named("rate", gettext_lazy("many comments in a short time"))
def rate(submission: Submission) -> CheckOutcome | None:
    """Hold what comes from one network or writer faster than people write."""
    if not submission.network:
        return None
    share = rate_limit.used_share(submission.network, submission.user, submission.name)
    if share <= HELD_SHARE:
        return None
    verdict = Verdict.SPAM if share > FLOOD_SHARE else Verdict.HOLD
    return CheckOutcome(rate.name, verdict, _("many comments from the same source in a short time"))


@named("same-words", gettext_lazy("same text as another comment"))
def same_words(submission: Submission) -> CheckOutcome | None:
    """Hold a text that anybody sent before; short ones may be alike.

    Two that are sent in the same moment do not see each other.
    """
    if not submission.text_fingerprint:
        return None
    since = timezone.now() - REMEMBERED
    twins = Comment.objects.filter(same_words=submission.text_fingerprint, created_at__gte=since)
    statuses = twins.exclude(pk=submission.edits).values_list("status", flat=True)
    earlier = list(statuses[:TOO_OFTEN])
    if not earlier:
        return None
    spam = Status.SPAM in earlier or len(earlier) == TOO_OFTEN
    reason = ngettext(
        "same text sent once before",
        "same text sent at least %(count)d times before",
        len(earlier),
    )
    return CheckOutcome(
        same_words.name, Verdict.SPAM if spam else Verdict.HOLD, reason % {"count": len(earlier)}
    )

"""What the checks find in how often something is sent: many from one place, or the same again."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import rate_limit
from comments.models import Comment
from comments.models.checks import CheckOutcome, Verdict
from comments.tree.status import Status

# Of what is refused (accounts.rate_limit): above the first share a comment is held, above the second it
# also waits behind all others, since a flood is under way.
HELD_SHARE, FLOOD_SHARE = 1 / 4, 1 / 2
# How long the same words are remembered, and after how many times they are no slip any more.
REMEMBERED = timedelta(days=30)
TOO_OFTEN = 3


def rate(submission):
    """Hold what comes from one network, or from one writer, faster than people write."""
    if not submission.network:
        return None
    share = rate_limit.used_share(submission.network, submission.user, submission.name)
    if share <= HELD_SHARE:
        return None
    verdict = Verdict.SPAM if share > FLOOD_SHARE else Verdict.HOLD
    return CheckOutcome("rate", verdict, _("many comments came from there in a short time"))


def same_words(submission):
    """Hold words that were sent before, by anybody; a short thank-you may be like another.

    Two that are sent in the same moment do not see each other.
    """
    if not submission.same_words:
        return None
    since = timezone.now() - REMEMBERED
    twins = Comment.objects.filter(same_words=submission.same_words, created_at__gte=since)
    found = list(twins.exclude(pk=submission.edits).values_list("status", flat=True)[:TOO_OFTEN])
    if not found:
        return None
    spam = Status.SPAM in found or len(found) == TOO_OFTEN
    reason = ngettext(
        "the same words were sent once before",
        "the same words were sent %(count)d times before, or more",
        len(found),
    )
    return CheckOutcome(
        "same-words", Verdict.SPAM if spam else Verdict.HOLD, reason % {"count": len(found)}
    )

"""What the checks find in the words themselves: links, and what is on the owner's lists."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.models import Phrase
from comments.models.checks import CheckOutcome, Verdict
from comments.spam import cache
from comments.spam.phrases import find_phrases

# So many times the owner's number of links is no conversation any more.
FAR_TOO_MANY = 3
MOST_NAMED = 5


def links(submission):
    """Hold what leads to as many other places as the owner says, or more."""
    most, count = submission.settings.held_links, len(submission.links)
    if not most or count < most:
        return None
    reason = ngettext("%d link", "%d links", count) % count
    return CheckOutcome(
        "links", Verdict.SPAM if count >= FAR_TOO_MANY * most else Verdict.HOLD, reason
    )


def phrases(submission):
    """Hold what has a word of the owner's lists in it, as spam where that list says so."""
    found = submission.phrases_found(Phrase.Kind.HOLD, Phrase.Kind.SPAM)
    if not found:
        return None
    named = ", ".join(dict.fromkeys(phrase.text for phrase in found[:MOST_NAMED]))
    reason = ngettext("word: %s", "words: %s", len(found)) % named
    spam = any(phrase.kind == Phrase.Kind.SPAM for phrase in found)
    return CheckOutcome("words", Verdict.SPAM if spam else Verdict.HOLD, reason)


def banned(submission):
    """Hold what a banned writer sends: an account, or an address that is proved to be hers."""
    if submission.is_banned:
        return CheckOutcome("banned", Verdict.HOLD, _("its writer is banned"))
    return None


NAME = "care"
# As many as tell why; the card shows the words themselves.
MOST_NAMED = 3


def care_phrases(submission):
    """Return what was found in the words and in the name. One of ``settings.COMMENT_CHECKS``."""
    name = submission.user.name if submission.user else submission.name
    found = matching_phrases(submission.settings, name, submission.text)
    return CheckOutcome(NAME, Verdict.CARE, care_reason(found)) if found else None


def matching_phrases(settings, *texts):
    """Return the care phrases, of all languages, that stand in any of these texts.

    None while care is off. ``settings`` is the row of ``ConversationSettings``.
    """
    if not settings.care_on:
        return []
    listed = cache.check_data(settings.checks_stamp).phrases
    phrases = [phrase for phrase in listed if phrase.kind == Phrase.Kind.CARE]
    here = {phrase.pk for text in texts for phrase in find_phrases(text, phrases)}
    return [phrase for phrase in phrases if phrase.pk in here]


def care_reason(found):
    """Return the sentence for moderators about the phrases that were found."""
    named = ", ".join(f"“{phrase.text}”" for phrase in found[:MOST_NAMED])
    return _("care phrase: %(phrases)s") % {"phrases": named}

"""Checks of the text itself: links, the owner's phrases, care phrases, and bans."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.text.languages import quoted
from comments.models import ConversationSettings, Phrase
from comments.models.checks import CheckOutcome, Verdict, named
from comments.models.hold_reasons import HoldReason
from comments.spam import cache
from comments.spam.phrases import find_phrases
from comments.spam.submission import Submission

# So many times the owner's limit of links is spam.
FAR_TOO_MANY = 3
MOST_NAMED = 5


@named("links", gettext_lazy("links"))
def links(submission: Submission) -> CheckOutcome | None:
    """Hold a comment with as many links as the owner says, or more."""
    most, count = submission.settings.held_links, len(submission.links)
    if not most or count < most:
        return None
    reason = ngettext("%d link", "%d links", count) % count
    return CheckOutcome(
        links.name, Verdict.SPAM if count >= FAR_TOO_MANY * most else Verdict.HOLD, reason
    )


@named("words", gettext_lazy("watched words"))
def phrases(submission: Submission) -> CheckOutcome | None:
    """Hold a comment that contains a listed phrase, as spam if the list says so."""
    found = submission.phrases_found(Phrase.Kind.HOLD, Phrase.Kind.SPAM)
    if not found:
        return None
    texts = ", ".join(dict.fromkeys(phrase.text for phrase in found[:MOST_NAMED]))
    reason = ngettext("watched word: %s", "watched words: %s", len(found)) % texts
    spam = any(phrase.kind == Phrase.Kind.SPAM for phrase in found)
    return CheckOutcome(phrases.name, Verdict.SPAM if spam else Verdict.HOLD, reason)


@named("banned", gettext_lazy("writer banned"))
def banned(submission: Submission) -> CheckOutcome | None:
    """Hold the comments of a banned account or verified address."""
    if submission.is_banned:
        return CheckOutcome(banned.name, Verdict.HOLD, _("writer banned"))
    return None


# Enough to tell why; the card shows the text itself.
MOST_CARE_NAMED = 3


@named("care", HoldReason.CARE.to_moderators)
def care_phrases(submission: Submission) -> CheckOutcome | None:
    """Ask for care if the text or the name contains a care phrase."""
    name = submission.user.name if submission.user else submission.name
    found = matching_phrases(submission.settings, name, submission.text)
    return CheckOutcome(care_phrases.name, Verdict.CARE, care_reason(found)) if found else None


def matching_phrases(settings: ConversationSettings, *texts: str) -> list[Phrase]:
    """Return the care phrases, of all languages, that any of these texts contains.

    The list is empty while care is off.
    """
    if not settings.care_on:
        return []
    listed = cache.check_data().phrases
    phrases = [phrase for phrase in listed if phrase.kind == Phrase.Kind.CARE]
    here = {phrase.pk for text in texts for phrase in find_phrases(text, phrases)}
    return [phrase for phrase in phrases if phrase.pk in here]


def care_reason(phrases: Sequence[Phrase]) -> str:
    """Return the sentence for moderators about the phrases that were found."""
    texts = ", ".join(quoted(phrase.text) for phrase in phrases[:MOST_CARE_NAMED])
    return _("care phrase: %(phrases)s") % {"phrases": texts}

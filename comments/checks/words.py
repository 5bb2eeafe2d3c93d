"""What the checks find in the words themselves: links, and what is on the owner's lists."""

from django.utils.translation import ngettext

from comments.findings import Found, Verdict
from comments.phrases import Phrase

# So many times the owner's number of links is no conversation any more.
FAR_TOO_MANY = 3
MOST_NAMED = 5


def links(submission):
    """Hold what leads to as many other places as the owner says, or more."""
    most, count = submission.settings.held_links, len(submission.links)
    if not most or count < most:
        return None
    reason = ngettext("%d link", "%d links", count) % count
    return Found("links", Verdict.SPAM if count >= FAR_TOO_MANY * most else Verdict.HOLD, reason)


def phrases(submission):
    """Hold what has a word of the owner's lists in it, as spam where that list says so."""
    found = submission.phrases_found(Phrase.Kind.HOLD, Phrase.Kind.SPAM)
    if not found:
        return None
    named = ", ".join(dict.fromkeys(phrase.text for phrase in found[:MOST_NAMED]))
    reason = ngettext("word: %s", "words: %s", len(found)) % named
    spam = any(phrase.kind == Phrase.Kind.SPAM for phrase in found)
    return Found("words", Verdict.SPAM if spam else Verdict.HOLD, reason)

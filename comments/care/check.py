"""Whether somebody should look at the writer of a comment, by the owner's phrases.

A phrase says nothing about a person; it only brings somebody who can read.
"""

from django.utils.translation import gettext as _

from comments.checks import remembered
from comments.findings import Found, Verdict
from comments.phrases import Phrase, found_in

NAME = "care"
# As many as tell why; the card shows the words themselves.
MOST_NAMED = 3


def care_phrases(submission):
    """Return what was found in the words and in the name. One of ``settings.COMMENT_CHECKS``."""
    name = submission.user.name if submission.user else submission.name
    found = found_in_words(submission.settings, name, submission.text)
    return Found(NAME, Verdict.CARE, why(found)) if found else None


def found_in_words(settings, *texts):
    """Return the care phrases, of all languages, that stand in any of these texts.

    None while care is off. ``settings`` is the row of ``ConversationSettings``.
    """
    if not settings.care_on:
        return []
    listed = remembered.at(settings.checks_stamp).phrases
    phrases = [phrase for phrase in listed if phrase.kind == Phrase.Kind.CARE]
    here = {phrase.pk for text in texts for phrase in found_in(text, phrases)}
    return [phrase for phrase in phrases if phrase.pk in here]


def why(found):
    """Return the sentence for moderators about the phrases that were found."""
    named = ", ".join(f"“{phrase.text}”" for phrase in found[:MOST_NAMED])
    return _("care phrase: %(phrases)s") % {"phrases": named}

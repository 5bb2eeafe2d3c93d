"""Precision and recall of the checks that look at words, on labelled texts. Needs Django's setup.

What was learned is measured by folds of sources: no text is judged by what another way to write
out the same line taught.
"""

from comments import markup
from comments.models import ConversationSettings
from comments.spam import bayes, learning, text_checks
from comments.spam.submission import Submission


def measured(texts):
    """Return ``{name of a check: bayes.Quality}`` for texts (of ``corpus.Text``)."""
    sent = [_submission(text.words) for text in texts]
    spam = [text.spam for text in texts]
    linked = [text_checks.links(each) is not None for each in sent]
    scores, held_from = scores_of(texts, sent)
    learned = [score >= held_from for score in scores]
    either = [one or other for one, other in zip(linked, learned, strict=True)]
    return {
        "links": bayes.Quality.of(spam, linked),
        "like spam": bayes.Quality.of(spam, learned),
        "both": bayes.Quality.of(spam, either),
    }


def _submission(text):
    return Submission(text=text, html=markup.render(text), post=None, settings=SETTINGS)


SETTINGS = ConversationSettings()  # as they are when nobody has changed them


def scores_of(texts, sent):
    """Return ``(scores, held_from)``: each text by what the texts of other lines taught."""
    examples = [
        bayes.Example(
            learning.tokens_of(each.text, each.links), f"{text.source}/{place}", text.spam
        )
        for place, (each, text) in enumerate(zip(sent, texts, strict=True))
    ]
    scores = bayes.scores_by_others(examples, lambda example: example.writer.partition("/")[0])
    return scores, bayes.threshold([text.spam for text in texts], scores)

"""Precision and recall of the text-based spam checks, on labelled texts. Needs django.setup().

The classifier is cross-validated with folds by source: no text is scored by a model trained on
another variant of the same line.
"""

from bench.spam.corpus import Text
from comments import markup
from comments.models import ConversationSettings
from comments.spam import bayes, learning, text_checks
from comments.spam.submission import Submission


def measured(texts: list[Text]) -> dict[str, bayes.Quality]:
    """Return ``{name of a check: quality}`` for these texts."""
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


SETTINGS = ConversationSettings()  # the defaults


def scores_of(texts: list[Text], sent: list[Submission]) -> tuple[list[float], float]:
    """Return ``(scores, threshold)``, with each text scored by a model of the other lines."""
    examples = [
        bayes.Example(
            learning.tokens_of(each.text, each.links), f"{text.source}/{place}", text.spam
        )
        for place, (each, text) in enumerate(zip(sent, texts, strict=True))
    ]
    scores = bayes.scores_by_others(examples, lambda example: example.writer.partition("/")[0])
    return scores, bayes.threshold([text.spam for text in texts], scores)

"""A cache in the process for what every check needs: the phrases and the classifier.

``ConversationSettings`` carries a random stamp that each change renews in its own transaction. It
is read each time, so no process uses old data.
"""

from dataclasses import dataclass

from comments.models import ClassifierState, ConversationSettings, Phrase
from comments.spam import bayes


@dataclass(frozen=True)
class CheckData:
    """The owner's active phrases of all kinds, and the classifier."""

    phrases: tuple
    classifier: bayes.Model


def model_of(state: ClassifierState) -> bayes.Model:
    """Return the ``bayes.Model`` stored in a ``ClassifierState``."""
    return bayes.Model(state.spam, state.kept, state.tokens, state.held_from)


_kept = ("", None)


def check_data(stamp: str | None = None) -> CheckData:
    """Return the ``CheckData`` as stored now; one query, unless it has changed.

    ``stamp`` saves that query: that of settings that were read just now.
    """
    global _kept
    if stamp is None:
        stamp = ConversationSettings.current_checks_stamp()
    known, data = _kept
    if known != stamp or not stamp:
        state = ClassifierState.objects.first() or ClassifierState()
        data = CheckData(tuple(Phrase.objects.active()), model_of(state))
        _kept = (stamp, data)
    return data

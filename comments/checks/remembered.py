"""What the checks need each time and what seldom changes: kept in the process, by its stamp.

The row of ``ConversationSettings``, which everybody reads anyway, carries a random stamp that each
change renews in its own transaction; so nothing old is taken for new, in no process.
"""

from dataclasses import dataclass

from comments.checks import bayes
from comments.findings import Learned
from comments.phrases import Phrase


@dataclass(frozen=True)
class Remembered:
    """The owner's phrases that are looked for, of all kinds, and what was learned."""

    phrases: tuple
    model: bayes.Model


def model_of(learned):
    """Return the ``bayes.Model`` in a row of ``Learned``."""
    return bayes.Model(learned.spam, learned.kept, learned.tokens, learned.held_from)


_kept = ("", None)


def at(stamp):
    """Return the ``Remembered`` that belongs to this stamp; it is read if it was not yet."""
    global _kept
    known, remembered = _kept
    if known != stamp:
        learned = Learned.objects.first() or Learned()
        remembered = Remembered(tuple(Phrase.objects.active()), model_of(learned))
        _kept = (stamp, remembered)
    return remembered

"""A naive Bayes score: how much a text is like those that people marked as spam.

Plain arithmetic on counts, nothing of Django. Each text counts a token once; the score is the
logarithm of how much likelier its tokens are among spam than among what was kept (base e; 0 is
undecided), and does not ask how much spam there is in all. See Manning, Raghavan and Schütze,
"Introduction to Information Retrieval", section 13.3 (the Bernoulli model, of which only tokens
that are there are counted).
"""

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

# Fewer are no basis to hold anything.
LEAST_EXAMPLES = 50
# A token that fewer people used may tell who one of them is.
LEAST_WRITERS = 5
# The strongest that are kept: a score needs no more, and the row stays small.
MOST_TOKENS = 1500
# A text is held from 20 to 1 on at the earliest, and not before so few of what was kept would be:
# a mistake costs somebody a wait.
HELD_FROM, MOST_MISTAKES = math.log(20), 1 / 100
# One token alone proves little, and one that was never seen among the others not everything.
LEAST_TOKENS, STRONGEST = 3, math.log(30)
TOP, MOST_SHOWN = 5, 20
LONGEST_TOKEN = 24
HOST = re.compile(r"https?://(?:www\.)?([^/\s:?#]+)", re.IGNORECASE)
# What an address is made of says nothing; what it is called does.
PARTS_OF_HOST = re.compile(r"[^\W\d_]{3,}")


class Example(NamedTuple):
    """A text that a person decided about: its tokens, who wrote it, and whether it was spam."""

    tokens: frozenset
    writer: str
    spam: bool


@dataclass(frozen=True)
class Model:
    """In how many texts of each kind a token stood: ``tokens`` is ``{token: [spam, kept]}``.

    A text is held whose score is ``held_from`` or more.
    """

    spam: int = 0
    kept: int = 0
    tokens: dict = field(default_factory=dict)
    held_from: float = HELD_FROM

    @property
    def may_speak(self):
        """Whether enough was decided to hold anything by it."""
        return min(self.spam, self.kept) >= LEAST_EXAMPLES

    def weight(self, token):
        """Return how much this token speaks for spam (above 0) or against it."""
        spam, kept = self.tokens[token]
        likelier = math.log((spam + 1) / (self.spam + 2)) - math.log((kept + 1) / (self.kept + 2))
        return max(-STRONGEST, min(STRONGEST, likelier))

    def strongest(self, side):
        """Return ``(token, texts of spam, others)`` of those that speak most for spam (``side`` is
        1) or against it (-1).
        """
        found = [token for token in self.tokens if side * self.weight(token) > 0]
        found.sort(key=lambda token: (-_gain(self, token), token))
        return [(token, *self.tokens[token]) for token in found[:MOST_SHOWN]]

    def score(self, tokens):
        """Return ``(score, the tokens that speak most for spam)``; 0 for what is not known."""
        weights = {token: self.weight(token) for token in tokens if token in self.tokens}
        if len(weights) < LEAST_TOKENS:
            return 0.0, []
        top = sorted((t for t in weights if weights[t] > 0), key=lambda t: (-weights[t], t))
        return sum(weights.values()), top[:TOP]

    def holds(self, tokens):
        """Return whether a text of these tokens is held."""
        return self.score(tokens)[0] >= self.held_from


def tokens(words, links=()):
    """Return the tokens of folded ``words`` (a text without addresses) and of its links."""
    found = {word for word in words.split() if 2 < len(word) <= LONGEST_TOKEN}
    for link in links:
        if match := HOST.match(link):
            name = match[1].lower().rpartition(".")[0]
            found.update(f"{part}/" for part in PARTS_OF_HOST.findall(name))
    if links:
        found.add("1 link" if len(links) == 1 else "2+ links")
    return frozenset(found)


def learn(examples):
    """Return the ``Model`` of these examples (of ``Example``)."""
    counts, writers = {True: Counter(), False: Counter()}, defaultdict(set)
    totals = Counter()
    for example in examples:
        totals[example.spam] += 1
        counts[example.spam].update(example.tokens)
        for token in example.tokens:
            writers[token].add(example.writer)
    pairs = {
        token: [counts[True][token], counts[False][token]]
        for token, who in writers.items()
        if len(who) >= LEAST_WRITERS
    }
    model = Model(totals[True], totals[False], pairs)
    strongest = sorted(pairs, key=lambda token: (-_gain(model, token), token))[:MOST_TOKENS]
    return Model(model.spam, model.kept, {token: pairs[token] for token in sorted(strongest)})


def _gain(model, token):
    """How much a token tells, and how often: rare ones are of little use."""
    return abs(model.weight(token)) * math.sqrt(sum(model.tokens[token]))


@dataclass(frozen=True)
class Quality:
    """What came of texts that the model had not learnt from: right, missed and wrong holds."""

    held_spam: int = 0
    missed_spam: int = 0
    held_kept: int = 0
    passed_kept: int = 0

    @classmethod
    def of(cls, spam, held):
        """Return what came of texts: two lists, whether each is spam and whether it was held."""
        counts = Counter(zip(spam, held, strict=True))
        pairs = [(True, True), (True, False), (False, True), (False, False)]
        return cls(*(counts[pair] for pair in pairs))

    @property
    def precision(self):
        """Of what was held, how much was spam; None where nothing was held."""
        held = self.held_spam + self.held_kept
        return self.held_spam / held if held else None

    @property
    def recall(self):
        """Of the spam, how much was held; None where there was none."""
        spam = self.held_spam + self.missed_spam
        return self.held_spam / spam if spam else None


FOLDS = 5


def cross_validated(examples, source=lambda example: example.writer):
    """Return ``(Quality, held_from)``: each fifth judged by what the others taught.

    ``source`` is given an example and returns a text: examples of one stay together, so that
    nobody's second text is judged by what her first one taught.
    """
    scores = scores_by_others(examples, source)
    spam = [example.spam for example in examples]
    held_from = threshold(spam, scores)
    return Quality.of(spam, [score >= held_from for score in scores]), held_from


def scores_by_others(examples, source):
    """Return for each example its score by what the examples of other sources taught."""
    sources = sorted({source(example) for example in examples})
    fold_of = {one: place % FOLDS for place, one in enumerate(sources)}
    folds = [fold_of[source(example)] for example in examples]
    models = [
        learn(example for example, fold in zip(examples, folds, strict=True) if fold != out)
        for out in range(FOLDS)
    ]
    return [
        models[fold].score(example.tokens)[0] for example, fold in zip(examples, folds, strict=True)
    ]


def threshold(spam, scores):
    """Return the score from which on to hold, so that few of what is no spam would be held."""
    kept = sorted(
        (score for is_spam, score in zip(spam, scores, strict=True) if not is_spam), reverse=True
    )
    above = kept[int(len(kept) * MOST_MISTAKES) :]
    return max(HELD_FROM, math.nextafter(above[0], math.inf)) if above else HELD_FROM

"""A naive Bayes classifier for spam: plain arithmetic on counts, without Django.

Each text counts a token once; the score is the natural logarithm of how much likelier its tokens
are among spam than among ham (0 is undecided), without a prior for spam. See Manning, Raghavan
and Schütze, "Introduction to Information Retrieval", section 13.3 (the Bernoulli model, counting
present tokens only).
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# Fewer examples of either kind hold nothing.
LEAST_EXAMPLES = 50
# Tokens used by fewer people could identify somebody.
LEAST_WRITERS = 5
# Only the strongest tokens are kept: a score needs no more.
MOST_TOKENS = 1500
# Texts are held from odds of 20 to 1 at the earliest, and only if so few good ones would be.
HELD_FROM, MOST_MISTAKES = math.log(20), 1 / 100
# One token alone proves little, and none may decide everything.
LEAST_TOKENS, STRONGEST = 3, math.log(30)
TOP, MOST_SHOWN = 5, 20
LONGEST_TOKEN = 24
HOST = re.compile(r"https?://(?:www\.)?([^/\s:?#]+)", re.IGNORECASE)
# Of a host name only words are tokens.
PARTS_OF_HOST = re.compile(r"[^\W\d_]{3,}")


class Example(NamedTuple):
    """A text a moderator decided about: its tokens, its writer, and whether it was spam."""

    tokens: frozenset
    writer: str
    spam: bool


@dataclass(frozen=True)
class Model:
    """Token counts by kind of text: ``tokens`` is ``{token: [spam, kept]}``.

    A text with a score of ``held_from`` or more is held.
    """

    spam: int = 0
    kept: int = 0
    tokens: dict = field(default_factory=dict)
    held_from: float = HELD_FROM

    @property
    def has_enough_examples(self) -> bool:
        """Whether it learned from enough examples to hold anything."""
        return min(self.spam, self.kept) >= LEAST_EXAMPLES

    def weight(self, token: str) -> float:
        """Return how strongly a token indicates spam (above 0) or ham."""
        spam, kept = self.tokens[token]
        likelier = math.log((spam + 1) / (self.spam + 2)) - math.log((kept + 1) / (self.kept + 2))
        return max(-STRONGEST, min(STRONGEST, likelier))

    def strongest(self, side: int) -> list[tuple[str, int, int]]:
        """Return ``(token, spam texts, other texts)`` of the strongest tokens for ``side``.

        1 is spam, -1 is ham.
        """
        tokens = [token for token in self.tokens if side * self.weight(token) > 0]
        tokens.sort(key=lambda token: (-_gain(self, token), token))
        return [(token, *self.tokens[token]) for token in tokens[:MOST_SHOWN]]

    def score(self, tokens: Iterable[str]) -> tuple[float, list[str]]:
        """Return ``(score, strongest spam tokens)``; the score is 0 with too few known tokens."""
        weights = {token: self.weight(token) for token in tokens if token in self.tokens}
        if len(weights) < LEAST_TOKENS:
            return 0.0, []
        top = sorted((t for t in weights if weights[t] > 0), key=lambda t: (-weights[t], t))
        return sum(weights.values()), top[:TOP]

    def holds(self, tokens: Iterable[str]) -> bool:
        """Return whether a text with these tokens is held."""
        return self.score(tokens)[0] >= self.held_from


def tokens(words: str, links: Sequence[str] = ()) -> frozenset[str]:
    """Return the tokens of a folded text without URLs, and of its links."""
    result = {word for word in words.split() if 2 < len(word) <= LONGEST_TOKEN}
    for link in links:
        if match := HOST.match(link):
            name = match[1].lower().rpartition(".")[0]
            result.update(f"{part}/" for part in PARTS_OF_HOST.findall(name))
    if links:
        result.add("1 link" if len(links) == 1 else "2+ links")
    return frozenset(result)


def learn(examples: Iterable[Example]) -> Model:
    """Return the ``Model`` learned from these examples."""
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
    """Rank a token by its weight and its frequency; rare ones are of little use."""
    return abs(model.weight(token)) * math.sqrt(sum(model.tokens[token]))


@dataclass(frozen=True)
class Quality:
    """The model's results on texts it had not learned from, as a confusion matrix."""

    held_spam: int = 0
    missed_spam: int = 0
    held_kept: int = 0
    passed_kept: int = 0

    @classmethod
    def of(cls, spam: Sequence[bool], held: Sequence[bool]) -> "Quality":
        """Count texts by whether each is spam and whether it was held."""
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


def cross_validated(
    examples: Sequence[Example], source: Callable[[Example], str] = lambda example: example.writer
) -> tuple[Quality, float]:
    """Return ``(Quality, held_from)`` by cross-validation in FOLDS parts.

    ``source`` groups the examples: those of one writer stay in one part.
    """
    scores = scores_by_others(examples, source)
    spam = [example.spam for example in examples]
    held_from = threshold(spam, scores)
    return Quality.of(spam, [score >= held_from for score in scores]), held_from


def scores_by_others(examples: Sequence[Example], source: Callable[[Example], str]) -> list[float]:
    """Score each example by a model learned from the other parts."""
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


def threshold(spam: Sequence[bool], scores: Sequence[float]) -> float:
    """Return the lowest score to hold, such that at most MOST_MISTAKES of the ham is held."""
    kept = sorted(
        (score for is_spam, score in zip(spam, scores, strict=True) if not is_spam), reverse=True
    )
    above = kept[int(len(kept) * MOST_MISTAKES) :]
    return max(HELD_FROM, math.nextafter(above[0], math.inf)) if above else HELD_FROM

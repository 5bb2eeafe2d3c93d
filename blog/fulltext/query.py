"""Parser for the search field: words, "phrases", -excluded and prefix*.

The last word always counts as a prefix, since it may be unfinished. There is no invalid input:
what holds no letter, number or emoji is ignored, and ``Query.ignored`` says so.
"""

import re
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from accounts.text.spelling import GERSHAYIM, THOUSANDS, digits
from blog.fulltext import normalization
from blog.fulltext.normalization import MAX_WORD, words

MAX_TEXT = 200  # characters
MAX_TERMS = 12
LEAST_APART = 4  # letters of a word that may be written as two
# Typographic quotes, as phones and other languages use them.
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
TERM = re.compile(r'(?P<no>[-−–]?)(?:"(?P<phrase>[^"]*)(?P<end>"?)|(?P<bare>[^\s"]+))')
# "ue" may stand for "ü" where the text has it; see normalization.written_out.
READ_BACK = re.compile("(?<=[aou])e|(?<=a)a")


class Way(NamedTuple):
    """One way to write a term: consecutive words; with ``prefix``, the last may be unfinished."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True)
class Term:
    """What one piece of a query looks for: a text has it if it holds one of these ways."""

    ways: tuple[Way, ...]

    def also(self, *more: Way) -> Self:
        """Return this term with further ways."""
        return replace(self, ways=tuple(dict.fromkeys([*self.ways, *more])))


@dataclass(frozen=True)
class Query:
    """A parsed query: results contain every ``wanted`` term and no ``unwanted`` one.

    Without wanted terms, the query is falsy and finds nothing. ``ignored`` are the pieces, as
    typed, in which there is nothing to look for.
    """

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    ignored: tuple[str, ...] = ()

    def __bool__(self):
        return bool(self.wanted)

    def apart(self) -> Self:
        """Return this query with each wanted word also written as two: "wellbeing", "well being".

        For a second try, when the query has found nothing.
        """
        return replace(self, wanted=tuple(term.also(*_apart(term)) for term in self.wanted))


def parse(text: str) -> Query:
    """Return the ``Query`` for a text as typed; never raises."""
    text = GERSHAYIM.sub("\u05f4", text[:MAX_TEXT].translate(QUOTES))
    pieces = [piece for piece in TERM.finditer(text) if _typed(piece).strip("*-–−")]
    last = next((piece for piece in reversed(pieces) if words(_typed(piece))), None)
    read = _with_neighbours(text, [(piece, _terms(piece, piece is last)) for piece in pieces])
    sides = {"wanted": [], "unwanted": []}
    for piece, terms in [each for each in read if each[1]][:MAX_TERMS]:
        sides["unwanted" if piece["no"] else "wanted"] += terms
    return Query(
        **{side: tuple(dict.fromkeys(terms))[:MAX_TERMS] for side, terms in sides.items()},
        ignored=tuple(_typed(piece) for piece, terms in read if not terms),
    )


def _typed(piece):
    return piece["bare"] or piece["phrase"] or ""


def _terms(piece, last):
    """Return the terms of a piece: its words, and apart from them C++ and the like, and emoji."""
    typed, no = _typed(piece), piece["no"]
    prefix = typed.endswith("*") or (last and not no and not piece["end"])
    in_order, signed = words(typed), normalization.signed(typed)
    terms = [Term((Way((word,)),)) for word in [*signed, *normalization.emoji(typed)]]
    if len(in_order) > len(signed):
        terms.insert(0, _plain(typed, in_order, prefix))
    # Together they are one thing to leave out; it is its words if it has some.
    return terms[:1] if no else terms


def _plain(typed, in_order, prefix):
    """Return the term of the words of a piece, in every spelling."""
    spelled = [typed, THOUSANDS.sub(digits, typed), normalization.written_out(typed)]
    ways = [tuple(in_order)]
    for each in dict.fromkeys(spelled):
        ways += [tuple(words(each)), tuple(normalization.together(each))]
    if len(in_order) > 1:
        ways.append(tuple(READ_BACK.sub("", word) for word in in_order))
    return Term(tuple(dict.fromkeys(Way(way, prefix) for way in ways)))


def _with_neighbours(text, read):
    """Return pieces and terms where words beside each other may also be one: "e mail", "10 000"."""
    read = list(read)

    def add(numbers, word):
        prefix = read[numbers[-1]][1][0].ways[0].prefix
        for number in numbers:
            piece, (plain, *others) = read[number]
            read[number] = piece, [plain.also(Way((word[:MAX_WORD],), prefix)), *others]

    alone = {number for number, (piece, terms) in enumerate(read) if _is_one_word(piece, terms)}
    for first in [number for number in sorted(alone) if number + 1 in alone]:
        pair = [first, first + 1]
        add(pair, "".join(read[number][1][0].ways[0].words[0] for number in pair))
    for number in THOUSANDS.finditer(text):
        inside = [
            at for at in sorted(alone) if number.start() <= read[at][0].start() < number.end()
        ]
        if len(inside) > 2:
            add(inside, words(digits(number))[0])
    return read


def _is_one_word(piece, terms):
    return (
        bool(terms)
        and not piece["no"]
        and piece["bare"] is not None
        and not piece["bare"].endswith("*")
        and len(in_order := words(piece["bare"])) == 1
        and terms[0].ways[0].words == tuple(in_order)  # and not C++, nor an emoji
    )


def _apart(term):
    """Yield the ways in which a word of a term may be written as two."""
    for way in term.ways:
        if len(way.words) == 1 and len(word := way.words[0]) >= LEAST_APART:
            yield from (Way((word[:at], word[at:]), way.prefix) for at in range(1, len(word)))

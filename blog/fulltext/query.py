"""Parser for the search field: words, "phrases", -excluded and prefix*.

The last word always counts as a prefix, since it may be unfinished. There is no invalid input:
what holds no letter, number or emoji is ignored, and ``Query.ignored`` says so.
"""

import re
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from accounts.text.spelling import GERSHAYIM, THOUSANDS, digits
from blog.fulltext import normalization
from blog.fulltext.normalization import IF_SO, MAX_WORD, words

MAX_TEXT = 200  # characters
MAX_TERMS = 12
MAX_ROW = 30  # words in a row: "a a a a" is at every place of a text
LEAST_APART = 4  # letters of a word that may be written as two
# Typographic quotes, as phones and other languages use them.
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
TERM = re.compile(r'(?P<no>[-−–]?)(?:"(?P<phrase>[^"]*)(?P<end>"?)|(?P<bare>[^\s"]+))')


class Way(NamedTuple):
    """One way to write a term: consecutive words; with ``prefix``, the last may be unfinished."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True)
class Term:
    """What one piece of a query looks for: a text has it if it holds one of these ways.

    ``written`` are further ways, of languages that write out "ü" as "ue" and the like: to be
    marked, and to be looked for if there are several words in them.
    """

    ways: tuple[Way, ...]
    written: tuple[Way, ...] = ()

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

    def written_out(self) -> Self:
        """Return this query for a blog in a language where "ue" may stand for "ü"."""
        sides = {side: getattr(self, side) for side in ("wanted", "unwanted")}
        return replace(
            self,
            **{
                side: tuple(term.also(*_if_so(term)) for term in terms)
                for side, terms in sides.items()
            },
        )

    def loosely(self) -> Self:
        """Return this query for a second try, when it has found nothing.

        Each wanted word may also be two ("wellbeing", "well being"), and "ue" may stand for "ü"
        wherever nobody has said that a text is in another language.
        """
        wanted = (term.also(*_if_so(term), *_apart(term)) for term in self.wanted)
        return replace(self, wanted=tuple(wanted))


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
    ways = [tuple(in_order)]
    for each in dict.fromkeys([typed, THOUSANDS.sub(digits, typed)]):
        ways += [tuple(words(each)), tuple(normalization.together(each))]
    out = normalization.written_out(typed)
    written = [tuple(words(out)), tuple(normalization.together(out))] if out != typed else []
    if len(in_order) > 1:
        written.append(tuple(map(normalization.read_back, in_order)))
    written = [way for way in written if way not in ways]
    return Term(_ways(ways, prefix), _ways(written, prefix))


def _ways(rows, prefix):
    return tuple(Way(row[:MAX_ROW], prefix and len(row) <= MAX_ROW) for row in dict.fromkeys(rows))


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


def _if_so(term):
    """Yield what the words of a term are in texts of which nobody has said the language.

    Of a single word, the index knows whether it may be written so; of several in a row it cannot.
    """
    yield from (way for way in term.written if len(way.words) > 1)
    for way in term.ways:
        if len(way.words) == 1 and not way.words[0].startswith(IF_SO):
            yield Way((f"{IF_SO}{way.words[0]}"[:MAX_WORD],), way.prefix)


def _apart(term):
    """Yield the ways in which the word that was typed may be written as two."""
    words, prefix = term.ways[0]
    if len(words) == 1 and len(word := words[0]) >= LEAST_APART:
        yield from (Way((word[:at], word[at:]), prefix) for at in range(1, len(word)))

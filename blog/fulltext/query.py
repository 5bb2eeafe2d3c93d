"""Parser for the search field: words, "phrases", -excluded and prefix*.

The last word always counts as a prefix, since it may be unfinished. There is no invalid input:
anything that is not a word is ignored.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from blog.fulltext.normalization import words

MAX_TEXT = 200  # characters
MAX_TERMS = 12
# Typographic quotes, as phones and other languages use them.
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
TERM = re.compile(r'(?P<no>[-−–]?)(?:"(?P<phrase>[^"]*)(?P<end>"?)|(?P<bare>[^\s"]+))')


@dataclass(frozen=True)
class Term:
    """One or more consecutive folded words; with ``prefix``, the last one is only a prefix."""

    words: tuple[str, ...]
    prefix: bool = False

    def begins(self, words: Sequence[str], at: int) -> bool:
        """Return whether this term matches the folded words of a text at index ``at``."""
        if not words[at].startswith(self.words[0]):
            return False
        part = tuple(words[at : at + len(self.words)])
        if len(part) < len(self.words) or part[:-1] != self.words[:-1]:
            return False
        return part[-1].startswith(self.words[-1]) if self.prefix else part[-1] == self.words[-1]


@dataclass(frozen=True)
class Query:
    """A parsed query: results contain every ``wanted`` term and no ``unwanted`` one.

    Without wanted terms, the query is falsy and finds nothing.
    """

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    def __bool__(self):
        return bool(self.wanted)


def parse(text: str) -> Query:
    """Return the ``Query`` for a text as typed; never raises."""
    pieces = [
        (piece, found)
        for piece in TERM.finditer(text[:MAX_TEXT].translate(QUOTES))
        if (found := words(piece["bare"] or piece["phrase"] or ""))
    ][:MAX_TERMS]
    sorted_out = {False: [], True: []}
    for piece, found in pieces:
        no, last = bool(piece["no"]), piece is pieces[-1][0]
        sorted_out[no].append(Term(tuple(found), _is_prefix(piece, last and not no)))
    return Query(*(tuple(dict.fromkeys(terms)) for terms in sorted_out.values()))


def _is_prefix(piece, last):
    typed = piece["bare"] or piece["phrase"]
    return typed.endswith("*") or (last and not piece["end"])

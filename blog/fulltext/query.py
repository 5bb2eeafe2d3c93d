"""What somebody typed into the search field, understood.

words, "phrases", -not, and pref*; the last word is the beginning of one, as it may not be
finished. There is no wrong input: what is no word is passed over.
"""

import re
from dataclasses import dataclass

from blog.fulltext.normalization import words

MAX_TEXT = 200  # characters
MAX_TERMS = 12
# Quotes as phones and other languages set them.
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
TERM = re.compile(r'(?P<no>[-−–]?)(?:"(?P<phrase>[^"]*)(?P<end>"?)|(?P<bare>[^\s"]+))')


@dataclass(frozen=True)
class Term:
    """Words that follow one another, folded; with ``prefix`` the last is the beginning of one."""

    words: tuple[str, ...]
    prefix: bool = False

    def begins(self, words, at):
        """Return whether a text whose words these are holds this term from the word ``at`` on."""
        if not words[at].startswith(self.words[0]):
            return False
        part = tuple(words[at : at + len(self.words)])
        if len(part) < len(self.words) or part[:-1] != self.words[:-1]:
            return False
        return part[-1].startswith(self.words[-1]) if self.prefix else part[-1] == self.words[-1]


@dataclass(frozen=True)
class Query:
    """All ``wanted`` terms are in what is found, none of ``unwanted`` is.

    Without a wanted term nothing is looked for, and the query is false.
    """

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    def __bool__(self):
        return bool(self.wanted)


def parse(text):
    """Return the ``Query`` that a text stands for; never raises."""
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

"""Excerpts around search matches, with the matches in <mark>, as safe HTML."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts.text.spelling import EMOJI, FOLDS, HASH, JOIN, PLUS, WRITTEN_OUT
from blog.fulltext.normalization import IF_SO, LETTER
from blog.fulltext.query import Term

LENGTH = 240  # characters: two or three lines
BEFORE = 80
# Matches further down are found, but the snippet does not show them.
SEEN = 100_000
BLOCK = 1_000  # characters that are folded together to find a place
A_WORD = 40  # characters in which a text with spaces has one
UMLAUTS = dict.fromkeys("ou", "e?") | {"a": "[ae]?"}
APART = f"[ {JOIN}{PLUS}{HASH}]"
# As "ue" may have been typed for "ü", which folds to "u".
WRITTEN = {ord(sign): out for a, out in WRITTEN_OUT.items() for sign in (a, a.upper())}
WRITTEN |= {0x0308: "e", 0x030A: "a"}  # the dots and the ring as characters of their own


def highlight(text: str, terms: Sequence[Term]) -> SafeString:
    """Return a plain text as HTML with each match of one of the terms in a <mark>."""
    return _marked(text, _places(text, _pattern(tuple(terms))))


def snippet(text: str, terms: Sequence[Term]) -> SafeString:
    """Return the part of a plain text around the first match; its beginning without a match."""
    pattern = _pattern(tuple(terms))
    first = _first(text[:SEEN], pattern)
    if first is None:
        pattern = _pattern(tuple(terms), loosely=True)
        first = _first(text[:SEEN], pattern)
    start = _start(text, first or 0)
    end = _end(text, start + LENGTH)
    dots = "… " if start else "", " …" if end < len(text) else ""
    shown = text[start:end]
    return mark_safe(f"{dots[0]}{_marked(shown, _places(shown, pattern))}{dots[1]}")  # noqa: S308 - escaped


@lru_cache(maxsize=16)
def _pattern(terms, loosely=False):
    """Return a regular expression that finds the terms in a folded text.

    ``loosely``: "muller" finds "mueller" as well, which only the index knows to be meant.
    """
    ways = {way for term in terms for way in (*term.ways, *term.written)}
    found = sorted((_way_pattern(way, loosely) for way in ways), key=len, reverse=True)
    return re.compile("|".join(found) or "(?!)")


def _way_pattern(way, loosely):
    if way.words[0].startswith(IF_SO):
        way = way._replace(words=(way.words[0][1:],))
    if (way.words[0][-1] in PLUS + HASH) or EMOJI.match(way.words[0]):
        return re.escape(way.words[0])
    words = f"{APART}+".join(_word_pattern(word, loosely) for word in way.words)
    return f"(?<!{LETTER}){words}" + (f"{LETTER}*" if way.prefix else f"(?!{LETTER})")


def _word_pattern(word, loosely):
    """Between the letters of a word may be one sign that joins it, and between digits a space."""
    if word.isdecimal():
        return f"{APART}?".join(word)
    more = UMLAUTS if loosely else {}
    signs = [re.escape(sign) + more.get(sign, "") for sign in word]
    # A letter alone in front may stand apart: "e mail".
    return f"{signs[0]}{APART}?" + f"{JOIN}?".join(signs[1:]) if signs[1:] else signs[0]


def _first(text, pattern):
    """Return where the first match begins, or None."""
    starts = []
    for folds in _ways_to_fold(text):
        if found := pattern.search(text.translate(folds)):
            starts.append(_place(text, found.start(), folds))
    return min(starts, default=None)


def _place(text, at, folds):
    for start in range(0, len(text), BLOCK):
        block = text[start : start + BLOCK]
        if at < (length := len(block.translate(folds))):
            return start + _offsets(block, folds)[at]
        at -= length
    return 0


def _ways_to_fold(text):
    """Return how the characters of a text may be folded: as they are, and written out."""
    return (FOLDS,) if text.isascii() else (FOLDS, _WrittenFolds())


class _WrittenFolds:
    def __getitem__(self, code):
        return WRITTEN.get(code) or FOLDS[code]


def _offsets(text, folds):
    """Return for each character of the folded text where it is in the text."""
    return [at for at, sign in enumerate(text) for _part in folds[ord(sign)]]


def _places(text, pattern):
    """Return ``[(start, end)]`` of the matches, in order and without overlaps."""
    found = sorted(each for folds in _ways_to_fold(text) for each in _matches(text, pattern, folds))
    places = []
    for start, end in found:
        if places and start <= places[-1][1]:
            first, last = places.pop()
            start, end = first, max(last, end)
        places.append((start, end))
    return places


def _matches(text, pattern, folds):
    offsets = _offsets(text, folds)
    for found in pattern.finditer(text.translate(folds)):
        start, end = offsets[found.start()], offsets[found.end() - 1] + 1
        while end < len(text) and not FOLDS[ord(text[end])]:
            end += 1  # an accent that is a character of its own
        yield start, end


def _marked(text, places):
    edges = [0, *(edge for place in places for edge in place), len(text)]
    parts = [(text[a:b],) for a, b in pairwise(edges)]
    plain, found = parts[::2], parts[1::2]
    html = format_html_join("", "{}", plain[:1])
    for inside, after in zip(found, plain[1:], strict=True):
        html += format_html_join("", "<mark>{}</mark>", [inside])
        html += format_html_join("", "{}", [after])
    return html


def _start(text, first):
    """Return where the excerpt begins: with a word, if there are spaces between words."""
    if first <= BEFORE:
        return 0
    space = text.find(" ", first - BEFORE, first)
    return space + 1 if space >= 0 else first - BEFORE


def _end(text, most):
    if most >= len(text):
        return len(text)
    space = text.rfind(" ", most - A_WORD, most + 1)
    return space if space >= 0 else most

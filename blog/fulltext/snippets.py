"""Excerpts around search matches, with the matches in <mark>, as safe HTML."""

import re
from collections.abc import Sequence
from itertools import pairwise

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts.text.spelling import EMOJI, FOLDS, HASH, JOIN, PLUS
from blog.fulltext.normalization import LETTER, raw
from blog.fulltext.query import Term

LENGTH = 240  # characters: two or three lines
BEFORE = 80
# Matches further down are found, but the snippet does not show them.
SEEN = 100_000
BLOCK = 1_000  # characters that are folded together to find a place
A_WORD = 40  # characters in which a text with spaces has one
APART = f"[ {JOIN}{PLUS}{HASH}]"
# "ue" may have been typed for "ü", which folds to "u".
WRITTEN_OUT = re.compile("(?<=[aou])e|(?<=a)a")


def highlight(text: str, terms: Sequence[Term]) -> SafeString:
    """Return a plain text as HTML with each match of one of the terms in a <mark>."""
    return _marked(text, _places(text, _pattern(terms)))


def snippet(text: str, terms: Sequence[Term]) -> SafeString:
    """Return the part of a plain text around the first match; its beginning without a match."""
    pattern = _pattern(terms)
    start = _start(text, _first(text[:SEEN], pattern))
    end = _end(text, start + LENGTH)
    dots = "… " if start else "", " …" if end < len(text) else ""
    shown = text[start:end]
    return mark_safe(f"{dots[0]}{_marked(shown, _places(shown, pattern))}{dots[1]}")  # noqa: S308 - escaped


def _pattern(terms):
    """Return a regular expression that finds the terms in a text as ``normalization.raw`` folds it.

    It may find a little more than the search has, as it reads "ue" as "u" anywhere.
    """
    ways = {way for term in terms for way in term.ways}
    found = sorted({_way_pattern(way) for way in ways}, key=len, reverse=True)
    return re.compile("|".join(found) or "(?!)")


def _way_pattern(way):
    if (way.words[0][-1] in PLUS + HASH) or EMOJI.match(way.words[0]):
        return re.escape(way.words[0])
    words = f"{APART}+".join(map(_word_pattern, way.words))
    return f"(?<!{LETTER}){words}" + (f"{LETTER}*" if way.prefix else f"(?!{LETTER})")


def _word_pattern(word):
    """Between the letters of a word may be one sign that joins it, and between digits a space."""
    if word.isdecimal():
        return f"{APART}?".join(word)
    signs = [re.escape(sign) for sign in word]
    for found in WRITTEN_OUT.finditer(word):
        signs[found.start()] += "?"
    # A letter alone in front may stand apart: "e mail".
    return f"{signs[0]}{APART}?" + f"{JOIN}?".join(signs[1:]) if signs[1:] else signs[0]


def _first(text, pattern):
    """Return where the first match begins, or 0."""
    found = pattern.search(raw(text))
    at = found.start() if found else 0
    for start in range(0, len(text), BLOCK):
        block = text[start : start + BLOCK]
        if at < (length := len(raw(block))):
            return start + _offsets(block)[at]
        at -= length
    return 0


def _offsets(text):
    """Return for each character of the folded text where it is in the text."""
    return [at for at, sign in enumerate(text) for _part in FOLDS[ord(sign)]]


def _places(text, pattern):
    """Return ``[(start, end)]`` of the matches, in order and without overlaps."""
    offsets, places = _offsets(text), []
    for found in pattern.finditer(raw(text)):
        start, end = offsets[found.start()], offsets[found.end() - 1] + 1
        while end < len(text) and not FOLDS[ord(text[end])]:
            end += 1  # an accent that is a character of its own
        if places and start <= places[-1][1]:
            start = places.pop()[0]
        places.append((start, end))
    return places


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

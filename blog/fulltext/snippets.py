"""Excerpts around search matches, with the matches in <mark>, as safe HTML."""

from collections.abc import Sequence
from itertools import pairwise

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from blog.fulltext.normalization import spans, words
from blog.fulltext.query import Term

LENGTH = 240  # characters: two or three lines
BEFORE = 80
# Matches further down are found, but the snippet does not show them.
SEEN = 100_000


def highlight(text: str, terms: Sequence[Term]) -> SafeString:
    """Return a plain text as HTML with each match of one of the terms in a <mark>."""
    return _marked(text, _places(list(spans(text)), terms))


def snippet(text: str, terms: Sequence[Term]) -> SafeString:
    """Return the part of a plain text around the first match; its beginning without a match."""
    seen = list(_around_first(text[:SEEN], terms))
    places = _places(seen, terms)
    first = places[0][0] if places else 0
    start = 0 if first <= BEFORE else _word_start(seen, first - BEFORE)
    end = _word_end(seen, start + LENGTH, len(text))
    inside = [(a - start, b - start) for a, b in places if start <= a and b <= end]
    dots = "… " if start else "", " …" if end < len(text) else ""
    return mark_safe(f"{dots[0]}{_marked(text[start:end], inside)}{dots[1]}")  # noqa: S308 - escaped


def _around_first(text, terms):
    """Yield the spans that a snippet can need: up to LENGTH characters after the first match."""
    folded = words(text)
    places = (at for at in range(len(folded)) if any(term.begins(folded, at) for term in terms))
    first, last = next(places, 0), len(text)
    for number, (start, end, word) in enumerate(spans(text)):
        if number == first:
            last = start + LENGTH
        if start > last:
            return
        yield start, end, word


def _places(found, terms):
    """Return ``[(start, end)]`` of the matches, in order and without overlaps."""
    seen, places = [word for _start, _end, word in found], []
    for at in range(len(seen)):
        lengths = [len(term.words) for term in terms if term.begins(seen, at)]
        if lengths:
            start, end = found[at][0], found[at + max(lengths) - 1][1]
            if places and start <= places[-1][1]:
                start = places.pop()[0]
            places.append((start, max(end, start)))
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


def _word_start(found, least):
    return next((start for start, _end, _word in found if start >= least), 0)


def _word_end(found, most, length):
    if length <= most:
        return length
    ends = [end for _start, end, _word in found if end <= most]
    return ends[-1] if ends else most

"""No pattern and no parser over people's texts takes time by the square of their length.

CPU time of this thread is compared with that of other texts in the same run, never with a clock.
"""

import logging
import time

import pytest
from hypothesis import example, given, settings

from accounts.text import folding
from accounts.text.pii_detection import find_pii
from blog import html_to_text, redirects
from blog import markup as post_markup
from blog.fulltext import query
from blog.images import responsive
from blog.importers.html import convert
from comments import markup
from comments.models import checks
from comments.spam import learning, submission
from config.logging import RedactingFilter
from tests.house.hostile_texts import CORPUS, filled, pieces

LENGTH = 3_000  # characters, and four times as many
# Time by the square would take sixteen times as long; noise and caches take some of the rest.
MOST_TIMES = 10
# In multiples of what as many letters of prose take: elements cost more than letters.
MOST_OF_PROSE = 80
NOISE = 0.004  # seconds
PROSE = "It rained all evening, and the heron stood still in the reeds by the water. "


def logged(text):
    record = logging.LogRecord("hearth", logging.INFO, "", 0, "%s", (text,), None)
    RedactingFilter().filter(record)


# What a stranger's request calls, with all that it sends.
STRANGERS = {
    "comment": markup.render,
    "blank comment": markup.is_blank,
    "personal data": lambda text: find_pii(text, text[:80], "ada@example.org"),
    "name": folding.caseless,
    "name as seen": folding.seen,
    "accents": folding.unaccented,
    "phrases": checks.folded,
    "words of spam": lambda text: learning.tokens_of(text, [text]),
    "fingerprint": submission.text_fingerprint,
    "search": query.parse,
    "address": redirects.candidates,
    "log": logged,
}
# What an author's, or an import, calls.
AUTHORS = {
    "post": post_markup.clean,
    "paragraphs of a post": post_markup.with_paragraphs,
    "words of a post": html_to_text.words,
    "mail of a post": lambda text: html_to_text.html_to_text(post_markup.clean(text)),
    "pictures of a post": responsive.image_urls,
    "post in a feed": lambda text: responsive.html_for_syndication(
        post_markup.clean(text), "https://blog.example.org/"
    ),
    "imported post": convert.post_html,
    "imported comment": convert.comment_markdown,
    "imported title": convert.title_text,
}


def cpu(function, text, tries=3):
    """Return the least CPU seconds of several tries."""
    found = []
    for _ in range(tries):
        began = time.thread_time()
        function(text)
        found.append(time.thread_time() - began)
        if found[-1] < NOISE:
            break
    return min(found)


def grows_too_fast(function, piece, length):
    short, long = filled(piece, length), filled(piece, 4 * length)
    most = MOST_TIMES * (cpu(function, short) + NOISE / 4)
    return cpu(function, long, tries=1) > most and cpu(function, long) > most


@pytest.mark.parametrize("name", STRANGERS)
def test_a_longer_text_of_a_stranger_takes_longer_only_by_its_length(name):
    function = STRANGERS[name]
    function(PROSE)

    @settings(max_examples=10, deadline=None, derandomize=True, database=None)
    @given(pieces)
    def walk(piece):
        assert not grows_too_fast(function, piece, LENGTH)

    for piece in CORPUS:
        walk = example(piece)(walk)
    walk()


@pytest.mark.parametrize("name", AUTHORS)
def test_a_longer_text_of_an_author_takes_longer_only_by_its_length(name):
    function = AUTHORS[name]
    function(PROSE)
    assert [piece for piece in CORPUS if grows_too_fast(function, piece, LENGTH // 4)] == []


@pytest.mark.parametrize("name", STRANGERS)
def test_what_a_stranger_sends_costs_not_much_more_than_prose(name):
    function = STRANGERS[name]
    function(PROSE)
    ceiling = MOST_OF_PROSE * (cpu(function, filled(PROSE, 4 * LENGTH)) + NOISE / 4)
    assert [piece for piece in CORPUS if cpu(function, filled(piece, 4 * LENGTH)) > ceiling] == []

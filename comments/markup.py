"""Rendering a comment to HTML: the few marks of ``blog.markdown``, then two sanitisers.

The parser never passes raw HTML through; bleach and then nh3 check its output against the one
allow-list below. Nothing else in ``comments`` imports either of them. Sources:
docs/decisions/0003-two-sanitisers.md.
"""

import re
import threading
import unicodedata
from html import escape

import bleach
import nh3
from markdown_it import MarkdownIt

from blog import html_to_text
from blog.markdown.parser import GUARD, make_parser, unguarded
from blog.markdown.parser import SCHEMES as PROTOCOLS

# Raise it when the same source gives different HTML, then run ``rerender_comments``.
RENDER_VERSION = 3
TAGS = frozenset("a blockquote br code em li p pre strong ul".split())
ATTRIBUTES = {"a": ["href"]}
REL = "nofollow ugc noopener"
# Characters that nobody sees, and that bleach shows as "?".
CONTROLS = {at: " " if chr(at).isspace() else None for at in range(32) if chr(at) not in "\t\n\r"}
# In plain text some programs obey these, too.
NOT_PLAIN = CONTROLS | dict.fromkeys(range(0x7F, 0xA0)) | {0x85: " "}
# A text with more of these than any person writes is not searched for links: looking for the end of
# each takes a while.
MOST_BRACKETS, MOST_ADDRESSES = 500, 200
# One with more lines and signs of Markdown than this stays as typed, in paragraphs and lines: for
# each of them the parser and the sanitisers may make an element, which takes them 0.1 ms.
MOST_MARKS = 1000
MARKS = f"\n\r*`><&{GUARD}"
LIST_MARK = re.compile(r"(?<!\S)-(?!\S)")
_local = threading.local()  # neither the parser nor the Cleaner promises thread safety


def render(source: str, protocols: frozenset[str] = PROTOCOLS) -> str:
    """Return the HTML of a comment's source; every sign that is no mark stays as typed.

    Marks make emphasis, links, lists, quotes and code. ``protocols`` are the URL schemes allowed in
    links.
    """
    source = source.translate(CONTROLS)
    if _marks(source) > MOST_MARKS:
        html = _as_typed(source)
    else:
        brackets = max(source.count("["), source.count("]"))
        finds_links = brackets <= MOST_BRACKETS and source.count("://") <= MOST_ADDRESSES
        html = cleaner(protocols).clean(parser(finds_links, protocols).render(source))
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(protocols),
        link_rel=REL,
    ).strip()


def _marks(source):
    marks = sum(map(source.count, MARKS))
    return marks if marks > MOST_MARKS else marks + len(LIST_MARK.findall(source))


def _as_typed(source):
    text = escape("\n".join(line.rstrip() for line in source.strip().splitlines()))
    parts = re.split(r"\n\n+", text)
    return "\n".join("<p>" + part.replace("\n", "<br>\n") + "</p>" for part in parts)


def plain(source: str) -> str:
    """Return a comment's source for a mail: as it was typed, without control characters."""
    return unguarded(source).translate(NOT_PLAIN)


def parser(finds_links: bool = True, protocols: frozenset[str] = PROTOCOLS) -> MarkdownIt:
    """Return the parser of the current thread; without ``finds_links`` brackets stay as typed."""
    parsers = vars(_local).setdefault("parsers", {})
    kind = (finds_links, protocols)
    if kind not in parsers:
        parsers[kind] = make_parser(protocols, finds_links)
    return parsers[kind]


def cleaner(protocols: frozenset[str]) -> bleach.Cleaner:
    """Return the cleaner of the current thread for these URL schemes."""
    cleaners = vars(_local).setdefault("cleaners", {})
    if protocols not in cleaners:
        cleaners[protocols] = bleach.Cleaner(
            tags=TAGS,
            attributes=ATTRIBUTES,
            protocols=protocols,
            strip=True,
            strip_comments=True,
        )
    return cleaners[protocols]


# Invisible Unicode general categories: separators, controls, formats. Not Cn: an emoji newer than
# Python's tables has no category yet.
LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


def with_links_as_text(rendered: str) -> str:
    """Return a rendered comment without links: the text of each, and its address if it differs."""
    return LINK.sub(
        lambda link: link[2] if link[1] == link[2] else f"{link[2]} ({link[1]})", rendered
    )


INVISIBLE = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
# Invisible characters of other categories: joiners, fillers, blank braille, variation selectors,
# and the places that Unicode keeps for more of them.
ALSO_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2065\u2800\u3164\uffa0\U0001d159") | {
    *map(chr, range(0x180B, 0x1810)),
    *map(chr, range(0xFE00, 0xFE10)),
    *map(chr, range(0xFFF0, 0xFFF9)),
    *map(chr, range(0xE0000, 0xE1000)),
}
# What marks are made of; a text of them and nothing else may show nothing.
SIGNS = {ord(sign): None for sign in "*>-"}


def is_blank(text: str) -> bool:
    """Return whether ``text`` shows nothing: only white space and zero-width characters."""
    return all(char in ALSO_INVISIBLE or unicodedata.category(char) in INVISIBLE for char in text)


def shows_nothing(source: str) -> bool:
    """Return whether a comment with this source shows nothing: a blank text, or empty marks."""
    if is_blank(source):
        return True
    # Only these can hide what they hold, so that most texts need not be rendered for it.
    may = "```" in source or "](" in source or is_blank(source.translate(SIGNS))
    return may and is_blank(html_to_text.words(render(source)))

"""Rendering a comment to HTML: a Markdown subset, then two sanitisers.

The parser never passes raw HTML through; bleach and then nh3 check its output against the one
allow-list below. Nothing else in ``comments`` imports either of them. Sources: CommonMark 0.31;
docs/decisions/0003-two-sanitisers.md.
"""

import re
import threading
import unicodedata
from html import escape

import bleach
import nh3
from markdown_it import MarkdownIt

# Raise it when the same source gives different HTML, then run ``rerender_comments``.
RENDER_VERSION = 2
TAGS = frozenset("a blockquote br code em li ol p pre strong ul".split())
ATTRIBUTES = {"a": ["href", "title"], "ol": ["start"]}
PROTOCOLS = frozenset({"http", "https", "mailto"})
REL = "nofollow ugc noopener"
# The parser drops what is nested deeper than maxNesting; its default of 20 would lose text.
OPTIONS = {"html": False, "linkify": True, "breaks": True, "typographer": False, "maxNesting": 100}
# A text with more of these than any person writes is not searched for links: looking for the end of
# each takes a while.
MOST_BRACKETS, MOST_ADDRESSES = 500, 200
# One with more lines and signs of Markdown than this stays as typed, in paragraphs and lines: for
# each of them the parser and the sanitisers may make an element, which takes them 0.1 ms.
MOST_MARKS = 1000
MARKS = "\n\r*_`>~<&\\"
LIST_MARK = re.compile(r"(?<!\S)(?:[-+]|\d{1,9}[.)])(?!\S)")
_local = threading.local()  # neither the parser nor the Cleaner promises thread safety


def render(source: str, protocols: frozenset[str] = PROTOCOLS) -> str:
    """Return the HTML of a comment's source; unsupported markup stays as typed.

    Supported are paragraphs, line breaks, emphasis, links, lists, quotes and code. ``protocols``
    are the URL schemes allowed in links.
    """
    if _marks(source) > MOST_MARKS:
        html = _as_typed(source)
    else:
        finds_links = source.count("[") <= MOST_BRACKETS and source.count("://") <= MOST_ADDRESSES
        html = cleaner(protocols).clean(parser(finds_links).render(source))
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


def parser(finds_links: bool = True) -> MarkdownIt:
    """Return the parser of the current thread; without ``finds_links`` brackets stay as typed."""
    parsers = vars(_local).setdefault("parsers", {})
    if finds_links not in parsers:
        parser = MarkdownIt("commonmark", OPTIONS)
        parser.enable("linkify")
        parser.disable(["heading", "lheading", "hr", "image", "html_block", "html_inline"])
        parser.disable(["reference"])
        parser.linkify.set({"fuzzy_email": False, "fuzzy_link": False})
        if not finds_links:
            parser.disable(["link", "linkify"])
        parsers[finds_links] = parser
    return parsers[finds_links]


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
INVISIBLE = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
# Invisible characters of other categories: joiners, fillers, blank braille, variation selectors.
ALSO_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    *map(chr, range(0x180B, 0x1810)),
    *map(chr, range(0xFE00, 0xFE10)),
    *map(chr, range(0xE0100, 0xE01F0)),
}


def is_blank(text: str) -> bool:
    """Return whether ``text`` shows nothing: only white space and zero-width characters."""
    return all(char in ALSO_INVISIBLE or unicodedata.category(char) in INVISIBLE for char in text)

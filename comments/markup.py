"""How the text of a comment becomes HTML: a Markdown subset, then two sanitisers.

The parser never passes raw HTML, bleach is the second wall and nh3 the third, both with
the one allow-list below. Nothing else in ``comments`` imports either of them. Sources:
CommonMark 0.31; docs/decisions/0003-two-sanitisers.md.
"""

import threading
import unicodedata

import bleach
import nh3
from markdown_it import MarkdownIt

# Raised when the same source would give another HTML; ``rerender_comments`` then follows.
RENDER_VERSION = 1
TAGS = frozenset("a blockquote br code em li ol p pre strong ul".split())
ATTRIBUTES = {"a": ["href", "title"], "ol": ["start"]}
PROTOCOLS = frozenset({"http", "https", "mailto"})
REL = "nofollow ugc noopener"
# What is nested deeper than maxNesting is left out by the parser: its own 20 would swallow words.
OPTIONS = {"html": False, "linkify": True, "breaks": True, "typographer": False, "maxNesting": 100}
_local = threading.local()  # neither a parser nor a Cleaner is promised to be thread-safe


def render(source, protocols=PROTOCOLS):
    """Return the HTML of a comment's source: paragraphs, line breaks, emphasis, links, lists,
    quotes and code; everything else stands there as it was typed.

    ``protocols``, a frozenset, are those of links.
    """
    html = parser().render(source)
    return nh3.clean(
        cleaner(protocols).clean(html),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(protocols),
        link_rel=REL,
    ).strip()


def parser():
    if not hasattr(_local, "parser"):
        parser = MarkdownIt("commonmark", OPTIONS)
        parser.enable("linkify")
        parser.disable(["heading", "lheading", "hr", "image", "html_block", "html_inline"])
        parser.disable(["reference"])
        parser.linkify.set({"fuzzy_email": False, "fuzzy_link": False})
        _local.parser = parser
    return _local.parser


def cleaner(protocols):
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


# Unicode general categories that leave nothing to see: separators, controls, formats. Not Cn:
# an emoji that is newer than Python's tables has no category yet.
INVISIBLE = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
# The same in other categories: joiners, fillers, the blank of braille, variation selectors.
ALSO_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    *map(chr, range(0x180B, 0x1810)),
    *map(chr, range(0xFE00, 0xFE10)),
    *map(chr, range(0xE0100, 0xE01F0)),
}


def is_blank(text):
    """Return whether there is nothing to see in ``text``: white space, zero-width characters."""
    return all(char in ALSO_INVISIBLE or unicodedata.category(char) in INVISIBLE for char in text)

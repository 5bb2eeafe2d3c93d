"""The small Markdown of comments: every sign that was typed is seen, but for the marks in the form.

Those are ``*italic*``, ``**bold**``, ``> quote``, ``- list``, bare web addresses, and in its help
``[words](address)`` and fences for code. Everything else is text: backslashes, entities, HTML,
``+`` and ``1.``, ``#``, four spaces, tables, lines below words. ``tests/blog/test_markdown.py``
has the table of examples.
"""

import re
from collections.abc import Collection

from markdown_it import MarkdownIt

from blog.markdown import blocks, inlines
from blog.markdown.inlines import GUARD, GUARDED

SCHEMES = frozenset({"http", "https", "mailto"})
# The parser's own default of 20 would drop what is nested deeper.
OPTIONS = {"breaks": True, "maxNesting": 100}


def make_parser(schemes: Collection[str] = SCHEMES, finds_links: bool = True) -> MarkdownIt:
    """Return a parser that links these URL schemes; it is not safe to share between threads.

    Without ``finds_links`` brackets and addresses are text.
    """
    parser = MarkdownIt("zero", OPTIONS)
    parser.options["schemes"] = schemes
    block, inline = parser.block.ruler, parser.inline.ruler
    parser.enable(["newline", "emphasis", "fence", "blockquote", "list"])
    signs = rf"\n*{GUARD}"
    if finds_links:
        inline.enable(["link", "linkify"])
        signs += r":\[\]"
    block.at("paragraph", blocks.paragraph)
    block.at("blockquote", blocks.quote, {"alt": ["paragraph", "list"]})
    block.at("list", blocks.items, {"alt": ["paragraph"]})
    block.at("fence", blocks.fence, {"alt": ["paragraph", "list"]})
    block.before("list", "end_of_items", blocks.end_of_items, {"alt": ["list"]})
    inline.at("emphasis", inlines.emphasis)
    inline.at("link", inlines.link)
    inline.at("linkify", inlines.bare_address)
    inline.before("emphasis", "guarded", inlines.guarded)
    # Running text is read up to one of these at once: no rule wants a look at other signs, and the
    # words of a link end at the last.
    parser.inline.terminator_re = re.compile(f"[{signs}]")
    return parser


def unguarded(source: str) -> str:
    """Return a source without the guards that the importer wrote before signs that are no marks."""
    return GUARDED.sub(r"\1", source)

"""Conversion of WordPress texts to the formats that Hearth stores.

Posts stay HTML (with paragraphs, and without embedded third-party content), titles and excerpts
become plain text, comments become Markdown. Changes are counted by kind, for the import report.
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from blog.importers.html import markdown
from blog.importers.html.autop import add_paragraphs
from blog.importers.html.embeds import EmbedReplacer
from blog.importers.html.shortcodes import replace_shortcodes
from blog.importers.html.tree import TooComplex, parse, serialise, text_of

MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
BLOCK_NAME = re.compile(r"\s*(/?)wp:([a-z][\w/-]*)")
PAGE_MARKS = {"more": "", "noteaser": "", "nextpage": "\n\n"}
WRITTEN_OUT = frozenset(["freeform", "core/freeform", "shortcode", "core/shortcode"])


@dataclass(frozen=True, slots=True)
class Converted:
    """The converted text, and the number of changes by kind."""

    text: str
    counts: Counter = field(default_factory=Counter)

    @property
    def html(self) -> str:
        return self.text


def post_html(
    source: str,
    *,
    media: Callable[[str], str | None] | None = None,
    gallery: Callable[[tuple[int, ...]], Iterable[tuple[str, str]]] | None = None,
    base: str = "",
) -> Converted:
    """Return a post's body as HTML, which still has to be sanitized by ``blog.markup``.

    ``media(address)`` returns the local address of a file or None; ``gallery(ids)`` the
    ``(address, label)`` pairs of a gallery's images; ``base`` is the post's old address, for
    relative ones. Never raises: a text that is too complex becomes plain text.
    """
    counts = Counter()
    made = []
    for text, is_typed in _segments(_lines(source), counts):
        text = replace_shortcodes(text, counts, gallery)
        try:
            root = parse(text, counts)
            if is_typed:
                add_paragraphs(root)
            EmbedReplacer(counts, media, base).replace(root)
        except TooComplex:
            counts["plain"] += 1
            root = parse(_plain_source(text), Counter())
            add_paragraphs(root)
        made.append(serialise(root).strip())
    return Converted("\n".join(part for part in made if part), +counts)


def comment_markdown(source: str, *, base: str = "") -> Converted:
    """Return a comment as Markdown that renders to the same text."""
    counts = Counter()
    source = _lines(source)
    try:
        root = parse(source, counts)
        add_paragraphs(root)
        EmbedReplacer(counts, base=base, lines=False).replace(root)
    except TooComplex:
        counts["plain"] += 1
        root = parse(_plain_source(source), Counter())
        add_paragraphs(root)
    return Converted(markdown.from_tree(root), +counts)


def title_text(source: str) -> str:
    """Return a title as one line without markup, with its entities decoded once."""
    return " ".join(html.unescape(MARKUP.sub("", _lines(source))).split())


def excerpt_text(source: str) -> str:
    """Return an excerpt as plain text, with blank lines between paragraphs."""
    counts = Counter()
    text = "".join(part for part, _ in _segments(_lines(source), counts))
    text = replace_shortcodes(text, counts)
    try:
        root = parse(text, counts)
    except TooComplex:
        root = parse(_plain_source(text), counts)
    add_paragraphs(root)
    EmbedReplacer(counts).replace(root)
    blocks = (" ".join(text_of(block).split()) for block in root.children)
    return "\n\n".join(block for block in blocks if block)


def _lines(source):
    return source.replace("\r\n", "\n").replace("\r", "\n")


def _plain_source(text):
    """Return ``text`` without its tags, as HTML that is safe to parse."""
    return html.escape(html.unescape(MARKUP.sub("", text)), quote=False)


def _segments(source, counts):
    """Yield ``(text, whether it lacks paragraphs)`` between the block editor's delimiters.

    HTML comments are dropped; text outside all blocks is classic text, even in a newer post.
    """
    parts, level, typed, at = [], 0, True, 0
    while (start := source.find("<!--", at)) >= 0:
        end = source.find("-->", start)
        if end < 0:
            break
        parts.append(source[at:start])
        at = end + 3
        mark = source[start + 4 : end]
        block = BLOCK_NAME.match(mark)
        if not block:
            parts.append(_page_mark(mark, counts))
        elif mark.rstrip().endswith("/"):
            counts["block"] += 1
        else:
            if level == 0 or (block[1] and level == 1):
                yield "".join(parts), typed
                parts = []
            level = max(0, level - 1) if block[1] else level + 1
            if level <= 1:
                typed = level == 0 or block[2] in WRITTEN_OUT
    parts.append(source[at:])
    yield "".join(parts), typed


def _page_mark(mark, counts):
    word = mark.split(None, 1)[0].lower() if mark.split() else ""
    name = next((name for name in PAGE_MARKS if word.startswith(name)), None)
    if name:
        counts[name] += 1
    return PAGE_MARKS.get(name, "")

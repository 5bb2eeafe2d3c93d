"""What people wrote in WordPress, in the forms that Hearth keeps.

Posts stay HTML (with their paragraphs, without anything that asks a third party), titles
and excerpts become plain text, comments become Markdown. What had to be changed is
counted by kind, for the report of an import.
"""

import html
import re
from collections import Counter
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
    """The text in its new form, and how many of which kind of thing were changed."""

    text: str
    counts: Counter = field(default_factory=Counter)

    @property
    def html(self):
        return self.text


def post_html(source, *, media=None, gallery=None, base=""):
    """Return a post's body as Converted HTML (still to be cleaned by the blog's policy).

    ``media(address)`` returns the local address of a file or None; ``gallery(ids)`` the
    (address, label) pairs of a gallery's pictures; ``base`` is the post's old address, on
    which relative ones build. Never raises: a text beyond all reason becomes plain.
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


def comment_markdown(source, *, base=""):
    """Return a comment as Converted Markdown whose rendering says what the source said."""
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


def title_text(source):
    """Return a title on one line, without markup, its entities decoded once."""
    return " ".join(html.unescape(MARKUP.sub("", _lines(source))).split())


def excerpt_text(source):
    """Return an excerpt as plain text; paragraphs are parted by blank lines."""
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
    """Yield (text, whether it was typed without paragraphs) between the block editor's marks.

    Comments are dropped; text outside all blocks is classic text even in a newer post.
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

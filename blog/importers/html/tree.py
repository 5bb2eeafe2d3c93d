"""A small, tolerant HTML parser for the markup of old blogs.

As lenient as browsers: unclosed paragraphs and list items are closed, misnested tags are fixed,
unknown tags are dropped but their content stays. Unlike browsers it has limits: a text with
excessive nesting or too many tags raises TooComplex, and callers treat it as plain text. The cost
is linear in the length of the text.
"""

import html
import re
from collections import Counter
from itertools import groupby

MAX_DEPTH = 80  # nested elements; keeps recursive walks far from Python's limit
MAX_TAGS = 100_000  # about what a book of 2 MB needs

TAG = re.compile(
    r"<(?!(?i:https?|ftp|mailto):)(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})"
    r"((?:\s|/)(?:[^<>\"']|\"[^\"]{0,4000}\"|'[^']{0,4000}'){0,500}+)?>"
    r"|<(?!(?i:https?|ftp|mailto):)(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})(?:[\s/][^<>]*)?>"
)
ATTRIBUTE = re.compile(
    r"([a-zA-Z_:][\w:.-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+)))?", re.ASCII
)
REFERENCE = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[a-zA-Z][a-zA-Z0-9]{1,31});")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

VOID = frozenset("area br col embed hr img input link meta param source track wbr".split())
HIDDEN = frozenset("script style template svg noscript noembed noframes iframe title".split())
ALIASES = {"h1": "h2", "tt": "code", "strike": "s", "acronym": "abbr", "center": "div"}
ALIASES |= dict.fromkeys("section article header footer main aside nav address form".split(), "div")
ALIASES |= dict.fromkeys("fieldset hgroup applet".split(), "div") | {"applet": "object"}
BLOCKS = frozenset(
    "blockquote dd details div dl dt figcaption figure h2 h3 h4 h5 h6 hr li ol p pre summary "
    "table tbody td tfoot th thead tr ul caption".split()
)
INLINE = frozenset(
    "a abbr b br cite code del dfn em i img ins kbd mark q s samp small span strong sub sup "
    "time u var object video audio picture embed param source".split()
)
# Per opening tag: the open elements that it closes, and those that stop the search.
ENDS = {
    "li": ({"li"}, {"ul", "ol"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "td": ({"td", "th"}, {"tr", "table"}),
    "th": ({"td", "th"}, {"tr", "table"}),
    "tr": ({"tr"}, {"table"}),
    "thead": ({"thead", "tbody", "tfoot"}, {"table"}),
    "tbody": ({"thead", "tbody", "tfoot"}, {"table"}),
    "tfoot": ({"thead", "tbody", "tfoot"}, {"table"}),
    "a": ({"a"}, BLOCKS),
}
SPACE_ONLY = frozenset("ul ol dl table thead tbody tfoot tr".split())


class TooComplex(Exception):
    """The text exceeds MAX_DEPTH or MAX_TAGS."""


class Node:
    """An element: its tag, attributes, and children (nodes and strings)."""

    __slots__ = ("attrs", "children", "tag")

    def __init__(
        self,
        tag: str,
        attrs: dict[str, str] | None = None,
        children: "list[Node | str] | None" = None,
    ) -> None:
        self.tag = tag
        self.attrs = attrs or {}
        self.children = children if children is not None else []


def parse(source: str, counts: Counter) -> Node:
    """Return the root Node of ``source``, without hidden elements and comments.

    Dropped elements are counted as "script", "style" or "drawing". Raises TooComplex.
    """
    return _Builder(source, counts).build()


def attributes(text: str | None) -> dict[str, str]:
    """Return the attributes of one tag; a bare name has an empty value."""
    attrs = {}
    for match in ATTRIBUTE.finditer(text or ""):
        value = next((v for v in match.groups()[1:] if v is not None), "")
        attrs.setdefault(match[1].lower(), decoded(value))
    return attrs


def decoded(value: str) -> str:
    """Return an attribute's value with entities decoded; "&copy=1" in an address is none."""
    return CONTROL.sub("", REFERENCE.sub(lambda match: html.unescape(match[0]), value))


def text_of(node: Node | str) -> str:
    """Return the text of a node without markup."""
    if isinstance(node, str):
        return node
    return "".join("\n" if node.tag == "br" else text_of(child) for child in node.children or [""])


def serialise(node: Node) -> str:
    """Return the content of ``node`` as HTML."""
    return "".join(_html(child) for child in node.children)


def _html(node):
    if isinstance(node, str):
        return html.escape(node, quote=False)
    attrs = "".join(f' {name}="{html.escape(value)}"' for name, value in node.attrs.items())
    if node.tag in VOID:
        return f"<{node.tag}{attrs}>"
    return f"<{node.tag}{attrs}>{serialise(node)}</{node.tag}>"


class _Builder:
    def __init__(self, source, counts):
        self._source, self._counts = source, counts
        self._folded = None
        self._unclosed = set()
        self._stack = [Node("")]
        self._ending = set()  # inline elements that were closed inside a block of theirs
        self._tags = 0

    def build(self):
        at = 0
        while (start := self._source.find("<", at)) >= 0:
            self._text(at, start)
            at = self._markup(start)
        self._text(at, len(self._source))
        _join(self._stack[0])
        return self._stack[0]

    def _markup(self, start):
        """Handle the "<" at ``start``; return the position to continue from."""
        source = self._source
        if source.startswith("<!--", start):
            return self._skipped("-->", start, 4) or self._literal(start)
        if source.startswith(("<!", "<?"), start):
            return self._skipped(">", start, 2) or self._literal(start)
        match = TAG.match(source, start)
        if not match:
            return self._literal(start)
        self._tags += 1
        if self._tags > MAX_TAGS:
            raise TooComplex
        slash, tag, attrs = (match[1], match[2], match[3]) if match[2] else (match[4], match[5], "")
        tag = ALIASES.get(tag.lower(), tag.lower())
        if slash:
            self._close(tag)
        elif tag in HIDDEN:
            return self._hide(tag, match.end(), attrs)
        elif tag in BLOCKS or tag in INLINE:
            self._open(tag, attributes(attrs))
        return match.end()

    def _literal(self, start):
        self._stack[-1].children.append("<")
        return start + 1

    def _skipped(self, end, start, length):
        if end in self._unclosed:
            return None
        found = self._source.find(end, start + length)
        if found < 0:
            self._unclosed.add(end)
            return None
        return found + len(end)

    def _hide(self, tag, start, attrs):
        """Skip an element with its content; keep the address of a frame."""
        counted = {"script": "script", "style": "style", "svg": "drawing"}.get(tag)
        if counted:
            self._counts[counted] += 1
        if tag == "iframe":
            self._add(Node("iframe", attributes(attrs)))
        if (attrs or "").endswith("/") and tag == "svg":
            return start
        if self._folded is None:
            self._folded = self._source.lower()
            if len(self._folded) != len(self._source):  # a character whose lower case is longer
                self._folded = self._source.translate(UPPER)
        end = f"</{tag}"
        if end in self._unclosed:
            return start
        found = self._folded.find(end, start)
        if found < 0:
            self._unclosed.add(end)
            return start
        return (self._folded.find(">", found) + 1) or len(self._source)

    def _text(self, start, end):
        if end > start:
            text = CONTROL.sub("", html.unescape(self._source[start:end]))
            if self._stack[-1].tag not in SPACE_ONLY or text.strip():
                self._stack[-1].children.append(text)

    def _open(self, tag, attrs):
        if tag in BLOCKS:
            self._end_within({"p"}, BLOCKS - {"p"})
        if tag in ENDS:
            self._end_within(*ENDS[tag])
        node = Node(tag, attrs)
        self._add(node)
        if tag not in VOID:
            if len(self._stack) > MAX_DEPTH:
                raise TooComplex
            self._stack.append(node)

    def _add(self, node):
        self._stack[-1].children.append(node)

    def _end_within(self, tags, walls):
        """Close the innermost open element of ``tags``, unless one of ``walls`` comes first."""
        for depth in range(len(self._stack) - 1, 0, -1):
            tag = self._stack[depth].tag
            if tag in tags:
                self._pop_to(depth)
                return
            if tag in walls:
                return

    def _close(self, tag):
        if tag == "br":
            self._add(Node("br"))
        for depth in range(len(self._stack) - 1, 0, -1):
            node = self._stack[depth]
            if node.tag == tag:
                self._pop_to(depth)
                return
            if node.tag in BLOCKS and tag not in BLOCKS:
                self._ending.update(id(n) for n in self._stack[1:depth] if n.tag == tag)
                return
            if node.tag == "table" or (node.tag in ("td", "th", "li") and tag == "p"):
                return

    def _pop_to(self, depth):
        del self._stack[depth:]
        while id(self._stack[-1]) in self._ending:
            self._ending.discard(id(self._stack.pop()))


def _join(node):
    """Merge adjacent strings."""
    joined = []
    for kind, group in groupby(node.children, type):
        children = list(group)
        joined += ["".join(children)] if kind is str else children
    node.children = joined
    for child in joined:
        if isinstance(child, Node):
            _join(child)


UPPER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}

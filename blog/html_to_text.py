"""Convert HTML of posts and comments to plain text.

Three forms: paragraphs for a mail, one line per block for comparing versions, and bare words on
one line for search. The input has been sanitized by the ``markup`` module of its app; HTML from
elsewhere is the business of ``blog.importers.html``.
"""

import html as entities
import re
import unicodedata
from html.parser import HTMLParser

BLOCKS = frozenset(
    "blockquote caption dd details div dl dt figcaption figure h2 h3 h4 h5 h6 hr li ol p pre "
    "summary table tbody td tfoot th thead tr ul".split()
)
RULE = "* * *"
ZERO_WIDTH_JOINER = "\u200d"
# What belongs to the sign before it: joiners and the skin colours of emoji.
JOINERS = frozenset(["\u200c", ZERO_WIDTH_JOINER, *map(chr, range(0x1F3FB, 0x1F400))])
SPACE = re.compile(r"[ \t\r\n\f]+")  # no-break spaces stay
TAG = re.compile(r"</?[a-zA-Z][^>]*>|<!--")
# Tags that may stand inside a word.
INLINE = re.compile(
    r"</?(?:a|abbr|b|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|u"
    r"|var)(?=[\s>/])[^>]*>",
    re.IGNORECASE,
)
# For comparing versions: a table row is one block, and each kind of block has a prefix.
IN_A_ROW = frozenset({"caption", "tbody", "td", "tfoot", "th", "thead"})
SIGNS = {"li": "• ", "blockquote": "> ", "pre": "    ", "h2": "## ", "h3": "### ", "h4": "#### "}


def html_to_text(html: str) -> str:
    """Return sanitized HTML as plain text, with a blank line between paragraphs.

    A link is followed by its address in angle brackets; an image becomes its description.
    """
    return "\n\n".join(_Mail.blocks_of(html))


def paragraphs(html: str) -> list[str]:
    """Return the paragraphs, headings and list items of an HTML text, each as one line.

    Each line is independent of the others, so that a change stays local: list items have no
    number, links no address.
    """
    return _Version.blocks_of(html)


def words(html: str) -> str:
    """Return the words of an HTML text on one line, without markup.

    Also of one that is being typed: what begins like a tag and has no end stays.
    """
    # Where an end follows, each pattern finds one at once; otherwise it would look for one from
    # each beginning, which takes time by the square of their number.
    end = html.rfind(">") + 1
    text = TAG.sub(" ", INLINE.sub("", html[:end])) + html[end:]
    return " ".join(entities.unescape(text).split())


def beginning(text: str, most: int) -> str:
    """Return at most so many characters of a text as it is; one that is cut ends with "…".

    Django's own ``truncatechars`` writes other characters for some, which are other signs to those
    whose name has one. No letter is cut from its accents.
    """
    if len(text) <= most:
        return text
    end = most - 1
    while end and (text[end] in JOINERS or unicodedata.category(text[end])[0] == "M"):
        end -= 1
    return f"{text[: end or most - 1].rstrip(ZERO_WIDTH_JOINER)}…"


class _Blocks(HTMLParser):
    """Collects the text of each block; subclasses decide how it is written."""

    separate = BLOCKS

    def __init__(self):
        super().__init__()
        self.blocks, self._line = [], []

    @classmethod
    def blocks_of(cls, html):
        """Return the blocks of an HTML text, in document order."""
        reader = cls()
        reader.feed(html)
        reader.close()
        reader.end_block()
        return reader.blocks

    def handle_starttag(self, tag, attrs):
        if tag in self.separate:
            self.end_block()
        self.opened(tag, dict(attrs))

    def handle_endtag(self, tag):
        if tag in self.separate:
            self.end_block()
        self.closed(tag)

    def closed(self, tag):
        """Handle the end of an element."""

    def handle_data(self, data):
        self._line.append(data)


class _Version(_Blocks):
    """The blocks of a version of a post, each with a prefix for its kind."""

    separate = BLOCKS - IN_A_ROW

    def __init__(self):
        super().__init__()
        self._sign = ""

    def opened(self, tag, given):
        if tag in self.separate:
            # A paragraph inside a list item or a quotation keeps their prefix.
            self._sign = SIGNS.get(tag, self._sign if tag == "p" else "")
        if tag == "br":
            self._line.append(" ⏎ ")
        if tag == "img":
            self._line.append(f" [{given.get('alt') or '…'}] ")

    def end_block(self):
        text = " ".join("".join(self._line).split())
        if text:
            self.blocks.append(self._sign + text)
        self._line, self._sign = [], "" if text else self._sign


class _Mail(_Blocks):
    """Blocks for a plain-text mail: numbered lists, quotation marks, addresses of links."""

    def __init__(self):
        super().__init__()
        self._lists, self._quotes, self._pre = [], 0, 0
        self._mark, self._links = "", []

    def opened(self, tag, given):
        match tag:
            case "br":
                self._line.append("\n")
            case "hr":
                self.blocks.append(RULE)
            case "img":
                self._line.append(f"[{given['alt']}]" if given.get("alt") else "")
            case "a":
                self._links.append((given.get("href") or "", len(self._line)))
            case "ol":
                start = given.get("start") or "1"
                self._lists.append(int(start) if re.fullmatch(r"-?[0-9]{1,9}", start) else 1)
            case "ul":
                self._lists.append(None)
            case "li":
                self._mark = self._next_mark()
            case "blockquote":
                self._quotes += 1
            case "pre":
                self._pre += 1

    def closed(self, tag):
        match tag:
            case "a" if self._links:
                self._say_where(*self._links.pop())
            case "ol" | "ul" if self._lists:
                self._lists.pop()
            case "li":
                self._mark = ""
            case "blockquote":
                self._quotes = max(0, self._quotes - 1)
            case "pre":
                self._pre = max(0, self._pre - 1)

    def handle_data(self, data):
        self._line.append(data if self._pre else SPACE.sub(" ", data))

    def _next_mark(self):
        if not self._lists or self._lists[-1] is None:
            return "- "
        self._lists[-1] += 1
        return f"{self._lists[-1] - 1}. "

    def _say_where(self, address, since):
        words = "".join(self._line[since:]).strip()
        if address and address != words:
            self._line.append(f" <{address}>")

    def end_block(self):
        """Append the text since the last block, unless it is empty."""
        lines = "".join(self._line).split("\n")
        self._line, self._links = [], []
        text = "\n".join(line if self._pre else line.strip() for line in lines).strip("\n")
        if not text.strip():
            return
        quoted, inside = "> " * self._quotes, "  " * max(0, len(self._lists) - 1)
        first, self._mark = inside + self._mark, " " * len(self._mark)
        others = inside + self._mark
        marked = [(others if at else first) + line for at, line in enumerate(text.split("\n"))]
        self.blocks.append("\n".join(f"{quoted}{line}".rstrip() for line in marked))

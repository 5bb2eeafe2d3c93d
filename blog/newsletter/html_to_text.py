"""A post's HTML as the plain text of a mail: paragraphs, lists, quotes, where links lead."""

import re
from html.parser import HTMLParser

BLOCKS = frozenset(
    "blockquote caption dd details div dl dt figcaption figure h2 h3 h4 h5 h6 hr li ol p pre "
    "summary table tbody td tfoot th thead tr ul".split()
)
RULE = "* * *"
SPACE = re.compile(r"[ \t\r\n\f]+")  # no-break spaces stay


def html_to_text(html):
    """Return cleaned HTML (``blog.markup``) as plain text, paragraphs with an empty line between.

    Links have their address in brackets behind them, pictures stand as what describes them.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return "\n\n".join(reader.blocks)


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.blocks, self._line = [], []
        self._lists, self._quotes, self._pre = [], 0, 0
        self._mark, self._links = "", []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in BLOCKS:
            self.end_block()
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

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self.end_block()
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
        """Keep what was said since the last block, if it is anything."""
        lines = "".join(self._line).split("\n")
        self._line, self._links = [], []
        text = "\n".join(line if self._pre else line.strip() for line in lines).strip("\n")
        if not text.strip():
            return
        quoted, inside = "> " * self._quotes, "  " * max(0, len(self._lists) - 1)
        first, self._mark = inside + self._mark, " " * len(self._mark)
        rest = inside + self._mark
        shown = [(first if at == 0 else rest) + line for at, line in enumerate(text.split("\n"))]
        self.blocks.append("\n".join(f"{quoted}{line}".rstrip() for line in shown))

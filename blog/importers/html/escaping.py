"""Text of an old blog in the small Markdown of comments, so that it reads the same.

Only what would be a mark gets a guard (``blog.markdown.inlines.GUARD``): stars around a word, a
dash at the start of a line, something that looks like a link. ``says`` reads Markdown back.
"""

import re
import threading

from blog.importers.html.tree import text_of
from blog.markdown.blocks import FENCE, ITEM, QUOTED
from blog.markdown.inlines import GUARD, LINK, STARS, can_close, can_open
from blog.markdown.parser import SCHEMES, make_parser

__all__ = ["GUARD", "SCHEMES", "can_close", "can_open", "escaped", "guard_lines", "plain", "says"]
__all__ += ["squeezed", "target", "text_of"]

BRACKET = re.compile(r"[\[\]]")
SIGNS = re.compile(r"\*+|\[")
UNSAFE_TARGET = re.compile(r"[\s\x00-\x20\x7f]")
ROUND = {"(": "%28", ")": "%29"}
_readers = threading.local()


def escaped(text: str, in_link: bool = False) -> str:
    """Return ``text`` with a guard before every sign inside a line that could be a mark.

    Inside a link every bracket gets one: its words end at the first that has no partner.
    """

    def guarded(match):
        start, end = match.span()
        is_text = start > 0 and end < len(text)
        is_text = is_text and not (can_open(text, start, end) or can_close(text, start, end))
        return match[0] if is_text else GUARD + match[0]

    if in_link:
        return BRACKET.sub(rf"{GUARD}\g<0>", STARS.sub(guarded, text))
    return STARS.sub(guarded, LINK.sub(lambda match: GUARD + match[0], text))


def guard_lines(text: str) -> str:
    """Return the text with a guard before line starts that would begin a list, quote or fence."""
    return "\n".join(_guarded(line.lstrip(" \t")) for line in text.split("\n"))


def _guarded(line):
    begins = any(pattern.match(line) for pattern in (QUOTED, ITEM, FENCE))
    return GUARD + line if begins else line


def target(address: str) -> str:
    """Return an address as the target of a Markdown link, with what would end it encoded."""
    address = UNSAFE_TARGET.sub(lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), address)
    if LINK.fullmatch(f"[a]({address})"):
        return address
    return "".join(ROUND.get(char, char) for char in address)


def plain(text: str) -> str:
    """Return ``text`` with every sign guarded that is ever a mark, line by line."""
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(_guarded(SIGNS.sub(rf"{GUARD}\g<0>", line)) for line in lines if line)


def squeezed(text: str) -> str:
    """Return ``text`` without white space and guards, for comparisons."""
    return "".join(text.replace(GUARD, "").split())


def says(markdown: str) -> str:
    """Return the rendered text of ``markdown``, squeezed."""
    seen = []
    for token in _reader().parse(markdown):
        if token.type == "fence":
            seen.append(token.content)
        seen += [child.content for child in token.children or () if child.type == "text"]
    return squeezed("".join(seen))


def _reader():
    if not hasattr(_readers, "markdown"):
        _readers.markdown = make_parser()
    return _readers.markdown

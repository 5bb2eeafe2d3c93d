"""Escaping of plain text for Markdown, so that it reads the same.

Only what Markdown would interpret is escaped: "1. " at the start of a line, asterisks around a
word, something that looks like a link. ``says`` reads Markdown back.
"""

import re
import threading

from markdown_it import MarkdownIt

from blog.importers.html.tree import text_of

__all__ = ["code", "escaped", "guard_lines", "plain", "says", "single_marks", "squeezed"]
__all__ += ["target", "text_of"]

ADDRESS = re.compile(r"(?<![A-Za-z0-9.+-])https?://")
MAX_ADDRESS = 2000  # characters; no longer address is looked for in a text
RISKY = re.compile(
    r"(?P<backslash>\\(?=[!-/:-@\[-`{-~]|\s|\Z))"
    r"|(?P<tick>`)|(?P<star>\*)|(?P<line>_)|(?P<wave>~(?=~)|(?<=~)~)"
    r"|(?P<angle><(?=[A-Za-z/!?]|\Z))"
    r"|(?P<entity>&(?=#[0-9]{1,8};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{0,31};))"
    r"|(?P<bracket>\](?=[(\[:]|\Z))|(?P<bang>!(?=\[|\Z))"
)
LINE_START = re.compile(
    r"(?P<mark>\#{1,6}(?=[ \t]|$)|[-+*](?=[ \t]|$)|>|=+[ \t]*$|-+[ \t]*$|_(?=[ \t_]*$))"
    r"|(?P<number>[0-9]{1,9})(?P<dot>[.)])(?=[ \t]|$)"
)
UNESCAPED_BRACKET = re.compile(r"(?<!\\)((?:\\\\)*)([\[\]])")
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
LEADING = re.compile(r"^[ \t]+")
TICKS = re.compile("`+")
UNSAFE_TARGET = re.compile(r"[\s<>\\\x00-\x20\x7f]")
ENTITY = re.compile(r"&(?=[#A-Za-z][A-Za-z0-9]{0,31};)")
_readers = threading.local()


def single_marks(text: str, marked: bool, has_code: bool) -> frozenset[str]:
    """Return the marks that occur once in ``text`` and so cannot be paired: no need to escape."""
    alone = {mark for mark in "*_" if text.count(mark) == 1 and not marked}
    return frozenset(alone | ({"`"} if text.count("`") == 1 and not has_code else set()))


def escaped(
    text: str, loose: frozenset[str] = frozenset(), in_link: bool = False, goes_on: bool = False
) -> str:
    """Return ``text`` with a backslash before everything that Markdown would take for markup.

    Web addresses stay as they are, since they become links as a whole. ``loose`` are the marks from
    :func:`single_marks`; ``goes_on`` says that a mark follows without a space.
    """
    if in_link:  # no autolinks inside a link
        return UNESCAPED_BRACKET.sub(r"\1\\\2", _escaped(text, loose, goes_on))
    made, at = [], 0
    for match in ADDRESS.finditer(text):
        address = _address(text, match.start()) if match.start() >= at else ""
        if address:
            made += [_escaped(text[at : match.start()], loose, True), address]
            at = match.start() + len(address)
    made.append(_escaped(text[at:], loose, goes_on))
    for place in range(1, len(made), 2):
        after = made[place + 1]
        if after.startswith("\\") or (
            goes_on and not after
        ):  # would be read as a part of the address
            made[place] = f"<{made[place]}>"
    return "".join(made)


def _address(text, start):
    """Return the address that the Markdown parser recognizes at ``start``, or ""."""
    match = _reader().linkify.match_at_start(text[start : start + MAX_ADDRESS])
    return match.raw.rstrip("*") if match else ""


def _escaped(text, loose, goes_on):
    def mark(match):
        character = match[0]
        before = text[match.start() - 1 : match.start()]
        after = text[match.end() : match.end() + 1]
        if character in loose or (character in "]!<" and not after and not goes_on):
            return character
        if character in "*_" and before.isspace() and after.isspace():
            return character
        if character == "_" and before.isalnum() and after.isalnum():
            return character
        return "\\" + character

    return RISKY.sub(mark, text)


def guard_lines(text: str) -> str:
    """Return the text with line starts escaped that would begin a list, quote or heading."""
    return "\n".join(_guarded(line.lstrip(" \t")) for line in text.split("\n"))


def _guarded(line):
    match = LINE_START.match(line)
    if not match:
        return line
    if match["number"]:
        return f"{match['number']}\\{line[match.start('dot') :]}"
    return "\\" + line


def code(text: str) -> str:
    """Return a code span, with a fence longer than any run of backticks inside."""
    fence = "`" * (max(map(len, TICKS.findall(text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def target(address: str) -> str:
    """Return an address as the target of a Markdown link."""
    address = UNSAFE_TARGET.sub(lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), address)
    address = ENTITY.sub("&amp;", address)
    return f"<{address}>" if re.search(r"[()`\[\]]", address) or not address else address


def plain(text: str) -> str:
    """Return ``text`` with all punctuation escaped, line by line."""
    lines = (LEADING.sub("", line).rstrip() for line in text.split("\n"))
    return "\n".join(PUNCTUATION.sub(r"\\\1", line) for line in lines if line)


def squeezed(text: str) -> str:
    """Return ``text`` without white space, for comparisons."""
    return "".join(text.split())


def says(markdown: str) -> str | None:
    """Return the rendered text of ``markdown``, squeezed; None if it contains an image."""
    seen = []
    for token in _reader().parse(markdown):
        if token.type in ("fence", "code_block", "html_block"):
            seen.append(token.content)
        for child in token.children or ():
            if child.type in ("text", "code_inline", "html_inline", "text_special"):
                seen.append(child.content)
            elif child.type == "image":
                return None
    return squeezed("".join(seen))


def _reader():
    if not hasattr(_readers, "markdown"):
        options = {"html": False, "breaks": True, "linkify": True}
        reader = MarkdownIt("commonmark", options).enable("linkify")
        reader.normalizeLinkText = lambda address: address
        _readers.markdown = reader
    return _readers.markdown

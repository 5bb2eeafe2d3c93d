"""The marks inside a line: ``*italic*``, ``**bold**``, ``[words](address)`` and bare addresses.

Every sign that makes no mark is text. Rules of markdown-it-py: each takes a StateInline at a sign
and whether it only looks ahead, and returns whether it has read something.
"""

import re
import unicodedata

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

from blog.markdown.addresses import end_of_address, whole_address

# A word joiner before a sign that could be a mark: the sign is text, and the joiner is not shown.
# People do not type it; the importer writes it before what was no mark in the old blog.
GUARD = "\u2060"
GUARDED = re.compile(rf"{GUARD}(\*+|`+|[\[\]>-])")
STARS = re.compile(r"\*+")
MOST_STARS = 3
# A letter or a digit before the next space. So far away nobody looks for one, and no text is slow.
NEAR = 40
LETTER_AHEAD = re.compile(rf"\S{{0,{NEAR}}}?[^\W_]")
LETTER_BEHIND = re.compile(r"[^\W_]\S*\Z")
OPENING = frozenset({"Ps", "Pi"})
ALSO_OPENING = frozenset("¿¡")
# Quotation marks that open in one language and close in another, and dashes: they open only at the
# beginning of a word.
EITHER = frozenset({"Pf", "Pd"})
ALSO_EITHER = frozenset("\"'")
SCHEME = re.compile(r"(?:^|[^a-z0-9.+-])(https?)$", re.IGNORECASE)
# Its words may hold brackets in pairs, or guarded; its address may hold round ones in pairs.
LINK = re.compile(
    rf"\[((?:[^\[\]{GUARD}]|{GUARD}[\[\]]?|\[[^\[\]]*+\])++)\]"
    r"\(([^\s()]*+(?:\([^\s()]*+\)[^\s()]*+)*+)\)"
)


def guarded(state: StateInline, silent: bool) -> bool:
    """Read a guarded sign as text."""
    found = GUARDED.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.append_pending(found[1])
    state.pos = found.end()
    return True


def emphasis(state: StateInline, silent: bool) -> bool:
    """Read stars; those that can begin or end emphasis are paired by the parser's later rules."""
    stars = STARS.match(state.src, state.pos, state.posMax)
    if silent or not stars:
        return False
    start, end = stars.span()
    opens, closes = can_open(state.src, start, end), can_close(state.src, start, end)
    if end - start > MOST_STARS or not (opens or closes):
        state.append_pending(stars[0])
    else:
        for _star in stars[0]:
            state.push("text", "", 0).content = "*"
            last = len(state.tokens) - 1
            state.delimiters.append(Delimiter(ord("*"), end - start, last, -1, opens, closes))
    state.pos = end
    return True


def can_open(text: str, start: int, end: int) -> bool:
    """Return whether the stars of ``text[start:end]`` can begin emphasis.

    Before them is the start, a space or an opening sign, after them a word: a star inside a word
    is a star, and so is one in ``*_*``.
    """
    return _begins(text, start) and LETTER_AHEAD.match(text, end) is not None


def can_close(text: str, start: int, end: int) -> bool:
    """Return whether the stars of ``text[start:end]`` can end emphasis: after a word, not in it."""
    after = text[end : end + 1]
    if after.isalnum() or after == "_" or (after and unicodedata.category(after)[0] == "M"):
        return False
    return LETTER_BEHIND.search(text[max(0, start - NEAR) : start]) is not None


def _begins(text, at):
    """Return whether nothing, a space or an opening sign stands before ``text[at]``."""
    while at and not text[at - 1].isspace():
        before, kind = text[at - 1], unicodedata.category(text[at - 1])
        if kind in OPENING or before in ALSO_OPENING:
            return True
        if kind not in EITHER and before not in ALSO_EITHER:
            return False
        at -= 1
    return True


def link(state: StateInline, silent: bool) -> bool:
    """Read ``[words](address)``; what has no words, or no address that may be linked, is text."""
    if state.linkLevel or state.src[state.pos] != "[":
        return False
    found = LINK.match(state.src, state.pos, state.posMax)
    address = found and found[1].strip() and whole_address(found[2], state.md.options["schemes"])
    if not address:
        return False
    if not silent:
        before, state.posMax = state.posMax, found.end(1)
        state.pos = found.start(1)
        state.push("link_open", "a", 1).attrs = {"href": state.md.normalizeLink(address)}
        state.linkLevel += 1
        state.md.inline.tokenize(state)
        state.linkLevel -= 1
        state.push("link_close", "a", -1)
        state.posMax = before
    state.pos = found.end()
    return True


def bare_address(state: StateInline, silent: bool) -> bool:
    """Read the rest of a web address at its ``://``, and show the whole as it was typed."""
    if state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    scheme = SCHEME.search(state.pending[-6:])
    start = state.pos + 3
    end = end_of_address(state.src, start, state.posMax) if scheme else start
    if end == start:
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[1])]
        address = scheme[1] + state.src[state.pos : end]
        state.push("link_open", "a", 1).attrs = {"href": state.md.normalizeLink(address)}
        state.push("text", "", 0).content = address
        state.push("link_close", "a", -1)
    state.pos = end
    return True

"""The marks at the start of a line: ``> quote``, ``- list`` and a fence of three backticks.

A mark needs a space and words after it; alone it is text. A line without a mark, or without the
indent of its list, is outside. Rules of markdown-it-py: each takes a StateBlock, a line, the line
after the last one, and whether it only looks ahead, and returns whether it has read something.
"""

import re

from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_block.fence import make_fence_rule

QUOTED = re.compile(r">[ \t]+[^\n]*?[^\s>]")
EMPTY_QUOTED = re.compile(r">[ \t]*\Z")
ITEM = re.compile(r"-[ \t]+[^\n]*?[^\s-]")
FENCE = re.compile(r"(`{3,})[\w+#.-]*[ \t]*\Z")
END_OF_FENCE = re.compile(r"(`{3,})[ \t]*\Z")
# What is nested deeper is text. The parser itself would drop what is deeper than its maxNesting.
DEEPEST = 90
_fence = make_fence_rule(markers=("`",))


def _found(pattern, state, line):
    start = state.bMarks[line] + state.tShift[line]
    return pattern.match(state.src, start, state.eMarks[line])


def quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read the lines that begin with ``> ``; an empty one of them joins two paragraphs."""
    if state.level > DEEPEST or not _found(QUOTED, state, start):
        return False
    if not silent:
        before, state.lineMax = state.lineMax, _end_of_quote(state, start, end)
        blockquote(state, start, state.lineMax, False)
        state.lineMax = before
    return True


def _end_of_quote(state, start, end):
    line = last = start
    while line < end and state.sCount[line] >= state.blkIndent:
        if _found(QUOTED, state, line):
            last = line
        elif not _found(EMPTY_QUOTED, state, line):
            break
        line += 1
    return last + 1


def items(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a list of lines that begin with ``- ``."""
    if state.level > DEEPEST or not _found(ITEM, state, start):
        return False
    return list_block(state, start, end, silent)


def end_of_items(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """End a list before a line that is none of its items, such as a dash alone; read nothing."""
    return silent and not _found(ITEM, state, start)


def fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read code between two fences; a fence without an end is text."""
    opened = _found(FENCE, state, start)
    if not opened or not _is_closed(state, start, end, len(opened[1])):
        return False
    return _fence(state, start, end, silent)


def _is_closed(state, start, end, length):
    for line in range(start + 1, end):
        if state.isEmpty(line):
            continue
        if state.sCount[line] < state.blkIndent:
            return False
        if (closing := _found(END_OF_FENCE, state, line)) and len(closing[1]) >= length:
            return True
    return False


def paragraph(state: StateBlock, start: int, end: int, _silent: bool) -> bool:
    """Read lines up to an empty one, a mark, or one that stands outside of the quote or list."""
    others = state.md.block.ruler.getRules("paragraph")
    line = start + 1
    while (
        line < end
        and not state.isEmpty(line)
        and state.sCount[line] >= state.blkIndent
        and not any(rule(state, line, end, True) for rule in others)
    ):
        line += 1
    state.line = line
    state.push("paragraph_open", "p", 1).map = [start, line]
    text = state.push("inline", "", 0)
    text.content = state.getLines(start, line, state.blkIndent, False).strip()
    text.map, text.children = [start, line], []
    state.push("paragraph_close", "p", -1)
    return True

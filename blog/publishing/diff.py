"""Diffs of two versions of a text by paragraphs and words, not by lines of HTML.

difflib does the comparison; this module defines what paragraphs and words are, and limits the cost.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest

from blog import html_to_text

SAME, CHANGED, ADDED, REMOVED, LEFT_OUT = "same", "changed", "added", "removed", "left-out"
# The worst-case cost is the product of both lengths; beyond this, the whole text is replaced.
MOST_STEPS = 4_000_000
# Paragraphs with a lower similarity are one removed and one added.
ALIKE = 0.35
AROUND = 1  # unchanged paragraphs shown beside a change
WORD = re.compile(r"[^\W_]+")
TOKEN = re.compile(r"\s+|[^\W_]+(?:['’][^\W_]+)*|.", re.DOTALL)


@dataclass
class Block:
    """A paragraph of a diff; ``parts`` are ``(kind, text)`` with SAME, ADDED or REMOVED.

    A LEFT_OUT block stands for ``count`` unchanged paragraphs.
    """

    kind: str
    parts: list = field(default_factory=list)
    count: int = 0


def compare_html(old: str, new: str) -> list[Block]:
    """Return the diff of two HTML texts; unchanged paragraphs far from a change are left out."""
    blocks = []
    for kind, before, after in steps_between(
        html_to_text.paragraphs(old), html_to_text.paragraphs(new)
    ):
        if kind == "equal":
            blocks += [Block(SAME, [(SAME, text)]) for text in before]
        else:
            blocks += [block for pair in zip_longest(before, after) for block in _of_pair(*pair)]
    return _without_what_is_far(blocks)


def compare_lines(old: str, new: str) -> list[tuple[str, str]]:
    """Return the diff of two short texts, such as titles, as ``(kind, text)`` parts."""
    return _words(old, new) if old and new else _whole(old, new)


def has_changes(blocks: Iterable[Block]) -> bool:
    """Return whether any words differ."""
    return any(block.kind in {CHANGED, ADDED, REMOVED} for block in blocks)


def _of_pair(old, new):
    if old is None or new is None:
        return [Block(ADDED if old is None else REMOVED, _whole(old, new))]
    if _alike(old, new):
        return [Block(CHANGED, _words(old, new))]
    return [Block(REMOVED, _whole(old, None)), Block(ADDED, _whole(None, new))]


def _alike(old, new):
    # Words only: spaces and punctuation are similar in any text.
    a, b = WORD.findall(old), WORD.findall(new)
    if len(a) * len(b) > MOST_STEPS:
        return False
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _whole(old, new):
    return [part for part in ((REMOVED, old), (ADDED, new)) if part[1]]


def _words(old, new):
    parts = []
    for kind, before, after in steps_between(TOKEN.findall(old), TOKEN.findall(new)):
        if kind == "equal":
            parts.append((SAME, "".join(before)))
        else:
            parts += _whole("".join(before), "".join(after))
    return parts


def steps_between(old: Sequence, new: Sequence) -> Iterator[tuple[str, Sequence, Sequence]]:
    """Yield ``(opcode, part of old, part of new)``; a common start and end are split off first."""
    head = _equal_at_start(old, new)
    tail = _equal_at_start(old[head:][::-1], new[head:][::-1])
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    if head:
        yield "equal", old[:head], new[:head]
    if len(a) * len(b) > MOST_STEPS:
        yield "replace", a, b
    else:
        for kind, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
            yield kind, a[i1:i2], b[j1:j2]
    if tail:
        yield "equal", old[len(old) - tail :], new[len(new) - tail :]


def _equal_at_start(a, b):
    number = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        number += 1
    return number


def _without_what_is_far(blocks):
    changed = [place for place, block in enumerate(blocks) if block.kind != SAME]
    near = {place + step for place in changed for step in range(-AROUND, AROUND + 1)}
    shown = []
    for place, block in enumerate(blocks):
        if place in near or block.kind != SAME:
            shown.append(block)
        elif shown and shown[-1].kind == LEFT_OUT:
            shown[-1].count += 1
        else:
            shown.append(Block(LEFT_OUT, count=1))
    return shown

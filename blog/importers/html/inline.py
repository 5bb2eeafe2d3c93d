"""Inline content as Markdown: text, emphasis, links, code, line breaks.

Emphasis is only written where CommonMark parses it as such (section 6.2, left- and right-flanking
delimiters); elsewhere it is dropped.
"""

import re
import unicodedata
from collections.abc import Sequence

from blog.importers.html import escaping, tree
from blog.importers.html.tree import BLOCKS, Node

SPACES = re.compile(r"[ \t\r\n\f]+")
MARKS = {"em": "*", "i": "*", "cite": "*", "dfn": "*", "var": "*", "strong": "**", "b": "**"}
CODE = frozenset("code kbd samp".split())
BREAK = ("break", "")
BARE = re.compile(r"https?://[A-Za-z0-9._~/?#@!$&+,;=%:-]+")


def paragraph(children: Sequence[Node | str]) -> str:
    """Return inline nodes as the Markdown of one or more paragraphs."""
    events = list(_events(children, frozenset()))
    text = "".join(value for kind, value in events if kind == "text")
    marked = any(kind in ("open", "link") for kind, _ in events)
    has_code = any(kind in ("code", "link") for kind, _ in events)
    loose = escaping.single_marks(text, marked, has_code)
    return escaping.guard_lines(_written(events, loose).strip(" \n"))


def _events(children, inside):
    """Yield ``(kind, value)``: text, code, break, open and close of marks, and links."""
    for child in children:
        if isinstance(child, str):
            yield "text", SPACES.sub(" ", child)
        elif child.tag == "br":
            yield BREAK
        elif child.tag in CODE:
            yield from _code(child)
        elif child.tag == "a" and "a" not in inside and child.attrs.get("href"):
            yield from _link(child, inside | {"a"})
        elif child.tag in MARKS and MARKS[child.tag] not in inside:
            mark = MARKS[child.tag]
            yield from _marked(mark, list(_events(child.children, inside | {mark})))
        else:
            edge = [BREAK] if child.tag in BLOCKS else []
            yield from edge
            yield from _events(child.children, inside)
            yield from edge


def _code(node):
    text = tree.text_of(node).replace("\t", " ")
    for number, line in enumerate(text.split("\n")):
        if number:
            yield BREAK
        if line.strip(" "):
            yield "code", line.strip(" ")


def _link(node, inside):
    events = list(_events(node.children, inside))
    before, events, after = _peeled(events)
    yield from before
    if events:
        yield "link", (node.attrs["href"], events)
    yield from after


def _marked(mark, events):
    before, events, after = _peeled(events)
    yield from before
    if events:
        yield "open", mark
        yield from events
        yield "close", mark
    yield from after


def _peeled(events):
    """Return ``(space before, content, space after)``: marks must touch words."""
    start, end = 0, len(events)
    while start < end and _is_space(events[start]):
        start += 1
    while end > start and _is_space(events[end - 1]):
        end -= 1
    before, after = events[:start], events[end:]
    between = events[start:end]
    if between and between[0][0] == "text" and between[0][1].startswith(" "):
        before.append(("text", " "))
        between[0] = ("text", between[0][1][1:])
    if between and between[-1][0] == "text" and between[-1][1].endswith(" "):
        after.insert(0, ("text", " "))
        between[-1] = ("text", between[-1][1][:-1])
    return before, between, after


def _is_space(event):
    return event == BREAK or (event[0] == "text" and not event[1].strip(" "))


def _written(events, loose, in_link=False):
    if not events:
        return ""
    kinds = [*(kind for kind, _ in events[1:]), "break"]
    texts = [
        _spelled(event, loose, in_link, after not in ("break", "text"))
        for event, after in zip(events, kinds, strict=True)
    ]
    _drop_dead_marks(events, texts)
    made, level = [], 0
    for (kind, _), text in zip(events, texts, strict=True):
        level += (kind == "open") - (kind == "close")
        if kind != "break":
            made.append(text.lstrip(" ") if made and made[-1] == "\n" else text)
            continue
        if made:
            made[-1] = made[-1].rstrip(" ") if made[-1] != "\n" else "\n"
        # A blank line would end emphasis and links, so only one break inside them.
        if not ((level or in_link) and made and made[-1] == "\n"):
            made.append("\n")
    return re.sub(r"\n{3,}", "\n\n", "".join(made))


def _spelled(event, loose, in_link, goes_on):
    kind, value = event
    if kind == "text":
        return escaping.escaped(value, loose, in_link, goes_on)
    if kind == "code":
        return escaping.code(value)
    if kind == "link":
        address, events = value
        text = "".join(v for k, v in events if k == "text") if len(events) == 1 else ""
        if text == address and BARE.fullmatch(address):
            return f"<{address}>"
        return f"[{_written(events, frozenset(), True)}]({escaping.target(address)})"
    return "\n" if kind == "break" else value


def _drop_dead_marks(events, texts):
    """Blank the marks in ``texts`` that Markdown would render as literal asterisks."""
    opened = []
    for at, (kind, _) in enumerate(events):
        if kind == "open":
            opened.append((at, _can_open(events, texts, at)))
        elif kind == "close":
            start, alive = opened.pop()
            if not (alive and _can_close(events, texts, at)):
                texts[start] = texts[at] = ""


def _can_open(events, texts, at):
    if at and texts[at - 1] and events[at - 1][0] == "close":
        return False
    before, after = _near(events, texts, at, -1), _near(events, texts, at, 1)
    return not _is_mark(after) or _is_edge(before) or _is_mark(before)


def _can_close(events, texts, at):
    before, after = _near(events, texts, at, -1), _near(events, texts, at, 1)
    return not _is_mark(before) or _is_edge(after) or _is_mark(after)


def _near(events, texts, at, step):
    """Return the character next to a mark, skipping other marks; "" at the edge."""
    at += step
    while 0 <= at < len(events):
        if events[at][0] not in ("open", "close") and texts[at]:
            return texts[at][0 if step > 0 else -1]
        at += step
    return ""


def _is_edge(character):
    return not character or character.isspace()


def _is_mark(character):
    return bool(character) and unicodedata.category(character)[0] in "PS"

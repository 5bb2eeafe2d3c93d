"""Inline content as Markdown: text, emphasis, links, line breaks.

Emphasis is only written where the Markdown of comments has it, so not inside a word; elsewhere it
is dropped. So are links to what comments do not link, and code keeps its text alone.
"""

import re
from collections.abc import Sequence

from blog.importers.html import escaping, tree
from blog.importers.html.tree import BLOCKS, Node
from blog.markdown.addresses import end_of_address, whole_address
from blog.markdown.inlines import NEAR

SPACES = re.compile(r"[ \t\r\n\f]+")
MARKS = {"em": "*", "i": "*", "cite": "*", "dfn": "*", "var": "*", "strong": "**", "b": "**"}
CODE = frozenset("code kbd samp".split())
BREAK = ("break", "")
SCHEME = re.compile(r"https?://", re.IGNORECASE)


def paragraph(children: Sequence[Node | str]) -> str:
    """Return inline nodes as the Markdown of one or more paragraphs."""
    return escaping.guard_lines(_written(list(_events(children, frozenset()))).strip(" \n"))


def _events(children, inside):
    """Yield ``(kind, value)``: text, break, open and close of marks, and links."""
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
            yield "text", line.strip(" ")


def _link(node, inside):
    events = list(_events(node.children, inside))
    address = escaping.target(node.attrs["href"])
    if not whole_address(address, escaping.SCHEMES):
        yield from events
        return
    before, events, after = _peeled(events)
    yield from before
    if events:
        yield "link", (address, events)
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


def _written(events, in_link=False):
    if not events:
        return ""
    texts = [_spelled(events, at, in_link) for at in range(len(events))]
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


def _spelled(events, at, in_link):
    kind, value = events[at]
    if kind == "text":
        return escaping.escaped(value, in_link)
    if kind != "link":
        return "\n" if kind == "break" else value
    address, inside = value
    text = "".join(v for k, v in inside if k == "text") if len(inside) == 1 else ""
    if text == address and _stands_alone(address, events[at + 1 : at + 2]):
        return address
    return f"[{_written(inside, True)}]({address})"


def _stands_alone(address, after):
    """Return whether an address is found as a whole, and what comes after is no part of it."""
    scheme = SCHEME.match(address)
    if not scheme or end_of_address(address, scheme.end(), len(address)) < len(address):
        return False
    return not after or after[0][0] == "break" or after[0][1][:1].isspace()


def _drop_dead_marks(events, texts):
    """Blank the marks in ``texts`` that Markdown would render as literal asterisks."""
    opened = []
    for at, (kind, _) in enumerate(events):
        if kind == "open":
            follows = at and texts[at - 1] and events[at - 1][0] == "close"
            opened.append((at, not follows and _is_alive(escaping.can_open, events, texts, at)))
        elif kind == "close":
            start, alive = opened.pop()
            if not (alive and _is_alive(escaping.can_close, events, texts, at)):
                texts[start] = texts[at] = ""


def _is_alive(rule, events, texts, at):
    """Ask a rule of the Markdown about the mark at ``at`` between the texts beside it."""
    before, after = _near(events, texts, at, -1), _near(events, texts, at, 1)
    return rule(f"{before}*{after}", len(before), len(before) + 1)


def _near(events, texts, at, step):
    """Return the text next to a mark up to a space, without other marks; "" at the edge."""
    found = ""
    at += step
    while 0 <= at < len(events) and len(found) < NEAR and not SPACES.search(found):
        if events[at][0] not in ("open", "close"):
            found = found + texts[at] if step > 0 else texts[at] + found
        at += step
    return found

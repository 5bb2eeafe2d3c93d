"""Conversion of an HTML tree to Markdown: paragraphs, emphasis, links, lists, quotes and code.

Headings become bold lines, tables and numbered lists lines of text; there is no other markup. The
result is parsed again: if its text differs from the tree's, it is written as plain text without
any mark, so that the import never changes anybody's words.
"""

import re

from blog.importers.html import escaping
from blog.importers.html.inline import paragraph
from blog.importers.html.tree import BLOCKS, Node, text_of

MAX_CHECKED = 200_000  # characters; parsing a longer text would take seconds
HEADINGS = frozenset("h2 h3 h4 h5 h6 dt summary caption".split())


def from_tree(root: Node) -> str:
    """Return the content of ``root`` as Markdown; changes the tree."""
    _tables_to_lines(root)
    _numbers_to_text(root)
    text = text_of(root)
    written = _blocks(root.children)
    if len(written) <= MAX_CHECKED and escaping.says(written) != escaping.squeezed(text):
        return "\n\n".join(escaping.plain(block) for block in _plain_blocks(root))
    return written


def _blocks(children):
    made, run = [], []
    for child in [*children, None]:
        if child is not None and not _is_block(child):
            run.append(child)
            continue
        if run and (text := paragraph(run)):
            made.append(text)
        run = []
        if child is not None and (text := _block(child)):
            made.append(text)
    return "\n\n".join(made)


def _is_block(node):
    return isinstance(node, Node) and node.tag in BLOCKS


def _block(node):
    if node.tag in HEADINGS:
        return paragraph([Node("strong", None, node.children)])
    if node.tag == "p":
        return paragraph(node.children)
    if node.tag == "pre":
        return _fenced(text_of(node))
    if node.tag == "blockquote":
        return _indented(_blocks(node.children), "> ", "> ").replace("> \n", ">\n")
    if node.tag == "ul":
        return _list(node)
    return _blocks(node.children)


def _fenced(code):
    code = code.strip("\n")
    if not code.strip():
        return ""
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{code}\n{fence}"


def _list(node):
    items = []
    for child in node.children:
        inside = _blocks(child.children if _is_item(child) else [child])
        if inside:
            items.append(_indented(_tight(inside), "- ", "  "))
    return "\n".join(items)


def _is_item(node):
    return isinstance(node, Node) and node.tag in ("li", "dd")


def _start(node):
    start = node.attrs.get("start", "")
    return int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 1


def _tight(text):
    """Remove the blank line between a single line and the nested list below it."""
    first, gap, below = text.partition("\n\n")
    is_list = below.startswith("- ")
    return f"{first}\n{below}" if gap and is_list and "\n" not in first else text


def _indented(text, first, others):
    lines = text.split("\n") if text else []
    marked = (others + line if line.strip(" ") or others.strip() else "" for line in lines[1:])
    return "\n".join([first + lines[0], *marked]) if lines else ""


def _tables_to_lines(node):
    """Replace each table row with a paragraph, in place."""
    made = []
    for child in node.children:
        if isinstance(child, Node):
            _tables_to_lines(child)
            if child.tag == "tr":
                made.append(Node("p", None, _row(child)))
                continue
        made.append(child)
    node.children = made


def _row(row):
    cells = []
    for cell in row.children:
        cells += [" | "] if cells else []
        cells += cell.children if isinstance(cell, Node) else [cell]
    return cells


def _numbers_to_text(node):
    """Replace each numbered list with paragraphs that begin with its numbers, in place."""
    made = []
    for child in node.children:
        if isinstance(child, Node):
            _numbers_to_text(child)
            if child.tag == "ol":
                made += _numbered(child)
                continue
        made.append(child)
    node.children = made


def _numbered(node):
    """Return the items of a numbered list: lines of one paragraph, or blocks if one holds any."""
    number, items = _start(node), []
    for item in node.children:
        if not text_of(item).strip():
            continue
        children = item.children if _is_item(item) else [item]
        if isinstance(children[0], Node) and children[0].tag == "p":
            children[0].children.insert(0, f"{number}. ")
        else:
            children = [f"{number}. ", *children]
        items.append(children)
        number += 1
    if any(_is_block(child) for children in items for child in children):
        return [Node("div", None, children) for children in items]
    return [Node("p", None, [part for item in items for part in (*item, Node("br"))])]


def _plain_blocks(node):
    """Yield the text of each block, in order, without markup."""
    run = []
    for child in node.children:
        if not _is_block(child):
            run.append(text_of(child))
            continue
        if "".join(run).strip():
            yield "".join(run)
        run = []
        yield from _plain_blocks(child)
    if "".join(run).strip():
        yield "".join(run)

"""Paragraphs and line breaks for text that was typed without them.

WordPress stores classic posts and comments as typed, and adds <p> and <br> when rendering (its
function wpautop). This does the same once, on the tree: a blank line starts a paragraph, a single
newline is a line break, block elements and preformatted text stay as they are.
"""

from blog.importers.html.tree import BLOCKS, Node

SPACE = " \t\r\n\f"
ALWAYS = frozenset(["", "blockquote"])  # text in these always gets paragraphs
SEVERAL = frozenset("div li td th dd figure details".split())  # only when there is more than one
VERBATIM = frozenset("pre object video audio picture".split())


def add_paragraphs(root: Node) -> None:
    """Add paragraphs to the text below ``root``, in place."""
    root.children = _inside(root)


def _inside(node):
    """Return the new children of ``node``."""
    groups = list(_groups(node.children))
    several = sum(kind == "text" for kind, _ in groups) > 1
    wrap = node.tag in ALWAYS or (several and node.tag in SEVERAL)
    made = []
    for kind, children in groups:
        if kind == "block":
            made += _block(children[0])
        elif wrap:
            made.append(Node("p", None, children))
        else:
            if made and (isinstance(made[-1], str) or made[-1].tag not in BLOCKS):
                made += [Node("br"), Node("br")]
            made += children
    return made


def _block(node):
    """Return the replacement of a block element; blank lines split an explicit <p>."""
    if node.tag == "p":
        return [Node("p", node.attrs, children) for _, children in _groups(node.children)]
    if node.tag not in VERBATIM:
        node.children = _inside(node)
    return [node]


def _groups(children):
    """Yield ("text", children) for each paragraph of inline content, ("block", [node])."""
    run = []
    for child in children:
        if isinstance(child, Node) and _is_block(child):
            yield from _paragraph(run)
            run = []
            yield "block", [child]
        elif isinstance(child, str):
            first, *others = _between_blank_lines(child)
            run.append(first)
            for other in others:
                yield from _paragraph(run)
                run = [other]
        else:
            run.append(child)
    yield from _paragraph(run)


def _between_blank_lines(text):
    lines = text.split("\n")
    pieces = [[lines[0]]]
    for line in lines[1:-1]:
        if line.strip(SPACE):
            pieces[-1].append(line)
        elif pieces[-1]:
            pieces.append([])
    if len(lines) > 1:
        pieces[-1].append(lines[-1])
    return ["\n".join(piece) for piece in pieces]


def _is_block(node):
    """Return whether a node is a block, or an inline element (such as a link) around one."""
    if node.tag in BLOCKS:
        return True
    return any(isinstance(child, Node) and _is_block(child) for child in node.children)


def _paragraph(run):
    if kept := _trimmed(_with_breaks(run)):
        yield "text", kept


def _trimmed(run):
    """Return inline content without white space and line breaks at both ends."""
    start, end = 0, len(run)
    while start < end and _is_blank(run[start]):
        start += 1
    while end > start and _is_blank(run[end - 1]):
        end -= 1
    run = run[start:end]
    if run and isinstance(run[0], str):
        run[0] = run[0].lstrip(SPACE)
    if run and isinstance(run[-1], str):
        run[-1] = run[-1].rstrip(SPACE)
    return run


def _is_blank(node):
    return not node.strip(SPACE) if isinstance(node, str) else node.tag == "br"


def _with_breaks(children):
    """Return inline content with <br> for newlines; a <br> after a newline is not doubled."""
    made, invented = [], False
    for child in children:
        if isinstance(child, str):
            invented = _lines(child, made) or (invented and not child.strip(SPACE))
            continue
        if child.tag == "br" and invented:
            invented = False
            continue
        if child.tag not in VERBATIM:
            child.children = _with_breaks(child.children)
        made.append(child)
        invented = False
    return made


def _lines(text, made):
    """Append the lines of ``text`` to ``made``; return whether the last node is a new <br>."""
    invented = False
    for number, line in enumerate(text.split("\n")):
        if number:
            if made and isinstance(made[-1], str):
                made[-1] = made[-1].rstrip(SPACE)
            if not (made and isinstance(made[-1], Node) and made[-1].tag in ("br", *BLOCKS)):
                made.append(Node("br"))
                invented = True
            line = line.lstrip(SPACE)
        if line:
            made.append(line)
            invented = False
    return invented

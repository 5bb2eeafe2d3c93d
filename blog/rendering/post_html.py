"""The HTML that readers get of a post's text: made once, when the text is stored.

The text itself stays as its author wrote it, for the editor, feeds, emails and exports.
"""

import re
from html import escape, unescape

from blog.html_to_text import beginning, words
from blog.markup import ELEMENT
from blog.rendering.footnotes import with_footnotes
from blog.rendering.highlighting import highlighted

RENDER_VERSION = 1  # raise it after a change of these rules: stored posts are rendered again
CODE = re.compile(
    r'<pre(?P<pre>(?: [\w-]+="[^"]*")*)><code(?P<code>(?: [\w-]+="[^"]*")*)>(?P<text>[^<]*)</code>'
)
LANGUAGE = re.compile(r' class="language-([^"]+)"')
NAMING = re.compile(r"<(caption|tr)(?: [^>]*)?>(.*?)</\1>", re.DOTALL)
CELL = re.compile(r"</t[dh]>")
LONGEST_NAME = 120  # characters
LOOKS_FOR_NAME = 5000  # characters of a table in which its caption or first row has to end


def render(html: str, language: str) -> str:
    """Return sanitized HTML with coloured code, tables that scroll, and footnotes.

    ``language`` is that of the words we add.
    """
    html = with_footnotes(html, language)
    if "<table" in html:
        html = _with_scrolling_tables(html)
    return CODE.sub(_coloured, html) if 'class="language-' in html else html


def _coloured(found):
    language = LANGUAGE.search(found["code"])
    if language is None:
        return found[0]
    code = highlighted(unescape(found["text"]), language[1])
    return f"<pre{found['pre']}><code{found['code']}>{code}</code>"


def _with_scrolling_tables(html):
    """Put each table into a box that scrolls and takes focus; inner tables scroll with theirs."""
    depth = 0

    def boxed(found):
        nonlocal depth
        if found["name"] != "table":
            return found[0]
        if found["end"]:
            depth -= 1
            return found[0] if depth else f"{found[0]}</section>"
        depth += 1
        return found[0] if depth > 1 else _box(html, found.start()) + found[0]

    return ELEMENT.sub(boxed, html)


def _box(html, start):
    """Return the start of a table's box, named by its caption or its first row."""
    found = NAMING.search(html, start, start + LOOKS_FOR_NAME)
    cells = CELL.split(found[2]) if found else ()
    name = beginning(", ".join(filter(None, map(words, cells))), LONGEST_NAME)
    label = f' aria-label="{escape(name)}"' if name else ""
    return f'<section class="table-scroll" tabindex="0"{label}>'

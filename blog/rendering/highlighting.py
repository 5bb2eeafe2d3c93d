"""Code in the colours of its language, by Pygments, as classes that the style sheet colours."""

from collections.abc import Iterable
from html import escape

from pygments import lex
from pygments.lexers import get_lexer_by_name
from pygments.token import (
    Comment,
    Generic,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    String,
    _TokenType,
)
from pygments.util import ClassNotFound

LONGEST = 50_000  # characters; more stays plain
# One class for each kind that readers tell apart. Pygments' own formatter wraps every name and
# bracket in an element too, which multiplies the size of a page.
CLASSES = {
    Comment: "code-comment",
    Generic.Deleted: "code-keyword",
    Generic.Inserted: "code-string",
    Keyword: "code-keyword",
    Literal: "code-number",
    Name.Attribute: "code-name",
    Name.Builtin: "code-name",
    Name.Class: "code-name",
    Name.Decorator: "code-name",
    Name.Function: "code-name",
    Name.Tag: "code-keyword",
    Number: "code-number",
    Operator.Word: "code-keyword",
    String: "code-string",
}


def highlighted(code: str, language: str) -> str:
    """Return code as HTML in the colours of its language; without colours if we don't know it."""
    if len(code) > LONGEST:
        return escape(code, quote=False)
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return escape(code, quote=False)
    pieces = list(_joined(lex(code, lexer)))
    whole = "".join(text for _name, text in pieces)
    if whole == f"{code}\n":  # some languages lose a last line that does not end
        name, text = pieces.pop()
        pieces.append((name, text[:-1]))
    elif whole != code:
        return escape(code, quote=False)
    return "".join(
        f'<span class="{name}">{escape(text, quote=False)}</span>'
        if name and text.strip()
        else escape(text, quote=False)
        for name, text in pieces
    )


def _joined(tokens: Iterable) -> Iterable[tuple[str, str]]:
    """Yield ``(class, text)``, with neighbours of one class in one piece."""
    name, texts = "", []
    for kind, text in tokens:
        own = _class_of(kind)
        if own != name and texts:
            yield name, "".join(texts)
            texts = []
        name = own
        texts.append(text)
    if texts:
        yield name, "".join(texts)


def _class_of(kind: _TokenType) -> str:
    while kind is not None and kind not in CLASSES:
        kind = kind.parent
    return CLASSES.get(kind, "")

"""Finds literals that people read and that are not marked for translation.

In templates: text, the attributes that are read out, and what filters fill in. In Python: what is
given to calls and names that people read. In scripts: what is put into the page.
"""

import ast
import re
import warnings
from html.parser import HTMLParser

from babel.messages import jslexer
from django.template.base import Lexer, TokenType

WORD = re.compile(r"[^\W\d_]{2,}")
READ_ATTRIBUTES = {"alt", "title", "placeholder", "aria-label", "aria-description", "label"}
BUTTONS = {"button", "submit", "reset"}
# Elements whose text is code, or a sample of it.
NOT_READ = {"script", "style", "code", "kbd", "pre"}
FILLED_IN = re.compile(r"\|(?:default|default_if_none|yesno|add):(\"[^\"]*\"|'[^']*')")
PARAMETER = re.compile(r"(?:label|title|heading|text|name|message)=(\"[^\"]*\"|'[^']*')")

MESSAGES = {"debug", "info", "success", "warning", "error"}
CALLS = {"ValidationError", "Refused", "CommandError", "message_user"}
KEYWORDS = set(
    "help help_text verbose_name verbose_name_plural label short_description description "
    "empty_label empty_value_display message".split()
)
NAMES = KEYWORDS - {"message", "description"}
MARKED = re.compile(r"^_+$|^n?p?gettext(_lazy|_noop)?$|^n?pgettext(_lazy)?$")
RELATIONS = {"OneToOneField", "ManyToManyField"}

SHOWN = {"textContent", "innerText", "title", "placeholder", "ariaLabel", "alt"}
SENTENCE = re.compile(r"^.[A-Z][a-z’]* [a-z]|[a-z]{2} [a-z]{2,}[.!?…].$")


def in_template(source: str) -> list[str]:
    """Return what is read in a template and not marked."""
    left, found, hidden = [], [], 0
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            hidden += name in {"blocktranslate", "comment", "verbatim"}
            hidden -= name in {"endblocktranslate", "endcomment", "endverbatim"}
            if name in {"include", "with"}:
                found += PARAMETER.findall(token.contents)
            left.append(" " if hidden else "")
        elif token.token_type == TokenType.VAR:
            found += FILLED_IN.findall(token.contents)
        elif token.token_type == TokenType.TEXT and not hidden:
            left.append(token.contents)
    return [text.strip("\"'") for text in found if WORD.search(text)] + _in_html("".join(left))


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.within = [], []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag in NOT_READ:
            self.within.append(tag)
        read = {name for name in values if name in READ_ATTRIBUTES}
        if tag == "input" and values.get("type") in BUTTONS:
            read.add("value")
        self.found += [values[name] for name in read if WORD.search(values[name] or "")]

    def handle_endtag(self, tag):
        if self.within and self.within[-1] == tag:
            self.within.pop()

    def handle_data(self, data):
        if not self.within and WORD.search(data):
            self.found.append(" ".join(data.split()))


def _in_html(source):
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return reader.found


def in_python(source: str) -> list[str]:
    """Return what is read in a module and not marked."""
    tree, found = ast.parse(source), []
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        for each in _read_in(node):
            if isinstance(each, ast.Name):
                each = constants.get(each.id, each)
            found += [text for text in _literals(each) if WORD.search(text)]
    return found


def _read_in(node):
    """Yield the expressions below a node whose value people read."""
    if isinstance(node, ast.Call):
        of, name = _name_of(node.func)
        if (of == "messages" and name in MESSAGES) or name == "message_user":
            yield from node.args[1:2]
        elif (
            name in CALLS
            or (name == "write" and of in {"stdout", "stderr"})
            or (of == "models" and name.endswith("Field") and name not in RELATIONS)
        ):
            yield from node.args[:1]
        if not MARKED.match(name):
            yield from (word.value for word in node.keywords if word.arg in KEYWORDS)
    elif isinstance(node, ast.Assign):
        if any(_name_of(target)[1] in NAMES for target in node.targets):
            yield node.value
    elif isinstance(node, ast.ClassDef) and any(
        _name_of(base)[1] in {"TextChoices", "IntegerChoices"} for base in node.bases
    ):
        for each in node.body:
            if isinstance(each, ast.Assign):
                given = each.value.elts if isinstance(each.value, ast.Tuple) else []
                # Django makes a label of the name where none is given.
                yield given[-1] if len(given) > 1 else ast.Constant(ast.unparse(each.targets[0]))


def _name_of(node):
    """Return ``(the name before the dot, the name)``."""
    if isinstance(node, ast.Attribute):
        return _name_of(node.value)[1], node.attr
    return "", node.id if isinstance(node, ast.Name) else ""


def _literals(node):
    """Yield the texts of an expression that no call for translation has around it."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.value
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from _literals(part)
    elif isinstance(node, ast.BinOp):
        yield from _literals(node.left)
        if isinstance(node.op, ast.Add):
            yield from _literals(node.right)
    elif isinstance(node, ast.IfExp):
        yield from (*_literals(node.body), *_literals(node.orelse))
    elif isinstance(node, ast.BoolOp | ast.List | ast.Tuple):
        for part in node.values if isinstance(node, ast.BoolOp) else node.elts:
            yield from _literals(part)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield from () if MARKED.match(node.func.attr) else _literals(node.func.value)


def in_script(source: str) -> list[str]:
    """Return what a script puts into the page of its own; its words come from the page."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        tokens = list(jslexer.tokenize(source, template_string=True, dotted=False))
    found = []
    for number, token in enumerate(tokens):
        if token.type not in {"string", "template_string"} or not WORD.search(token.value):
            continue
        before = [each.value for each in tokens[max(0, number - 2) : number]]
        shown = len(before) == 2 and before[0] in SHOWN and before[1] in {"=", "+="}
        call = [each.value for each in tokens[max(0, number - 4) : number]][:1]
        read = call == ["setAttribute"] and before[0].strip("\"'") in READ_ATTRIBUTES
        if shown or read or SENTENCE.search(token.value):
            found.append(token.value.strip("\"'`"))
    return found

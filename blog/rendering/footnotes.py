"""Footnotes: ``[^1]`` in a text, and a paragraph ``[^1]: ...`` that says what it means.

The paragraphs move into a list at the end, with links both ways.
"""

import re

from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from blog.markup import ELEMENT

NOTE = re.compile(r"<p(?: [^>]*)?>\s*\[\^([\w-]{1,40})\]:\s*((?:(?!</p>).)*)</p>\n?", re.DOTALL)
# Notes on lines of one paragraph: each becomes one of its own.
NEXT_LINE = re.compile(r"<br ?/?>\s*(?=\[\^[\w-]{1,40}\]:)")
MARK = re.compile(r"\[\^([\w-]{1,40})\]")
BEGINNING = re.compile(r"\s*\[\^[\w-]{1,40}\]:")  # of a note
LITERAL = frozenset({"a", "code", "pre", "kbd", "samp"})  # no marks inside these


def with_footnotes(html: str, language: str) -> str:
    """Return sanitized HTML with its footnotes at the end, named in this language.

    A mark without a note, and a note without a mark, stay as they were typed.
    """
    if "[^" not in html:
        return html
    html = NOTE.sub(lambda found: NEXT_LINE.sub("</p>\n<p>", found[0]), html)
    first: dict[str, str] = {}
    for found in NOTE.finditer(html):
        first.setdefault(found[1], found[2].strip())
    # What nothing refers to stays where it is.
    _text, meant, _marks = _numbered(NOTE.sub("", html), first)
    text, notes, marks = _numbered(_without(html, meant), {name: first[name] for name in meant})
    if not marks:
        return html
    with translation.override(language):
        items = [
            _item(number, notes[name], count)
            for number, (name, count) in enumerate(marks.items(), 1)
        ]
        name = gettext("Footnotes")
    section = format_html(
        '<section class="footnotes" role="doc-endnotes" aria-label="{}"><ol>{}</ol></section>',
        name,
        mark_safe("".join(items)),  # noqa: S308 - of sanitized HTML
    )
    return f"{text.rstrip()}\n{section}"


def _numbered(html, notes):
    """Return the text and the notes it leads to, with links for their marks, and those counted.

    The count is of each note's marks, in the order of the numbers. A note may refer to another.
    """
    marks: dict[str, int] = {}
    text, linked = _marked(html, notes, marks), {}
    names = list(marks)
    for name in names:
        linked[name] = _marked(notes[name], notes, marks)
        names += [each for each in marks if each not in names]
    return text, linked, marks


def _without(html, notes):
    """Return the text without the first paragraph of each of these notes."""
    taken = set()

    def take(found):
        name = found[1]
        if name not in notes or name in taken:
            return found[0]
        taken.add(name)
        return ""

    return NOTE.sub(take, html)


def _marked(html, notes, marks):
    """Return the text with a link for each mark that has a note; count them in ``marks``."""

    def link(found):
        name = found[1]
        if name not in notes:
            return found[0]
        marks[name] = marks.get(name, 0) + 1
        number = list(marks).index(name) + 1
        return (
            f'<sup><a id="{_place(number, marks[name])}" href="#fn-{number}"'
            f' role="doc-noteref">{number}</a></sup>'
        )

    parts, at, literal, begins = [], 0, 0, False
    for tag in [*ELEMENT.finditer(html), None]:
        text = html[at : tag.start() if tag else None]
        # A paragraph that is a note stays as it is.
        kept = BEGINNING.match(text)[0] if begins and BEGINNING.match(text) else ""
        parts.append(text if literal else kept + MARK.sub(link, text[len(kept) :]))
        if tag is None:
            break
        parts.append(tag[0])
        at, begins = tag.end(), tag["name"] == "p" and not tag["end"]
        if tag["name"] in LITERAL:
            literal += -1 if tag["end"] else 1
    return "".join(parts)


def _place(number, time):
    return f"fnref-{number}" if time == 1 else f"fnref-{number}-{time}"


def _item(number, note, count):
    ways = "".join(
        format_html(
            ' <a href="#{}" role="doc-backlink" aria-label="{}">↩</a>',
            _place(number, time),
            gettext("Back to the text"),
        )
        for time in range(1, count + 1)
    )
    return f'<li id="fn-{number}">{note}{ways}</li>'

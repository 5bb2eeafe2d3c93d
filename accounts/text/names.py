"""Names and titles on the page: one line, which changes nothing beside it.

Explicit signs of direction (UAX 9, section 2) are invisible, and one that is not closed turns
around what follows. :mod:`accounts.text.folding` compares names as they look.
"""

import unicodedata

from django.utils.translation import gettext_lazy as _

PDF, PDI = "\u202c", "\u2069"
# Each sign that opens an embedding or an isolate, and the one that closes it.
CLOSED_BY = {"\u202a": PDF, "\u202b": PDF, "\u2066": PDI, "\u2067": PDI, "\u2068": PDI}
# They show letters in an order in which nobody types them.
OVERRIDES = frozenset({"\u202d", "\u202e"})
DIRECTION = frozenset({*CLOSED_BY, *OVERRIDES, PDF, PDI})
# Marks on one letter: UTS 39, section 5.4, finds no use for more.
MOST_MARKS = 4

TURNS_AROUND = _(
    "This contains an invisible character that changes the text direction. Please type it "
    "instead of pasting it."
)
TOO_MANY_MARKS = _("One letter has too many marks above or below it. Please remove some.")


def fault(text: str) -> str:
    """Return why nobody may have this name or title, or ""."""
    if not _is_contained(text):
        return TURNS_AROUND
    return TOO_MANY_MARKS if _most_marks(text) > MOST_MARKS else ""


def one_line(text: str) -> str:
    """Return a text without line breaks, and without surrounding or repeated spaces."""
    return " ".join(text.split())


def shown(name: str) -> str:
    """Return a stored name as it is safe to show: names come from imports and older rows, too."""
    if name.isascii() and name.isprintable():
        return name
    if not _is_contained(name):
        name = "".join(sign for sign in name if sign not in DIRECTION)
    return one_line(name)


def _is_contained(text):
    """Return whether all signs of direction are closed, and none is an override."""
    expected = []
    for sign in text:
        if sign in CLOSED_BY:
            expected.append(CLOSED_BY[sign])
        elif sign in DIRECTION and not (expected and sign == expected.pop()):
            return False
    return not expected


def _most_marks(text):
    most = marks = 0
    for sign in unicodedata.normalize("NFD", text):
        marks = marks + 1 if unicodedata.category(sign) in {"Mn", "Me"} else 0
        most = max(most, marks)
    return most

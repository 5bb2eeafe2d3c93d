"""Plural forms for JavaScript, which has no gettext: each number's own form, made by the server."""

from collections.abc import Callable

from django.utils.formats import number_format

# The plural rules of all languages look at a number's last two digits, or at whether it is small.
TOLD_APART = 200


def plural_forms(phrase: Callable[[int], str]) -> dict:
    """Return ``{"texts": the different forms, "which": the place of each number's form in them}``.

    ``phrase`` returns the form for a number, with the placeholder in it:
    ``lambda n: ngettext("%d word", "%d words", n)``. From 200 on, a number has the form of
    100 plus its last two digits.
    """
    forms = [phrase(number) for number in range(TOLD_APART)]
    texts = list(dict.fromkeys(forms))
    return {"texts": texts, "which": [texts.index(form) for form in forms]}


def grouped(number: int) -> str:
    """Return a number for use in a sentence, with separators between thousands."""
    return number_format(number, use_l10n=True, force_grouping=True)

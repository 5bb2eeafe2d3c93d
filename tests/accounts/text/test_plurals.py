"""Plural forms for JavaScript are those of gettext, for each number."""

import pytest
from django.utils import translation

from accounts.text.plurals import grouped, plural_forms


def slavic(number):
    """Three forms, by the last two digits, as in Polish or Russian."""
    if number == 1:
        return "%d post"
    return (
        "%d posty" if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else "%d postów"
    )


def chosen(forms, number):
    """The form that static/js/editor/mount.js takes."""
    which = forms["which"]
    return forms["texts"][which[number if number < len(which) else 100 + number % 100]]


@pytest.mark.parametrize(
    "number", [0, 1, 2, 5, 11, 12, 22, 101, 112, 122, 199, 200, 203, 1012, 5122]
)
def test_each_number_has_its_own_form(number):
    assert chosen(plural_forms(slavic), number) == slavic(number)


def test_each_form_is_sent_once():
    assert plural_forms(slavic)["texts"] == ["%d postów", "%d post", "%d posty"]


def test_numbers_in_sentences_have_separators_of_the_language():
    assert grouped(2_000_000) == "2,000,000"
    with translation.override("de"):
        assert grouped(2_000_000) == "2.000.000"

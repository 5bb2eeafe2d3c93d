"""What Django and allauth say themselves speaks to people as Hearth does."""

import re

import pytest
from django.utils import translation

from accounts.text import borrowed


@pytest.mark.parametrize("text", borrowed.TEXTS)
def test_german_says_du_where_a_library_speaks(text):
    with translation.override("de"):
        said = translation.gettext(text)
    assert said != text
    assert not re.search(r"\b(Sie|Ihr\w*|Ihnen)\b", said)

"""Template tags for the language of a page and of the texts on it."""

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language

from accounts.text import languages

register = template.Library()


@register.simple_tag
def page_language():
    """Return ``lang`` and, where it is written from right to left, ``dir`` of a whole page."""
    code = get_language() or "en"
    rest = ' dir="rtl"' if languages.direction(code) == "rtl" else ""
    return format_html('lang="{}"' + rest, code)


@register.simple_tag
def text_language(*codes):
    """Return ``lang`` and ``dir`` of a text, by the first code that is set; "" if it is the page's.

    A space comes first, so that it follows the name of an element.
    """
    code = next(filter(None, codes), "")
    if not code or code == get_language():
        return ""
    return format_html(' lang="{}" dir="{}"', code, languages.direction(code))

"""Which style sheets a page links, in the order of STYLES (config.storage)."""

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage

from config.storage import STYLE_SHEET, STYLES

register = template.Library()


@register.simple_tag
def style_sheets():
    """Return the addresses: one where collectstatic has joined them, all of them elsewhere."""
    joined = getattr(staticfiles_storage, "joins_styles", False)
    names = [STYLE_SHEET] if joined else STYLES
    return [staticfiles_storage.url(name) for name in names]

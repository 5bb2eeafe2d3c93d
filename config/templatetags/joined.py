"""Template tags for the URLs of style sheets and scripts, in the order of config.files.storage."""

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage

from config.files.storage import SCRIPT, SCRIPTS, STYLE_SHEET, STYLES

register = template.Library()


@register.simple_tag
def style_sheets():
    """Return the style sheets' URLs: only one if collectstatic has joined them."""
    return _addresses(STYLES, STYLE_SHEET)


@register.simple_tag
def scripts():
    """Return the scripts' URLs: only one if collectstatic has joined them."""
    return _addresses(SCRIPTS, SCRIPT)


def _addresses(names, joined):
    joins = getattr(staticfiles_storage, "joins", False)
    return [staticfiles_storage.url(name) for name in ([joined] if joins else names)]

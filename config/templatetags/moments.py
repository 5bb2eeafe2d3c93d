"""Template filter for times as machines read them."""

from datetime import datetime

from django import template

register = template.Library()


@register.filter
def iso(moment: datetime) -> str:
    """Return a time for ``<time datetime>``, to the second (HTML allows milliseconds, not more)."""
    return moment.isoformat(timespec="seconds")

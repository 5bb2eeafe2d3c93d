"""What the first page of the admin says when mails and other work have not been done for long."""

from django import template
from django.core.cache import cache

from config import due_work

register = template.Library()

# Seconds. Looking asks every kind of work; what is ten minutes late may be told a minute later.
LOOKED_AT_FOR = 60


@register.simple_tag
def due_work_is_late():
    """Return whether work has been due for more than ten minutes, as it was a minute ago."""
    return cache.get_or_set("late-work", due_work.is_late, LOOKED_AT_FOR)

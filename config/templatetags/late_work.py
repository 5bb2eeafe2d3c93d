"""The template tag for the admin's notice about late mails and other deferred work."""

from django import template
from django.core.cache import caches

from config import due_work

register = template.Library()

# Seconds. The check queries every kind of work, and a minute more hardly matters for late work.
LOOKED_AT_FOR = 60


@register.simple_tag
def due_work_is_late():
    """Return whether work has been due for more than ten minutes; cached for a minute."""
    return caches["pages"].get_or_set("late-work", due_work.is_late, LOOKED_AT_FOR)

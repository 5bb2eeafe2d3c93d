"""What the first page of the admin says when mails and other work have not been done for long."""

from django import template

from config import due

register = template.Library()


@register.simple_tag
def work_is_late():
    """Return whether work has been due for more than ten minutes."""
    return due.late()

"""What the first page of the admin shows an author of her posts."""

from django import template

from blog import desk

register = template.Library()


@register.simple_tag(takes_context=True)
def writing(context):
    """Return the ``desk.Writing`` of who is signed in."""
    return desk.writing(context["request"].user)

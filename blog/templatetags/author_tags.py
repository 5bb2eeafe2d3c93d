"""What the first page of the admin shows an author of her posts."""

from django import template

from blog.admin import dashboard

register = template.Library()


@register.simple_tag(takes_context=True)
def author_posts(context):
    """Return the ``desk.Writing`` of who is signed in."""
    return dashboard.author_posts(context["request"].user)

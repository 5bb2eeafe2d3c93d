"""Template tag for the author's own posts on the first page of the admin."""

from django import template

from blog.admin import dashboard

register = template.Library()


@register.simple_tag(takes_context=True)
def author_posts(context):
    """Return the ``dashboard.AuthorPosts`` of the signed-in user."""
    return dashboard.author_posts(context["request"].user)

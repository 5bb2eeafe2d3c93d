"""What every template may ask for: the blog's own row and the pages of its menu.

Both are read when a template first names them, each in one query.
"""

from django.apps import apps
from django.utils.functional import SimpleLazyObject

from blog.models import Blog, Post

RECENT = 5


def current_blog(request):
    """Return the blog's row, read once for a request."""
    if not hasattr(request, "blog"):
        request.blog = Blog.get()
    return request.blog


def blog(request):
    """Context processor: ``blog``, ``menu`` (pages), ``recent_posts``, ``comments_enabled``."""
    return {
        "blog": SimpleLazyObject(lambda: current_blog(request)),
        "menu": Post.objects.published().pages().filter(in_menu=True).only("title", "slug", "kind"),
        "recent_posts": Post.objects.published().posts().only("kind", "title", "slug")[:RECENT],
        "comments_enabled": apps.is_installed("comments"),
    }

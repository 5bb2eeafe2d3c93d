"""What every template may ask for: the blog's own row and the pages of its menu.

Both are read when a template first names them, each in one query.
"""

from django.apps import apps
from django.conf import settings
from django.db.models import DateTimeField
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from blog.models import Blog, Post, content_notes
from blog.prepared import prepared

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
        "menu": SimpleLazyObject(lambda: _menu(now=timezone.now())),
        "recent_posts": SimpleLazyObject(_recent_posts),
        "comments_enabled": apps.is_installed("comments"),
    }


@prepared(now=DateTimeField())
def _menu(now):
    return Post.objects.published(now).pages().filter(in_menu=True).only("title", "slug", "kind")


def _recent_posts():
    return list(Post.objects.published().posts().only("kind", "title", "slug")[:RECENT])


def open_content_notes(request):
    """Return the keys of the topics that open for this reader: of this browser, or her account.

    Only where a session is: to look for one would make a page for everybody one of her own.
    """
    here = content_notes.keys_from_cookie(request.COOKIES.get(content_notes.COOKIE))
    if here or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return here
    return content_notes.keys_from_cookie(getattr(request.user, "open_notes", ""))


def help_page_html(blog):
    """Return the text of the page that the owner has chosen, while readers can read it."""
    if blog.help_page_id is None:
        return ""
    pages = Post.objects.public().pages().filter(pk=blog.help_page_id)
    return pages.values_list("body", flat=True).first() or ""

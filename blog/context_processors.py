"""What every template may ask for: the blog's own row and the pages of its menu.

Both are read when a template first names them.
"""

from django.apps import apps
from django.conf import settings
from django.utils.functional import SimpleLazyObject

from blog import site_cache
from blog.models import Blog, Post, content_notes
from blog.permalinks import path_of
from blog.related import Link

RECENT = 5


def current_blog(request):
    """Return the blog's row, read once for a request with the version of the site."""
    if not hasattr(request, "blog"):
        request.blog = site_cache.with_version(Blog.objects).first() or Blog.get()
    return request.blog


def site_version(request):
    """Return the version for ``site_cache.remembered``.

    None where something may be changed: what a transaction sees is not everybody's yet.
    """
    safe = request.method in {"GET", "HEAD"}
    return site_cache.version_of(current_blog(request)) if safe else None


def blog(request):
    """Context processor: ``blog``, ``menu`` (pages), ``recent_posts``, ``comments_enabled``."""
    return {
        "blog": SimpleLazyObject(lambda: current_blog(request)),
        "menu": SimpleLazyObject(
            lambda: site_cache.remembered(site_version(request), "menu", _menu)
        ),
        "recent_posts": SimpleLazyObject(_recent_posts),
        "comments_enabled": apps.is_installed("comments"),
    }


def _menu():
    pages = Post.objects.published().pages().filter(in_menu=True)
    found = pages.values_list("title", "kind", "slug")
    return [Link(title, path_of(kind, slug)) for title, kind, slug in found]


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

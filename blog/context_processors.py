"""The blog's settings, menu and recent posts for every template, and what belongs to a request.

The context values are lazy: each is read when a template first uses it.
"""

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from blog import site_cache
from blog.models import Blog, Post, content_notes
from blog.permalinks import path_of
from blog.related import Link

RECENT = 5


def current_blog(request: HttpRequest) -> Blog:
    """Return the blog's settings, read once per request together with the site version."""
    if not hasattr(request, "blog"):
        request.blog = site_cache.with_version(Blog.objects).first() or Blog.get()
    return request.blog


def site_version(request: HttpRequest) -> str | None:
    """Return the site version for ``site_cache.remembered``, or None for unsafe methods.

    A request that may write sees uncommitted data, which must not be cached for everybody.
    """
    safe = request.method in {"GET", "HEAD"}
    return site_cache.version_of(current_blog(request)) if safe else None


def blog(request: HttpRequest) -> dict:
    """Context processor: ``blog``, ``menu`` (pages) and what else every page may need.

    ``several_authors`` says whether lists have to name who wrote a post.
    """
    return {
        "blog": SimpleLazyObject(lambda: current_blog(request)),
        "menu": SimpleLazyObject(
            lambda: site_cache.remembered(site_version(request), "menu", _menu)
        ),
        "recent_posts": SimpleLazyObject(_recent_posts),
        "several_authors": SimpleLazyObject(
            lambda: site_cache.remembered(site_version(request), "authors", _several_authors)
        ),
        "comments_enabled": apps.is_installed("comments"),
    }


def _menu():
    pages = Post.objects.published().pages().filter(in_menu=True)
    rows = pages.values_list("title", "kind", "slug")
    return [Link(title, path_of(kind, slug)) for title, kind, slug in rows]


def _recent_posts():
    return list(Post.objects.published().posts().only("kind", "title", "slug")[:RECENT])


def _several_authors():
    authors = Post.objects.published().posts().order_by().values("author").distinct()
    return authors[:2].count() > 1


def open_content_notes(request: HttpRequest) -> frozenset[int]:
    """Return the keys of the content notes that open for this reader.

    The browser's cookie comes first, then the account's choice. The account is only looked up
    when there is a session cookie: touching the session would make a public page private.
    """
    here = content_notes.keys_from_cookie(request.COOKIES.get(content_notes.COOKIE))
    if here or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return here
    return content_notes.keys_from_cookie(getattr(request.user, "open_notes", ""))


def help_page_html(blog: Blog) -> str:
    """Return the body of the help page that the owner chose, or "" while it is not public.

    One of ``settings.HELP_BLOCKS``.
    """
    if blog.help_page_id is None:
        return ""
    pages = Post.objects.public().pages().filter(pk=blog.help_page_id)
    return pages.values_list("body", flat=True).first() or ""

"""Middleware: redirects from old addresses, and content notes that open by themselves.

An old address is only looked up for a 404, or for the first page with one of the query parameters
by which WordPress identifies a post.
"""

import re
from collections.abc import Callable
from urllib.parse import unquote

from django.contrib.auth.models import AnonymousUser
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    QueryDict,
)

from accounts.models import User
from blog import context_processors, redirects
from blog.models import Post, content_notes
from blog.permalinks import RESERVED

OURS = ("/posts/", "/series/", "/tags/")
FIRST_PAGE = frozenset({"/", "/index.php"})
BY_NUMBER = ("p", "page_id", "attachment_id")
NUMBER = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
Handler = Callable[[HttpRequest], HttpResponse]


def redirect_old_addresses(get_response: Handler) -> Handler:
    """Redirect permanently from an old address to the post, tag or series that was there."""

    def middleware(request):
        if "\x00" in request.path_info:
            raise Http404  # no database can look it up
        if request.path_info in FIRST_PAGE and (post := _asked_by_number(request)):
            return HttpResponsePermanentRedirect(post.get_absolute_url())
        response = get_response(request)
        if response.status_code != 404:
            return response
        return _moved(request) or _moved_out_of_folder(request) or response

    return middleware


def open_content_notes(get_response: Handler) -> Handler:
    """Open the content notes of a page that its reader chose to have open.

    Done here and not in templates, so that cached fragments are the same for everybody.
    """

    def middleware(request):
        response = get_response(request)
        keys = context_processors.open_content_notes(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if keys and is_page and not response.streaming:
            html = response.content.decode(response.charset)
            response.content = content_notes.open_matching_notes(html, keys).encode(
                response.charset
            )
        return response

    return middleware


def post_by_number(query: str, viewer: User | AnonymousUser) -> Post | None:
    """Return the post that a query such as "p=12" means, if this viewer may see it."""
    given = QueryDict(query)
    asked = [(name, given.get(name, "")) for name in BY_NUMBER]
    paths = [f"/?{name}={number}" for name, number in asked if NUMBER.fullmatch(number)]
    return redirects.post_at(paths, viewer) if paths else None


def _asked_by_number(request):
    # As it was sent: the page cache leaves out of ``request.GET`` what the page does not read.
    return post_by_number(request.META.get("QUERY_STRING", ""), request.user)


def _moved_out_of_folder(request):
    """Return the redirect for ``/folder/?p=1``: the old blog may have lived in a folder."""
    first_word = request.path_info.strip("/").partition("/")[0]
    if first_word in RESERVED or not (post := _asked_by_number(request)):
        return None
    return HttpResponsePermanentRedirect(post.get_absolute_url())


def _moved(request):
    """Return the redirect, or None if there is no target or it is the requested path itself."""
    target = redirects.current_path(request.path_info, request.user)
    if target is None or unquote(target) == request.path:
        return None
    # Our own addresses keep their ?page=; the queries of another blog mean nothing here.
    query = request.META.get("QUERY_STRING") if request.path_info.startswith(OURS) else ""
    # 308 for a form that was opened before the address changed: its data is sent again.
    return HttpResponsePermanentRedirect(
        f"{target}?{query}" if query else target,
        preserve_request=request.method not in {"GET", "HEAD"},
    )

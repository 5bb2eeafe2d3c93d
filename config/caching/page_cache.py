"""The page cache: whole pages for readers without a cookie, compressed, in Django's cache.

A page's key contains its version (:mod:`config.caching.cache_keys`), so that a stale page is never
found and any cache will do, also one per process. One request renders a missing page; the others
wait for it a moment. These pages contain no secrets and set no cookie, so compressing them is not
vulnerable to BREACH (https://breachattack.com).
"""

import gzip
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

import brotli
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from blog.middleware import BY_NUMBER
from config.caching import cache_keys
from config.caching.process_cache import PAGE
from config.middleware import PERSONAL, cache_control_for

POST_PAGES = {"blog:post", "blog:page", "comments:news"}
OTHER_PAGES = {
    "blog:home",
    "blog:tag",
    "blog:series",
    "blog:archive",
    "blog:archive_year",
    "blog:feed",
    "blog:json_feed",
    "blog:tag_feed",
    "blog:sitemap",
    "comments:feed",
    "comments:post_feed",
}
# The query parameters that pages read; others change nothing.
ASKED = ("after", "as", "open", "order", "page", "place")
KEPT_FOR = 24 * 3600  # seconds; so that pages nobody reads make room
RENDERING_FOR = 10  # seconds after which another request renders the page
WAIT = 0.02
BROTLI_QUALITY = 5  # of 11; the best takes fifty times as long for a tenth less


@dataclass
class Page:
    """A rendered page in two encodings, with its content type and ETag."""

    content_type: str
    etag: str
    br: bytes
    gzip: bytes

    @classmethod
    def of(cls, response: HttpResponse) -> Self:
        etag = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        return cls(
            response["Content-Type"],
            etag,
            brotli.compress(response.content, quality=BROTLI_QUALITY),
            gzip.compress(response.content, compresslevel=6, mtime=0),
        )

    @property
    def size(self) -> int:
        return len(self.br) + len(self.gzip)

    def answer(self, accepted: str, known: str) -> tuple[str, list[tuple[str, str]], bytes]:
        """Return ``(status, headers, body)`` for a request.

        ``accepted`` is Accept-Encoding, ``known`` If-None-Match (RFC 9110, 8.4 and 13.1.2).
        """
        headers = [("ETag", self.etag)]
        if known and (known in {self.etag, "*"} or self.etag in _tags(known)):
            return "304 Not Modified", headers, b""
        encoding, body = self._encoded(accepted)
        if encoding:
            headers.append(("Content-Encoding", encoding))
        headers += [("Content-Type", self.content_type), ("Content-Length", str(len(body)))]
        return "200 OK", headers, body

    def _encoded(self, accepted):
        if _accepts(accepted, "br"):
            return "br", self.br
        if _accepts(accepted, "gzip"):
            return "gzip", self.gzip
        return "", gzip.decompress(self.gzip)


def _accepts(accepted, encoding):
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == encoding:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _tags(known):
    return {f"W/{tag.strip().removeprefix('W/')}" for tag in known.split(",")}


def page_cache(get_response: Callable) -> Callable:
    """Middleware: serve pages to readers without a cookie from the cache, or render and store."""

    def middleware(request):
        version = _page_version(request) if settings.PAGE_CACHE else None
        if version is None:
            return get_response(request)
        request.blog = version.blog  # read already, and needed to render the page
        known = request.META.pop("HTTP_IF_NONE_MATCH", "")  # compared here, not by the view
        key = _key(request, version)
        found = _found_or_awaited(key) or made_once(key, request, get_response)
        if isinstance(found, HttpResponse):
            return found
        request.META[PAGE] = (found, version.until)
        return _response(found, request, known)

    return middleware


def _page_version(request):
    """Return the version of the requested page, or None if it is personal or not cacheable."""
    if request.method not in {"GET", "HEAD"} or any(name in request.COOKIES for name in PERSONAL):
        return None
    # Paths that no database can look up, and old numeric URLs that may redirect, go to the view.
    if "\x00" in request.path_info or any(name in request.GET for name in BY_NUMBER):
        return None
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    if match.view_name in POST_PAGES:
        return cache_keys.post_version(match.kwargs["slug"])
    if match.view_name in OTHER_PAGES:
        return cache_keys.site_version()
    return None


def _key(request, version):
    asked = urlencode([(name, request.GET[name]) for name in ASKED if name in request.GET])
    address = f"{request.scheme}://{request.get_host()}{request.path}?{asked}"
    return f"page:{hashlib.sha256(address.encode()).hexdigest()[:32]}:{version.version}"


def _found_or_awaited(key):
    """Return the page; None for the one request that is to render it."""
    give_up, rendering = time.monotonic() + RENDERING_FOR, f"{key}:rendering"
    while not (page := cache.get(key)) and time.monotonic() < give_up:
        if cache.add(rendering, 1, RENDERING_FOR):
            page = cache.get(key)  # another request may have finished between the two lookups
            if page:
                cache.delete(rendering)
            return page
        time.sleep(WAIT)
    return page


def made_once(key: str, request: HttpRequest, get_response: Callable) -> Page | HttpResponse:
    """Render and cache the page; return the ``Page``, or the response if it is not cacheable."""
    try:
        response = get_response(request)
        if response.status_code != 200 or response.cookies or response.streaming:
            return response
        page = Page.of(response)
        cache.set(key, page, KEPT_FOR)
        return page
    finally:
        cache.delete(f"{key}:rendering")


def _response(page, request, known):
    status, headers, body = page.answer(request.META.get("HTTP_ACCEPT_ENCODING", ""), known)
    response = HttpResponse(body, status=int(status[:3]), headers=dict(headers))
    response["Cache-Control"] = cache_control_for(request)
    response["Vary"] = "Cookie, Accept-Encoding"
    return response

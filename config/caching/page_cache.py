"""Whole pages for readers without a cookie, kept in Django's cache, compressed once.

The key of a page holds its :mod:`config.caching.cache_keys`, so that nothing old is ever found and
any cache will do, also one for each process. One reader renders a page that is missing;
the others wait for it a moment. These pages hold nothing secret and no cookie comes with
them, so that compressing them tells nobody anything (BREACH, https://breachattack.com).
"""

import gzip
import hashlib
import time
from dataclasses import dataclass
from urllib.parse import urlencode

import brotli
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
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
# All that a page asks its address for; other words after the "?" change nothing.
ASKED = ("after", "as", "open", "order", "page", "place")
KEPT_FOR = 24 * 3600  # seconds; a page that nobody reads makes room
RENDERING_FOR = 10  # seconds after which another reader tries
WAIT = 0.02
BROTLI_QUALITY = 5  # of 11; the best takes fifty times as long for a tenth less


@dataclass
class Page:
    """A finished page in two encodings, with the headers that belong to its bytes."""

    content_type: str
    etag: str
    br: bytes
    gzip: bytes

    @classmethod
    def of(cls, response):
        etag = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        return cls(
            response["Content-Type"],
            etag,
            brotli.compress(response.content, quality=BROTLI_QUALITY),
            gzip.compress(response.content, compresslevel=6, mtime=0),
        )

    @property
    def size(self):
        return len(self.br) + len(self.gzip)

    def answer(self, accepted, known):
        """Return ``(status, headers, body)`` for a reader.

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


def page_cache(get_response):
    """Middleware: answer readers without a cookie from the cache, or render for all of them."""

    def middleware(request):
        fresh = _freshness(request) if settings.PAGE_CACHE else None
        if fresh is None:
            return get_response(request)
        request.blog = fresh.blog  # read already; the page will show it
        known = request.META.pop("HTTP_IF_NONE_MATCH", "")  # about our bytes, not the view's
        key = _key(request, fresh)
        found = _found_or_awaited(key) or made_once(key, request, get_response)
        if isinstance(found, HttpResponse):
            return found
        request.META[PAGE] = (found, fresh.until)
        return _response(found, request, known)

    return middleware


def _freshness(request):
    """Return what the page depends on, or None where it is somebody's own or not kept."""
    if request.method not in {"GET", "HEAD"} or any(name in request.COOKIES for name in PERSONAL):
        return None
    # What no database can look up, and what may lead elsewhere, is for the view to answer.
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


def _key(request, fresh):
    asked = urlencode([(name, request.GET[name]) for name in ASKED if name in request.GET])
    address = f"{request.scheme}://{request.get_host()}{request.path}?{asked}"
    return f"page:{hashlib.sha256(address.encode()).hexdigest()[:32]}:{fresh.version}"


def _found_or_awaited(key):
    """Return the page; None for the one reader who is to render it."""
    give_up, rendering = time.monotonic() + RENDERING_FOR, f"{key}:rendering"
    while not (page := cache.get(key)) and time.monotonic() < give_up:
        if cache.add(rendering, 1, RENDERING_FOR):
            page = cache.get(key)  # somebody may have finished between the two looks
            if page:
                cache.delete(rendering)
            return page
        time.sleep(WAIT)
    return page


def made_once(key, request, get_response):
    """Return a ``Page`` and keep it, or the response when it is not one to keep."""
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

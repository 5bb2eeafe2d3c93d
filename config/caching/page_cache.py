"""The page cache: whole pages for readers without a cookie, compressed, in Django's cache.

A page's key contains its version (:mod:`config.caching.cache_keys`), so that a stale page is never
found and any cache will do, also one per process; and its plain address
(:mod:`config.caching.addresses`), so that no page is kept twice. One request renders a missing
page; the others wait for it a moment. These pages contain no secrets and set no cookie, so
compressing them is not vulnerable to BREACH (https://breachattack.com).
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
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve

from blog.middleware import FIRST_PAGE, post_by_number
from comments.guests import session
from config.caching import addresses, cache_keys
from config.caching.process_cache import PAGE, host_of, scheme_of
from config.middleware import PERSONAL, cache_control_for

KEPT_FOR = 24 * 3600  # seconds; so that pages nobody reads make room
RENDERING_FOR = 10  # seconds after which another request renders the page
WAIT = 0.02
BROTLI_QUALITY = 5  # of 11; the best takes fifty times as long for a tenth less


@dataclass
class Page:
    """A rendered page in two encodings, with its content type and ETag.

    It is there unencoded, too, as soon as somebody has asked for that.
    """

    content_type: str
    etag: str
    br: bytes
    gzip: bytes
    plain: bytes | None = None

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
        return len(self.br) + len(self.gzip) + len(self.plain or b"")

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
        if self.plain is None:
            self.plain = gzip.decompress(self.gzip)
        return "", self.plain


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
        match = _kept_view(request) if settings.PAGE_CACHE else None
        version = match and _version(match)
        if version is None:
            return get_response(request)
        request.get_host()  # raises DisallowedHost for one that is not ours
        request.blog = version.blog  # read already, and needed to render the page
        known = request.META.pop("HTTP_IF_NONE_MATCH", "")  # compared here, not by the view
        key = _made_plain(request, match, version)
        found = _found_or_awaited(key) or made_once(key, request, get_response)
        if isinstance(found, HttpResponse):
            return found
        if _was_plain(request):
            request.META[PAGE] = (found, version.until)
        return _response(found, request, known)

    return middleware


def _kept_view(request):
    """Return the match of a view whose pages are kept; None for a page that is personal."""
    if request.method not in {"GET", "HEAD"} or any(name in request.COOKIES for name in PERSONAL):
        return None
    if "\x00" in request.path_info:
        return None  # no database can look it up
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    if match.view_name not in addresses.VIEWS or _leads_elsewhere(request):
        return None
    return match


def _leads_elsewhere(request):
    """Return whether this is the number that a post had in an old blog: the view redirects."""
    query = request.META.get("QUERY_STRING", "")
    return request.path_info in FIRST_PAGE and query and post_by_number(query, AnonymousUser())


def _version(match):
    if match.view_name in addresses.POST_PAGES or match.view_name == addresses.NEWS:
        return cache_keys.post_version(match.kwargs["slug"])
    return cache_keys.site_version()


def _made_plain(request, match, version):
    """Give the request the plain form of its address, and return the key of the page."""
    words = addresses.plain_words(request.GET, match.view_name)
    path = addresses.plain_path(request.path_info, match)
    key = _key(path, words, version)
    # Only a page that exists is kept, so one that is found needs no look.
    if addresses.may_be_unknown(words) and not caches["pages"].get(key):
        slug, conversation = match.kwargs["slug"], session.settings_of(request)
        words = addresses.existing(words, slug, conversation)
        key = _key(path, words, version)
    request.path = request.path.removesuffix(request.path_info) + path
    request.path_info = path
    request.GET = QueryDict(urlencode(words))
    return key


def _key(path, words, version):
    address = f"{path}?{urlencode(words)}"
    return f"page:{hashlib.sha256(address.encode()).hexdigest()[:32]}:{version.version}"


def _was_plain(request):
    """Return whether the request came in the form in which the process cache keeps it."""
    sent = host_of(request.META), scheme_of(request.META), request.META.get("QUERY_STRING", "")
    return (
        sent[0] in settings.ALLOWED_HOSTS
        and sent[1] in {"http", "https"}
        and sent[2] == request.GET.urlencode()
        and request.META["PATH_INFO"] == request.path_info
    )


def _found_or_awaited(key):
    """Return the page; None if this request is to render it.

    Whoever finds another request rendering it waits for that one, once: what a cache that is full
    or away does not keep is rendered again without waiting.
    """
    cache, rendering = caches["pages"], f"{key}:rendering"
    if page := cache.get(key):
        return page
    if cache.add(rendering, 1, RENDERING_FOR):
        page = cache.get(key)  # another request may have finished between the two lookups
        if page:
            cache.delete(rendering)
        return page
    give_up = time.monotonic() + RENDERING_FOR
    while time.monotonic() < give_up:
        found = cache.get_many([rendering, key])  # in this order: the page is kept first
        if key in found or rendering not in found:
            return found.get(key)
        time.sleep(WAIT)
    return None


def made_once(key: str, request: HttpRequest, get_response: Callable) -> Page | HttpResponse:
    """Render and cache the page; return the ``Page``, or the response if it is not cacheable."""
    try:
        response = get_response(request)
        if response.status_code != 200 or response.cookies or response.streaming:
            return response
        page = Page.of(response)
        caches["pages"].set(key, page, KEPT_FOR)
        return page
    finally:
        caches["pages"].delete(f"{key}:rendering")


def _response(page, request, known):
    status, headers, body = page.answer(request.META.get("HTTP_ACCEPT_ENCODING", ""), known)
    response = HttpResponse(body, status=int(status[:3]), headers=dict(headers))
    response["Cache-Control"] = cache_control_for(request)
    response["Vary"] = "Cookie, Accept-Encoding"
    return response

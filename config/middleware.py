"""Middleware for every page: what can be read, headers, Cache-Control, size, time zone."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag
from django.views.defaults import page_not_found

from accounts.text import languages
from blog.context_processors import current_blog
from blog.models.content_notes import COOKIE as NOTES
from comments.guests.session import COOKIE as WRITER

# URL namespaces with public pages. All other pages are personal.
READING = frozenset({"blog", "comments"})
# Cookies whose holder gets a personal page.
PERSONAL = (settings.SESSION_COOKIE_NAME, WRITER, NOTES, "messages")

# The request size limit in bytes for visitors who are not signed in: far more than any form needs.
STRANGERS_MOST = 2 * 1024 * 1024

# The only encodings in which browsers send our forms. Python knows a hundred others; some give no
# letters at all (hex, rot13), and some fail where nobody expects it (idna).
CHARSETS = frozenset({"utf-8", "utf8"})
# No header has these (RFC 9110, section 5.5), but a cookie can, as "\\000".
CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
HALF_LETTERS = re.compile(r"[\ud800-\udfff]")
# What no person types and some parser fails at: a NUL, half a letter (also as JSON), a number
# longer than Python reads, and brackets nested deeper than it can follow.
ODD = re.compile(r"[\x00\ud800-\udfff]|\\u(?:0000|[dD][89a-fA-F])|\d{4000}|[\[{]{500}")

# Hearth uses none of these, so an injected script cannot use them either.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


class ReadableRequests:
    """Middleware: answer 400 to a request that cannot be read, before any view meets it.

    NULs and bytes that are no UTF-8 in an address or a form can be read, so the views answer them:
    they show what was typed once more, or find nothing. Where one fails at them after all, that is
    400 as well, not 500.
    """

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kind = {name.lower(): value for name, value in request.content_params.items()}
        if kind.get("charset", "utf-8").lower() not in CHARSETS:
            raise BadRequest("a charset that no form of ours has")
        headers = (value for name, value in request.META.items() if name.startswith("HTTP_"))
        sent = (*headers, request.META.get("CONTENT_TYPE", ""), *request.COOKIES.values())
        if any(map(CONTROLS.search, sent)):
            raise BadRequest("a control character in a header or a cookie")
        _ = request.GET  # raises TooManyFieldsSent, which Django answers with 400
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Read the form: after its size was limited, and before anything else asks for it."""
        try:
            texts = _texts(request.POST)
        except MultiPartParserError:
            raise  # Django answers 400
        except (LookupError, ValueError, UnreadablePostError) as error:
            raise BadRequest("a form that cannot be read") from error
        files = (file.name for _name, named in request.FILES.lists() for file in named)
        if any(map(HALF_LETTERS.search, (*texts, *files, *request.FILES))):
            raise BadRequest("half a letter")

    def process_exception(self, request, exception):
        if isinstance(exception, (ValueError, DataError, RecursionError)):
            sent = (request.path, *_texts(request.GET), *_texts(request.POST))
            if any(map(_means_nothing, sent)):
                raise BadRequest("something no person types") from exception


def _means_nothing(text):
    try:
        urlsplit(text)  # an address with half a bracket, say
    except ValueError:
        return True
    return ODD.search(text) is not None


def _texts(data):
    """Return the names and values of a QueryDict."""
    return [text for name, values in data.lists() for text in (name, *values)]


def permissions_policy(get_response: Callable) -> Callable:
    """Middleware: disable unused browser features (https://www.w3.org/TR/permissions-policy-1/)."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    return middleware


def cache_headers(get_response: Callable) -> Callable:
    """Middleware: let caches keep public pages, and revalidate them each time.

    A public page is the same for everyone without a cookie of ours (RFC 9111). A response with a
    Cache-Control of its own, such as the admin's, is left alone.
    """

    def middleware(request):
        response = get_response(request)
        if (
            request.method not in {"GET", "HEAD"}
            or response.streaming
            or response.has_header("Cache-Control")
        ):
            return response
        if not _is_for_readers(request, response):
            response["Cache-Control"] = "private, no-store"
            return response
        return _kept(request, response)

    return middleware


def _is_for_readers(request, response):
    # Without a match it is a 404, which is public, too.
    match = request.resolver_match
    return (
        response.status_code < 500
        and (match is None or not READING.isdisjoint(match.namespaces))
        and not response.cookies
        and not any(name in request.COOKIES for name in PERSONAL)
    )


def cache_control_for(request: HttpRequest) -> str:
    """Return the Cache-Control of a public page.

    A visitor who has opened a form has a CSRF cookie; only their own browser may cache their copy.
    """
    who = "private" if settings.CSRF_COOKIE_NAME in request.COOKIES else "public"
    return f"{who}, max-age=0, must-revalidate"


def _kept(request, response):
    response["Cache-Control"] = cache_control_for(request)
    patch_vary_headers(response, ["Cookie"])
    # Only the content counts: a post that is taken back leaves no later date.
    del response["Last-Modified"]
    set_response_etag(response)
    return get_conditional_response(request, etag=response.get("ETag"), response=response)


def limit_form_size(get_response: Callable) -> Callable:
    """Middleware: refuse requests that are too long by what they say, before they are read.

    config/server/front.py does not read these at all.
    """

    def middleware(request):
        sent = request.META.get("CONTENT_LENGTH") or ""
        if sent.isdecimal() and int(sent) > STRANGERS_MOST:
            is_in = SESSION_KEY in request.session
            most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE if is_in else STRANGERS_MOST
            if int(sent) > most:
                request.most_bytes = most  # for the sentence that refuses it
                raise RequestDataTooBig(f"{sent} bytes")
        return get_response(request)

    return middleware


def blog_locale(get_response: Callable) -> Callable:
    """Middleware: activate the blog's time zone and language for forms and templates.

    Pages speak the blog's language to everybody, so that one copy can be kept for all; the admin
    speaks the language that each account has chosen. What a browser accepts is not asked.
    """
    desk = reverse("admin:index")

    def middleware(request):
        blog = current_blog(request)
        own = request.path_info.startswith(desk) and getattr(request.user, "language", "")
        spoken = languages.spoken(own, blog.language)
        with timezone.override(blog.time_zone), translation.override(spoken):
            return get_response(request)

    return middleware


class MissingPages:
    """Middleware: in development too, whoever looks for a page that isn't there finds ours.

    Django would list its addresses, which helps nobody who tries a blog.
    """

    def __init__(self, get_response: Callable):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return our page for a missing one that a view has noticed, if DEBUG is on."""
        if settings.DEBUG and isinstance(exception, Http404):
            return page_not_found(request, exception)
        return None

"""What holds for every page: headers, who may keep a copy, and the blog's own time zone."""

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import RequestDataTooBig
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag

from blog.context_processors import current_blog
from blog.models.content_notes import COOKIE as NOTES
from comments.guests.session import COOKIE as WRITER

# The parts of the site whose pages are for readers. All other pages are somebody's own.
READING = frozenset({"blog", "comments"})
# Whoever carries one of these gets a page of her own.
PERSONAL = (settings.SESSION_COOKIE_NAME, WRITER, NOTES, "messages")

# Bytes that somebody may send who is not signed in: far more than any form of ours takes.
STRANGERS_MOST = 2 * 1024 * 1024

# None of these is used anywhere in Hearth, so that a script that slipped in could not ask for them.
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


def permissions_policy(get_response):
    """Middleware: forbid what no page uses (https://www.w3.org/TR/permissions-policy-1/)."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    return middleware


def cache_headers(get_response):
    """Middleware: a page for readers may be kept by anybody, and is asked for again each time.

    It is the same bytes for everyone without a cookie of ours (RFC 9111). What says for
    itself how it may be kept, such as the admin, is left alone.
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
    # Without a match nothing is at the address: that page is for readers, too.
    match = request.resolver_match
    return (
        response.status_code < 500
        and (match is None or not READING.isdisjoint(match.namespaces))
        and not response.cookies
        and not any(name in request.COOKIES for name in PERSONAL)
    )


def cache_control_for(request):
    """Return the Cache-Control of a page that is the same for everyone without our cookies.

    Who has opened a form carries a CSRF cookie; her copies are for her browser alone.
    """
    who = "private" if settings.CSRF_COOKIE_NAME in request.COOKIES else "public"
    return f"{who}, max-age=0, must-revalidate"


def _kept(request, response):
    response["Cache-Control"] = cache_control_for(request)
    patch_vary_headers(response, ["Cookie"])
    # Only the bytes tell the truth: a post that is taken back leaves no later date.
    del response["Last-Modified"]
    set_response_etag(response)
    return get_conditional_response(request, etag=response.get("ETag"), response=response)


def limit_form_size(get_response):
    """Middleware: only who is signed in may send much; what is refused is not read first."""

    def middleware(request):
        sent = request.META.get("CONTENT_LENGTH") or ""
        much = sent.isdecimal() and int(sent) > STRANGERS_MOST
        if much and SESSION_KEY not in request.session:
            request.most_bytes = STRANGERS_MOST  # for the sentence that refuses it
            raise RequestDataTooBig(f"{sent} bytes")
        return get_response(request)

    return middleware


def blog_time_zone(get_response):
    """Middleware: times are read and shown as they are where the blog is at home."""

    def middleware(request):
        with timezone.override(current_blog(request).time_zone):
            return get_response(request)

    return middleware

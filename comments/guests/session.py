"""A guest's cookies: the comments they wrote in this browser, and the token of their reactions.

The first is signed, HttpOnly, ends with the browser session and is set only after writing. It
holds the keys of comments; no row in the database links a guest's comments on two posts. The
reactions cookie is as short-lived, holds a random token and is sent only to the URLs of single
comments, so that thread pages can be cached for everybody.
"""

import re
import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts import rate_limit
from blog import site_cache
from blog.context_processors import current_blog
from blog.models.content_notes import COOKIE as content_notes_COOKIE
from comments.models import settings as models_settings
from comments.policy import Viewer


@dataclass(frozen=True)
class Reader:
    """Whoever reacts: an account, or a guest by the random ``token`` of their browser."""

    viewer: Viewer
    token: str = ""

    def owned_filter(self, key: int) -> dict[str, Any]:
        """Return the fields that identify this reader's reactions to the comment with this key."""
        if self.viewer.user.is_authenticated:
            return {"user_id": self.viewer.user.pk, "mark": ""}
        digest = salted_hmac("comments.reactions.rules", f"{key}:{self.token}", algorithm="sha256")
        return {"user_id": None, "mark": digest.hexdigest()}


COOKIE = "hearth_writer"
SALT = "comments.guests.session"
# A receipt's token, for the one page that shows it once.
RECEIPT = "hearth_receipt"
RECEIPT_SALT = "comments.receipts.receipt"
# The token that identifies a guest's reactions; see comments.reactions.rules.
READER = "hearth_reader"
READER_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)
MOST_RECEIPTS = 20  # cleared at once: each takes a header of its own
MOST = 100  # comments remembered: with keys of ten digits the cookie stays under 1.2 kB


def viewer_of(request):
    """Return the ``Viewer`` who sent this request."""
    return Viewer(user=request.user, own=frozenset(_keys(request)))


def settings_of(request):
    """Return the ``ConversationSettings`` with the content notes on offer, cached by request.

    They are those of the beginning of the request; one that writes must not add to the cache.
    """
    kept = vars(request)
    if "conversation_settings" not in kept:
        kept["conversation_settings"] = site_cache.remembered(
            site_cache.version_of(current_blog(request)),
            "conversation",
            models_settings.settings_and_notes,
            keep=request.method in {"GET", "HEAD"},
        )
    return kept["conversation_settings"]


def seconds_to_wait(request, name=""):
    """Count one submission; return how long this network or writer has to wait, 0 for not at all.

    ``name`` is a guest's, as typed.
    """
    here = network_of(request)
    key = rate_limit.writer_key(here, request.user, (name or "").strip())
    return rate_limit.seconds_to_wait(here, key)


def network_of(request):
    """Return the key of the request's network; see :mod:`accounts.rate_limit`."""
    return rate_limit.network_key_of(request.META)


def remember_comment(request, response, comment):
    """Let this browser see its guest comment while it is pending."""
    keys = [*_keys(request), comment.pk][-MOST:]
    response.set_signed_cookie(
        COOKIE,
        "-".join(str(key) for key in dict.fromkeys(keys)),
        salt=SALT,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def reader_of(request):
    """Return the ``Reader`` who sent this request.

    Without the cookie the form carries the token, so that pressing twice counts once.
    """
    offered = (request.COOKIES.get(READER, ""), request.POST.get("reader", ""))
    known = next(filter(READER_TOKEN.fullmatch, offered), None)
    return Reader(viewer_of(request), known or secrets.token_urlsafe(32))


def remember_reader(response, reader):
    """Let this browser take back its reactions."""
    response.set_cookie(
        READER,
        reader.token,
        path=_reader_path(),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def forget_guest(request, response):
    """Delete the guest's cookies from the browser."""
    response.delete_cookie(COOKIE, samesite="Lax")
    if READER in request.COOKIES:
        response.delete_cookie(READER, path=_reader_path(), samesite="Lax")
    if content_notes_COOKIE in request.COOKIES:
        response.delete_cookie(content_notes_COOKIE, samesite="Lax")
    response.delete_cookie(settings.CSRF_COOKIE_NAME, samesite=settings.CSRF_COOKIE_SAMESITE)
    # A receipt's cookie is sent to that receipt alone, so we cannot see which exist.
    for key in _keys(request)[-MOST_RECEIPTS:]:
        clear_receipt_token(response, key)


def set_receipt_token(response, comment, token):
    """Set the cookie with the token of a comment's receipt, for the one page that shows it."""
    response.set_signed_cookie(
        RECEIPT,
        f"{comment.pk}:{token}",
        salt=RECEIPT_SALT,
        path=_receipt_path(comment.pk),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def receipt_token(request, comment):
    """Return the token waiting to be shown for this comment, or an empty string."""
    try:
        value = request.get_signed_cookie(RECEIPT, default="", salt=RECEIPT_SALT)
    except signing.BadSignature:
        return ""
    key, _, token = value.partition(":")
    return token if key == str(comment.pk) else ""


def clear_receipt_token(response, key):
    """Delete the cookie with the token of the comment with this key."""
    response.delete_cookie(RECEIPT, path=_receipt_path(key), samesite="Lax")


def _reader_path():
    return reverse("comments:permalink", args=[0]).removesuffix("0/")


def _receipt_path(key):
    return reverse("comments:own_receipt", args=[key])


def _keys(request):
    try:
        value = request.get_signed_cookie(COOKIE, default="", salt=SALT)
    except signing.BadSignature:
        return []
    return [int(key) for key in value.split("-") if key.isdigit()]

"""The writer's cookie: which comments a guest wrote in this browser.

Signed, HttpOnly, gone with the browser session, and set only when somebody has written.
It holds keys of comments and nothing about the person; no row in the database ties a
guest's comments together.
"""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts import network
from comments import pace
from comments.viewer import Viewer

COOKIE = "hearth_writer"
SALT = "comments.guest"
# A receipt's token on its way to the page that shows it once; sent to that page alone.
RECEIPT = "hearth_receipt"
RECEIPT_SALT = "comments.receipt"
MOST = 100  # comments remembered: with keys of ten digits the cookie stays under 1.2 kB


def wait(request, name=""):
    """For how many seconds nothing more is taken from here, or from this writer."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    here = network.origin(request.META.get("REMOTE_ADDR", ""), forwarded)
    user = request.user
    return pace.wait(here, f"account {user.pk}" if user.pk else f"{here} {name}")


def viewer_of(request):
    """Return the ``Viewer`` who sent this request."""
    return Viewer(user=request.user, own=frozenset(_keys(request)))


def remember(request, response, comment):
    """Let this browser see the guest comment while it waits."""
    keys = [*_keys(request), comment.pk][-MOST:]
    response.set_signed_cookie(
        COOKIE,
        "-".join(str(key) for key in dict.fromkeys(keys)),
        salt=SALT,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def hand_over(response, comment, token):
    """Give the browser the token of a comment's receipt, for the one page that shows it."""
    response.set_signed_cookie(
        RECEIPT,
        f"{comment.pk}:{token}",
        salt=RECEIPT_SALT,
        path=_receipt_path(comment),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def token_in_hand(request, comment):
    """Return the token that waits to be shown for this comment, or an empty text."""
    try:
        value = request.get_signed_cookie(RECEIPT, default="", salt=RECEIPT_SALT)
    except signing.BadSignature:
        return ""
    key, _, token = value.partition(":")
    return token if key == str(comment.pk) else ""


def let_go(response, comment):
    """Take the token out of the browser."""
    response.delete_cookie(RECEIPT, path=_receipt_path(comment), samesite="Lax")


def _receipt_path(comment):
    return reverse("comments:own_receipt", args=[comment.pk])


def _keys(request):
    try:
        value = request.get_signed_cookie(COOKIE, default="", salt=SALT)
    except signing.BadSignature:
        return []
    return [int(key) for key in value.split("-") if key.isdigit()]

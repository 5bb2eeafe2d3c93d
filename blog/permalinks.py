"""Addresses of posts and pages: how one is made, and how an old one is written down.

A page lives at ``/<slug>/`` and may therefore not take the first word of any other
address of the site.
"""

import unicodedata
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.conf import settings
from django.urls import reverse

# The first word of every address that is not a page; a test compares this with the URLconf.
RESERVED = frozenset(
    "account accounts admin archive avatars comments content-notes favicon.ico feed following "
    "healthz m media people posts previews privacy robots.txt search series sitemap.xml static "
    "subscribe tags .well-known".split()
)
MAX_SLUG = 200
# Left out without a gap: apostrophes, and the marks that Hebrew writes like them.
WITHIN_WORDS = frozenset("'’׳״")


def path_of(kind, slug):
    """Return the path of a post or page with this slug."""
    return reverse("blog:page" if kind == "page" else "blog:post", args=[slug])


def absolute(path):
    """Return the whole address of a path of this site, as SITE_URL has it."""
    return settings.SITE_URL + path


def normalize_path(address):
    """Return the form in which old addresses are stored and looked up.

    ``address`` is a path or a whole URL. Host and fragment are dropped, percent-escapes
    are decoded and the last slash goes, so that ``/a/`` and ``/a`` are the same, and so are
    letters with their accents composed or apart.
    """
    parts = urlsplit(address)
    path = unicodedata.normalize("NFC", unquote(parts.path)).rstrip("/") or "/"
    return f"{path}?{parts.query}" if parts.query else path


def tag_uri(kind, created, key):
    """Return an identifier that stays the same when slug and title change (RFC 4151).

    ``created`` is a datetime; ``kind`` a word such as "post".
    """
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"tag:{host},{created:%Y-%m-%d}:{kind}/{key}"


def ensure_slug(post):
    """Give the post a slug when it has none; one that is taken by another gets a number."""
    if not post.slug:
        post.slug = free_slug(post.title, post.kind, but=post.pk)


def slug_of(text):
    """Return the slug of a text, empty where nothing of it can stand in an address.

    Letters, their vowel signs and accents (marks), and numbers of every script stay, in lower
    case and in NFC; invisible signs and apostrophes go; all else becomes one "-".
    """
    kept = []
    for sign in unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower()):
        if _is_mark(sign) and (not kept or kept[-1] == "-"):
            continue  # of an emoji, mostly: it belongs to no letter
        if sign != "-" and _may_stand(sign):
            kept.append(sign)
        elif not _vanishes(sign) and kept and kept[-1] != "-":
            kept.append("-")
    return "".join(kept)[:MAX_SLUG].strip("-_")


def is_slug(text):
    """Return whether every sign of a text can stand in an address."""
    return all(map(_may_stand, unicodedata.normalize("NFC", text)))


def _may_stand(sign):
    return sign in "-_" or unicodedata.category(sign)[0] in "LN" or _is_mark(sign)


def _is_mark(sign):
    # Variation selectors choose how an emoji is drawn.
    return unicodedata.category(sign) in {"Mn", "Mc"} and not _is_selector(sign)


def _is_selector(sign):
    return "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"


def _vanishes(sign):
    return sign in WITHIN_WORDS or _is_selector(sign) or unicodedata.category(sign) in {"Cf", "Me"}


def free_slug(wish, kind, but=None):
    """Return a slug made from ``wish`` (a title or slug) that no other post has.

    ``but`` is the key of the post that may keep its own.
    """
    base = slug_of(wish) or kind
    taken = set(
        apps.get_model("blog", "Post")
        .objects.filter(slug__startswith=base[: MAX_SLUG - 12])
        .exclude(pk=but)
        .values_list("slug", flat=True)
    )
    if kind == "page":
        taken |= RESERVED
    if base not in taken:
        return base
    number = 2
    while f"{base[: MAX_SLUG - 12]}-{number}" in taken:
        number += 1
    return f"{base[: MAX_SLUG - 12]}-{number}"

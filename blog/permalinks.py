"""Paths and slugs of posts and pages, the field for a slug, and the normalized form of old URLs.

A page lives at ``/<slug>/``, so its slug must not be the first segment of any other address of
the site.
"""

import re
import unicodedata
from contextlib import suppress
from html import escape, unescape
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from django import forms
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_unicode_slug
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# The first segment of every address that is not a page; a test compares it with the URLconf.
RESERVED = frozenset(
    "account accounts admin archive avatars comments content-notes favicon.ico feed following "
    "healthz m media people posts previews privacy robots.txt search series sitemap.xml static "
    "subscribe tags .well-known".split()
)
MAX_SLUG = 200
ANY_TAG = re.compile(r'<[a-z](?:[^">]|"[^"]*")*>')  # of sanitized HTML
ADDRESS = re.compile(r'(\s(?:cite|href|src)=)"([^"]*)"')
SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
PATH_END = re.compile(r"([^?#]*)([?#]?)(.*)", re.DOTALL)
AT_A_HOST = re.compile(r"^/{2,}")
# What browsers leave out at the ends of an address, and everywhere in it.
AT_THE_ENDS = "".join(map(chr, range(0x21)))
NOT_IN_ADDRESSES = dict.fromkeys(map(ord, "\t\n\r"))
# Dropped without a hyphen: apostrophes, and the Hebrew marks that look like them.
WITHIN_WORDS = frozenset("'’׳״")


def path_of(kind: str, slug: str) -> str:
    """Return the path of a post or page with this slug."""
    return reverse("blog:page" if kind == "page" else "blog:post", args=[slug])


def absolute(path: str) -> str:
    """Return the absolute URL of a path on this site, based on SITE_URL."""
    return settings.SITE_URL + path


def with_whole_addresses(html: str, page: str) -> str:
    """Return sanitized HTML with every address absolute, for feeds and mails.

    ``page`` is the absolute URL of the page that shows it: addresses are resolved against it as a
    browser does (WHATWG URL, section 4.4).
    """
    return ANY_TAG.sub(lambda tag: ADDRESS.sub(lambda found: _whole(found, page), tag[0]), html)


def _whole(found, page):
    address = unescape(found[2]).strip(AT_THE_ENDS).translate(NOT_IN_ADDRESSES)
    if not SCHEME.match(address):
        path, mark, rest = PATH_END.match(address).groups()
        # A backslash is a slash, and any number of them begins a host.
        address = AT_A_HOST.sub("//", path.replace("\\", "/")) + mark + rest
    with suppress(ValueError):  # no address at all, such as "//["
        address = urljoin(page, address)
    return f'{found[1]}"{escape(address)}"'


def normalize_path(address: str) -> str:
    """Return the form in which old addresses are stored and looked up.

    ``address`` is a path or a URL. Host and fragment are dropped, percent-escapes are decoded,
    the trailing slash is removed, and the path is normalized to NFC; a query is kept. Raises
    ValueError for what is no address.
    """
    parts = urlsplit(address)
    path = unicodedata.normalize("NFC", unquote(parts.path)).rstrip("/") or "/"
    return f"{path}?{parts.query}" if parts.query else path


def tag_uri(authority: str, row) -> str:
    """Return the tag URI (RFC 4151) of a post or comment: slug, title and domain may change.

    ``authority`` is ``Blog.tag_authority``.
    """
    return f"tag:{authority},{row.created_at:%Y-%m-%d}:{row._meta.model_name}/{row.pk}"


def settle_slug(post, stored: str | None) -> None:
    """Give the post a slug made from its title, unless its author chose one; ``stored`` is its own.

    A slug that readers may know stays as it is. A taken one gets a number.
    """
    made = getattr(post, "_made_slug", None)
    if post.slug and post.slug not in {stored, made}:
        post.slug_chosen = True
    if post.slug and (post.slug_chosen or post.has_been_public):
        return
    post.slug = post._made_slug = free_slug(post.title, post.kind, but=post.pk)
    post.slug_chosen = False


def is_made_from(slug: str, title: str) -> bool:
    """Return whether a slug is one that a post with this title would get."""
    base = slug_of(title)
    numbered = re.compile(re.escape(base[: MAX_SLUG - 12]) + r"-[0-9]+")
    return bool(base) and (slug == base or numbered.fullmatch(slug) is not None)


def slug_of(text: str) -> str:
    """Return the slug of a text; empty if it has no character that a slug may contain.

    Letters, combining marks and numbers of every script are kept, in lower case and NFC;
    invisible characters and apostrophes are dropped; each run of anything else becomes one "-".
    """
    kept = []
    for sign in unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower()):
        if _is_mark(sign) and (not kept or kept[-1] == "-"):
            continue  # usually part of an emoji: it belongs to no letter
        if sign != "-" and _may_stand(sign):
            kept.append(sign)
        elif not _vanishes(sign) and kept and kept[-1] != "-":
            kept.append("-")
    return "".join(kept)[:MAX_SLUG].strip("-_")


def is_slug(text: str) -> bool:
    """Return whether every character of a text may be part of a slug."""
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


def free_slug(wish: str, kind: str, but: int | None = None) -> str:
    """Return a slug made from ``wish`` (a title or slug) that no other post has.

    ``but`` is the primary key of the post that is being renamed, whose own slug is not taken.
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


def validate_slug(value: str) -> None:
    """Raise ValidationError if a character of ``value`` cannot be part of a slug."""
    if not is_slug(value):
        raise ValidationError(
            _("A slug can only contain letters and numbers of any script, “-” and “_”."),
            code="invalid",
        )


def _ours(validators):
    """Replace Django's own slug validator, which refuses the vowel signs of many scripts."""
    return [validate_slug, *(each for each in validators if each is not validate_unicode_slug)]


class SlugFormField(forms.SlugField):
    """A form field for a slug; the value is normalized to NFC."""

    def __init__(self, **options):
        super().__init__(**options)
        self.validators = _ours(self.validators)

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFC", super().to_python(value))


class SlugField(models.SlugField):
    """A unique slug, stored and looked up in NFC however it was typed."""

    def __init__(self, *args, **options):
        fixed = {"max_length": MAX_SLUG, "unique": True, "allow_unicode": True}
        super().__init__(*args, **{**fixed, **options})
        self.validators = _ours(self.validators)

    def deconstruct(self):
        # As Django's own SlugField: the column is the same, so no migration is needed.
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.SlugField", args, options

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return unicodedata.normalize("NFC", value) if isinstance(value, str) else value

    def pre_save(self, model_instance, add):
        value = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **options):
        return super().formfield(**{"form_class": SlugFormField, **options})

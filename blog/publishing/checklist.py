"""A checklist before publishing: warnings about a post, none of which prevents it.

Works on the fields as the form submits them (see :mod:`blog.publishing.revisions`), saved or not.
"""

from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.text import pii_detection
from blog import html_to_text, markup, redirects
from blog.models import ContentNote, Image, Post, Series, Tag, revisions

# Broken links listed at once; further ones follow when these are fixed.
NAMED = 5
# Links checked per text, since each costs a lookup.
LOOKED_AT = 200
PRIVATE = {
    pii_detection.EMAIL: gettext_lazy(
        "It contains your own email address. Everyone will be able to see it."
    ),
    pii_detection.PHONE: gettext_lazy(
        "It contains what looks like a phone number. Everyone will be able to see it."
    ),
    pii_detection.STREET: gettext_lazy(
        "It contains what looks like a postal address. Everyone will be able to see it."
    ),
}


class _Found(HTMLParser):
    """Collects link addresses, and counts images without a description."""

    def __init__(self):
        super().__init__()
        self.links, self.pictures_without_alt = {}, 0

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "a" and attributes.get("href"):
            self.links[attributes["href"].strip()] = True
        # An empty alt is right for a decorative image (HTML, section 4.8.4.4).
        if tag == "img" and "alt" not in attributes:
            self.pictures_without_alt += 1


def warnings(fields: dict, author: User) -> list[str]:
    """Return the warnings for the submitted fields of a post.

    There are none for a text that is too long to be stored: validation refuses it first.
    """
    body = fields.get("body") or ""
    if len(body) > markup.MAX_LENGTH:
        return []
    body = markup.with_paragraphs(body)
    parser = _Found()
    parser.feed(body)
    parser.close()
    return [
        *_what_is_missing(fields, parser.pictures_without_alt + _undescribed_lead(fields)),
        *_what_is_private(fields, body, author.email),
        *_what_leads_nowhere(parser.links, author),
    ]


def _undescribed_lead(fields):
    """Return 1 if the lead image has no description, here or in the library, otherwise 0."""
    keys = revisions.keys_in([fields.get("lead_image")])
    if not keys or (fields.get("lead_alt") or "").strip():
        return 0
    return Image.objects.filter(pk__in=keys, alt="", decorative=False).count()


def _what_is_missing(fields, pictures):
    if not (fields.get("title") or "").strip():
        yield _("No title yet.")
    if not (fields.get("excerpt") or "").strip():
        yield _("No excerpt. Lists and feeds will show the first words of the post.")
    if not fields.get("content_notes") and ContentNote.objects.filter(retired=False).exists():
        yield _("No content note (optional).")
    if pictures:
        yield ngettext(
            "One image has no description for people who can’t see it.",
            "%(count)d images have no description for people who can’t see them.",
            pictures,
        ) % {"count": pictures}


def _what_is_private(fields, body, email):
    words = "\n".join(
        [fields.get("title") or "", fields.get("excerpt") or "", html_to_text.words(body)]
    )
    found = pii_detection.find_pii(words, email=email)
    if pii_detection.EMAIL not in found and email and email.casefold() in body.casefold():
        found = [pii_detection.EMAIL, *found]  # in the address of a link
    return [PRIVATE[each] for each in found]


def _what_leads_nowhere(links, author):
    ours = [path for link in list(links)[:LOOKED_AT] if (path := _own_path(link))]
    broken = [path for path in ours if not _leads_somewhere(path, AnonymousUser())]
    for path in broken[:NAMED]:
        if _leads_somewhere(path, author):
            yield _("Link to something readers can’t see yet: %s") % path
        else:
            yield _("Broken link: %s") % path


def _own_path(link):
    """Return the path of a link within this blog, or None for any other."""
    try:
        parts = urlsplit(link)
        home = urlsplit(settings.SITE_URL)
    except ValueError:
        return None
    if parts.netloc and parts.netloc != home.netloc:
        return None
    if parts.scheme not in {"", "http", "https"} or not parts.path.startswith("/"):
        return None
    return unquote(parts.path)


def _leads_somewhere(path, viewer):
    if path.startswith(settings.MEDIA_URL):
        return _is_there(path.removeprefix(settings.MEDIA_URL))
    if path.startswith(settings.STATIC_URL):
        return True  # ships with the program
    match = _match(path) or _match(f"{path}/")  # APPEND_SLASH redirects
    if match and ((rows := _rows(match, viewer)) is None or rows.exists()):
        return True
    return redirects.current_path(path, viewer) is not None


def _match(path):
    try:
        return resolve(path)
    except Resolver404:
        return None


def _is_there(name):
    try:
        return default_storage.exists(name)
    except (SuspiciousFileOperation, ValueError):
        return False


def _rows(match, viewer):
    """Return the queryset that must not be empty for a URL to answer; None: it always does."""
    posts, slug = Post.objects.visible_to(viewer), match.kwargs.get("slug")
    return {
        "blog:post": posts.posts().filter(slug=slug),
        "blog:page": posts.pages().filter(slug=slug),
        "blog:tag": Tag.objects.filter(slug=slug),
        "blog:series": Series.objects.filter(slug=slug),
    }.get(match.view_name)

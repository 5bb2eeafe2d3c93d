"""Tolerant parsing of an export's fields: ids, dates, slugs, names.

Each function takes the raw texts of one element and returns one record. A field that is missing or
malformed gets a harmless default; nothing here raises.
"""

import html
import re
import unicodedata
import zlib
from datetime import UTC, datetime
from urllib.parse import unquote

from blog.importers.records import Author, Comment, Item, Site, Term

NAMESPACES = (
    (re.compile(r"https?://(?:www\.)?wordpress\.org/export/[^/]*/excerpt/?"), "excerpt"),
    (re.compile(r"https?://(?:www\.)?wordpress\.org/export/?[^/]*/?"), "wp"),
    (re.compile(r"https?://purl\.org/rss/1\.0/modules/content/?"), "content"),
    (re.compile(r"https?://purl\.org/dc/elements/1\.[01]/?"), "dc"),
)
OLD_PING = re.compile(r"\s*<(pingback|trackback)\s*/>", re.IGNORECASE)
MAX_NUMBER = 2**63 - 1  # the limit of a database column
YEARS = range(1000, 3000)  # others may overflow when converted to another time zone


def usual_prefix(prefix: str, address: str) -> str:
    """Return the prefix that WordPress uses for the namespace ``address``, or ``prefix``."""
    for pattern, usual in NAMESPACES:
        if pattern.fullmatch(address.strip()):
            return usual
    return prefix


def site(raw: dict) -> Site:
    """Return the Site from the fields of a channel."""
    for name in ("wp:base_blog_url", "link", "wp:base_site_url"):
        if address := _line(raw, name).rstrip("/"):
            break
    return Site(address, _words(raw, "title"), _line(raw, "language"))


def declared(element: str, raw: dict) -> Author | Term:
    """Return the Author or Term of a ``wp:author``, ``wp:category``, ``wp:tag``, ``wp:term``."""
    if element == "wp:author":
        login = _line(raw, "wp:author_login")
        return Author(
            login=login,
            email=_line(raw, "wp:author_email"),
            display_name=_words(raw, "wp:author_display_name") or login,
            author_id=_number(raw, "wp:author_id"),
        )
    if element == "wp:category":
        taxonomy, slug, name = "category", "wp:category_nicename", "wp:cat_name"
    elif element == "wp:tag":
        taxonomy, slug, name = "post_tag", "wp:tag_slug", "wp:tag_name"
    else:
        taxonomy, slug, name = _line(raw, "wp:term_taxonomy"), "wp:term_slug", "wp:term_name"
    return Term(taxonomy, _slug(raw, slug), _words(raw, name) or _slug(raw, slug))


def item(raw: dict) -> Item:
    """Return the Item from an item's fields and comments."""
    post_id = _number(raw, "wp:post_id")
    return Item(
        post_id=post_id or _own_id(_line(raw, "guid"), _line(raw, "link"), _line(raw, "title")),
        type=_line(raw, "wp:post_type") or "post",
        title=raw.get("title", "").strip(),
        link=_line(raw, "link"),
        guid=_line(raw, "guid"),
        creator=_line(raw, "dc:creator"),
        body=raw.get("content:encoded", ""),
        excerpt=raw.get("excerpt:encoded", ""),
        slug=_slug(raw, "wp:post_name"),
        status=_line(raw, "wp:status") or "publish",
        has_password=bool(raw.get("wp:post_password", "")),
        date=_date(raw, "wp:post_date_gmt", "wp:post_date"),
        modified=_date(raw, "wp:post_modified_gmt", "wp:post_modified"),
        comment_status=_line(raw, "wp:comment_status"),
        parent=_number(raw, "wp:post_parent"),
        menu_order=_number(raw, "wp:menu_order"),
        sticky=_line(raw, "wp:is_sticky") == "1",
        terms=_terms(raw["terms"]),
        attachment_url=_line(raw, "wp:attachment_url"),
        comments=tuple(_comment(each, post_id) for each in raw["comments"]),
        lead=_number(raw, "_thumbnail_id"),
        alt=_words(raw, "_wp_attachment_image_alt"),
    )


def _comment(raw, post_id):
    content = raw.get("wp:comment_content", "")
    date = _date(raw, "wp:comment_date_gmt", "wp:comment_date")
    name = _words(raw, "wp:comment_author")
    old_ping = OLD_PING.match(content)  # before WordPress had comment types
    return Comment(
        id=_number(raw, "wp:comment_id") or _own_id(post_id, name, date, content),
        parent=max(0, _number(raw, "wp:comment_parent")),
        name=name,
        email=_line(raw, "wp:comment_author_email"),
        url=html.unescape(_line(raw, "wp:comment_author_url")),
        user_id=_number(raw, "wp:comment_user_id"),
        date=date,
        content=content,
        status=_line(raw, "wp:comment_approved"),
        type=(old_ping[1] if old_ping else _line(raw, "wp:comment_type")).lower() or "comment",
    )


def _terms(raw):
    """Return the terms of an item; WXR 1.0 lists each both with and without a slug."""
    found = {}
    for attributes, text in raw:
        name = html.unescape(text).strip()
        slug = _decoded(attributes.get("nicename", ""))
        taxonomy = attributes.get("domain", "").strip() or "category"
        taxonomy = "post_tag" if taxonomy == "tag" else taxonomy
        if not name and not slug:
            continue
        key = (taxonomy, (name or slug).casefold())
        if key in found and not found[key].slug:
            found[key] = Term(taxonomy, slug, name or slug)
        elif key not in found or slug not in ("", found[key].slug):
            key = key if key not in found else (*key, slug)
            found[key] = Term(taxonomy, slug, name or slug)
    return tuple(found.values())


def _line(raw, name):
    return raw.get(name, "").strip()


def _words(raw, name):
    """Return a name with entities decoded: WordPress stores "Tom &amp; Ann"."""
    return " ".join(html.unescape(raw.get(name, "")).split())


def _number(raw, name):
    try:
        number = int(_line(raw, name)[:20] or 0)
    except ValueError:
        return 0
    return number if abs(number) <= MAX_NUMBER else 0


def _own_id(*parts):
    return -(zlib.crc32("\x1f".join(map(str, parts)).encode()) or 1)


def _slug(raw, name):
    return _decoded(raw.get(name, ""))


def _decoded(slug):
    """Return a slug percent-decoded; a truncated last character is dropped."""
    return unicodedata.normalize("NFC", unquote(slug.strip(), errors="ignore"))


def _date(raw, *names):
    """Return the first valid date as an aware datetime in UTC, or None ("0000-00-00")."""
    for name in names:
        try:
            date = datetime.fromisoformat(_line(raw, name))
            date = date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            continue
        if date.year in YEARS:
            return date
    return None

"""Metadata of posts for other sites: schema.org as JSON-LD, and Open Graph."""

import json
from collections.abc import Iterable

from django.utils.safestring import mark_safe

from blog.images import social_card
from blog.models import Blog, Post, Tag
from blog.permalinks import absolute

# Escaped so that no tag can begin inside <script> (WHATWG HTML, section 4.12.1.3). Browsers treat
# JSON-LD as data and do not execute it.
NOT_IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


def post_metadata(post: Post, blog: Blog, tags: Iterable[Tag]) -> dict | None:
    """Return the context of ``_structured_data.html`` for a public post; None for others."""
    if not post.is_public:
        return None
    address, picture = absolute(post.get_absolute_url()), _picture(post, blog)
    language = post.language or blog.language
    return {
        "address": address,
        **picture,
        "description": _description(post),
        "locale": language.replace("-", "_"),
        "published": post.published_at,
        "changed": max(post.updated_at, post.published_at),
        "json_ld": _script_text(
            _blog_posting(post, blog, tags, address, picture["image"], language)
        ),
    }


def _picture(post, blog):
    """Return the lead image, or the social card if there is none or it has content notes."""
    lead = None if post.closed_behind else post.lead_image
    if lead is None:
        values = (
            absolute(social_card.path(post, blog)),
            social_card.WIDTH,
            social_card.HEIGHT,
            post.title,
        )
    else:
        values = (absolute(lead.url), lead.width, lead.height, post.lead_alt or post.title)
    return dict(zip(("image", "image_width", "image_height", "image_alt"), values, strict=True))


def _description(post):
    """Return the excerpt, or the content notes: other sites cannot collapse an excerpt."""
    closed = post.closed_behind
    return closed.label if closed else post.excerpt


def _blog_posting(post, blog, tags, address, image, language):
    """Return the post as https://schema.org/BlogPosting, without empty values."""
    fields = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "@id": address,
        "mainEntityOfPage": address,
        "headline": post.title,
        "description": _description(post),
        "datePublished": post.published_at.isoformat(),
        "dateModified": max(post.updated_at, post.published_at).isoformat(),
        "author": {"@type": "Person", "name": post.author.name},
        "image": image,
        "inLanguage": language,
        "keywords": [tag.name for tag in tags],
        "isPartOf": {"@type": "Blog", "name": blog.title, "url": absolute("/")},
    }
    return {name: value for name, value in fields.items() if value}


def _script_text(data):
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(NOT_IN_SCRIPT))  # noqa: S308 - no markup can begin in it

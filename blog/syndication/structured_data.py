"""What a post says to other programs: schema.org as JSON-LD, Open Graph, a card for links."""

import json

from django.utils.safestring import mark_safe

from blog.images import social_card
from blog.permalinks import absolute

# Neither an end tag nor an entity can begin in what stands inside of <script>; WHATWG HTML,
# section 4.12.1.3. The browser takes JSON-LD for data and runs nothing of it.
NOT_IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


def post_metadata(post, blog, tags):
    """Return what ``blog/syndication/_structured_data.html`` shows of a public post; None of any
    other.
    """
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
    """The lead image, and otherwise the drawn card; that too where the lead image is closed."""
    lead = None if post.closed_behind else post.lead_image
    if lead is None:
        found = (
            absolute(social_card.path(post, blog)),
            social_card.WIDTH,
            social_card.HEIGHT,
            post.title,
        )
    else:
        found = (absolute(lead.url), lead.width, lead.height, post.lead_alt or post.title)
    return dict(zip(("image", "image_width", "image_height", "image_alt"), found, strict=True))


def _description(post):
    """The excerpt; or the content notes, since other sites cannot close an excerpt behind them."""
    closed = post.closed_behind
    return closed.label if closed else post.excerpt


def _blog_posting(post, blog, tags, address, image, language):
    """https://schema.org/BlogPosting"""
    found = {
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
    return {name: value for name, value in found.items() if value}


def _script_text(data):
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(NOT_IN_SCRIPT))  # noqa: S308 - no markup can begin in it

"""Responsive images in posts: library images get ``srcset``, ``sizes`` and AVIF sources.

This happens once, when a text is stored, so that reading a page costs no query. Works on the output
of ``markup.clean``, and only adds markup that it allows.
"""

import re
from html import unescape

from django.core.files.storage import default_storage

from blog.html_to_text import TAG
from blog.images.models import SHOWN_AT, Image
from blog.markup import clean
from blog.permalinks import with_whole_addresses

IMG = re.compile(r'<img((?: [\w-]+="[^"]*")*)>')
ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
WRAPPING = re.compile(r'</?picture>|<source(?: [\w-]+="[^"]*")*>')
OURS = ("src", "srcset", "sizes", "width", "height", "loading")
# The first image loads eagerly unless more characters than this precede it; others load lazily.
FOLD = 1000


def stored_html(html: str) -> str:
    """Return an author's HTML for storing: sanitized, with responsive images.

    Raises ValueError if the text is too long.
    """
    return responsive_images(clean(plain_images(html)))


def plain_images(html: str) -> str:
    """Return the text with plain ``<img>`` elements, as an author writes them."""
    return IMG.sub(lambda found: _plain(found[1]), WRAPPING.sub("", html))


def image_urls(html: str) -> list[str]:
    """Return the addresses of the images in a text, without duplicates, in order."""
    urls = (dict(ATTRIBUTE.findall(each[1])).get("src") for each in IMG.finditer(html))
    return list(dict.fromkeys(unescape(src) for src in urls if src))


def html_for_syndication(html: str, page: str) -> str:
    """Return a stored text for feeds and mails: plain images, absolute URLs.

    ``page`` is the absolute URL of the page that shows the text.
    """
    return with_whole_addresses(plain_images(html), page)


def _plain(attributes):
    if " srcset=" not in attributes:
        return f"<img{attributes}>"
    kept = dict(ATTRIBUTE.findall(attributes))
    for name in ("srcset", "sizes", "loading"):
        kept.pop(name, None)
    return _tag("img", kept)


def responsive_images(html: str) -> str:
    """Return the text with each library image as ``<picture>`` in all sizes; at most one query."""
    html = plain_images(html)
    base = default_storage.url("")
    names = {address.removeprefix(base) for address in image_urls(html)}
    if not names:
        return html
    known = {image.url: image for image in Image.objects.filter(file__in=names)}
    first = IMG.search(html).start()
    near = len(TAG.sub("", html[:first])) <= FOLD
    return IMG.sub(lambda found: _sized(found, known, near and found.start() == first), html)


def _sized(found, known, at_once):
    given = dict(ATTRIBUTE.findall(found[1]))
    image = known.get(unescape(given.get("src", "")))
    if image is None:
        return found[0]
    width = _shown(given, image.width)
    at = SHOWN_AT if width == image.width else f"{width}px"
    avif, webp = image.srcsets["AVIF"], image.srcsets["WEBP"]
    attributes = {"src": given["src"], "srcset": webp, "sizes": at}
    attributes |= {name: value for name, value in given.items() if name not in OURS}
    attributes |= {"width": width, "height": max(1, round(image.height * width / image.width))}
    if not at_once:
        attributes["loading"] = "lazy"
    source = _tag("source", {"type": "image/avif", "srcset": avif, "sizes": at})
    return f"<picture>{source}{_tag('img', attributes)}</picture>"


def _shown(given, natural):
    """Return the display width in pixels: the author's, if it is smaller than the natural one."""
    asked = given.get("width", "")
    return int(asked) if asked.isdecimal() and 0 < int(asked) < natural else natural


def _tag(name, attributes):
    return "".join([f"<{name}", *(f' {key}="{value}"' for key, value in attributes.items()), ">"])

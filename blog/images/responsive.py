"""Pictures of the library in a text are offered in several sizes, from which browsers choose.

That is done once, when the text is stored: a page that is read costs no query for it. Works on
what ``markup.clean`` has returned, and makes nothing that it would not let pass.
"""

import re
from html import unescape

from django.conf import settings
from django.core.files.storage import default_storage

from blog.html_to_text import TAG
from blog.images.models import SHOWN_AT, Image
from blog.markup import clean

IMG = re.compile(r'<img((?: [\w-]+="[^"]*")*)>')
ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
WRAPPING = re.compile(r'</?picture>|<source(?: [\w-]+="[^"]*")*>')
ANY_TAG = re.compile(r"<[^>]+>")
ROOT_RELATIVE = re.compile(r'(\s(?:cite|href|src)=")(?=/(?!/))')
OURS = ("src", "srcset", "sizes", "width", "height", "loading")
# The first picture comes at once unless more than so many characters stand above it; others wait.
FOLD = 1000


def stored_html(html):
    """Return an author's HTML as it is stored: clean, and its pictures in all their sizes.

    Raises ValueError when the text is too long.
    """
    return responsive_images(clean(plain_images(html)))


def plain_images(html):
    """Return the text with plain pictures, as an author writes them."""
    return IMG.sub(lambda found: _plain(found[1]), WRAPPING.sub("", html))


def image_urls(html):
    """Return the addresses of the pictures in a text, each once, in their order."""
    found = (dict(ATTRIBUTE.findall(each[1])).get("src") for each in IMG.finditer(html))
    return list(dict.fromkeys(unescape(src) for src in found if src))


def html_for_syndication(html):
    """Return a stored text for programmes that show it apart from this site: feeds, mails.

    Its pictures are plain, and its addresses are whole, with SITE_URL.
    """
    whole = rf"\g<1>{settings.SITE_URL}"
    return ANY_TAG.sub(lambda tag: ROOT_RELATIVE.sub(whole, tag[0]), plain_images(html))


def _plain(attributes):
    if " srcset=" not in attributes:
        return f"<img{attributes}>"
    kept = dict(ATTRIBUTE.findall(attributes))
    for name in ("srcset", "sizes", "loading"):
        kept.pop(name, None)
    return _tag("img", kept)


def responsive_images(html):
    """Return the text with each picture of the library in all its sizes: one query, or none."""
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
    """Return the width in pixels: an author may have asked for a smaller one."""
    asked = given.get("width", "")
    return int(asked) if asked.isdecimal() and 0 < int(asked) < natural else natural


def _tag(name, attributes):
    return "".join([f"<{name}", *(f' {key}="{value}"' for key, value in attributes.items()), ">"])

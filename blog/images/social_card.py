"""Social cards: the generated image with a post's title that other sites show beside a link.

Drawn on request, at an address that contains a hash of the content, so that it can be cached
forever. Pillow is only imported when a card is drawn.
"""

import hashlib
import io
import re
from functools import cache as remember
from pathlib import Path

from django.core.cache import caches
from django.urls import reverse

from blog.images import drawing_queue

WIDTH, HEIGHT = 1200, 630  # pixels, the usual size for Open Graph
MARGIN, BAR = 90, 24
SIZES = (92, 80, 68, 58, 50, 42)  # of the title in pixels; the largest that fits is used
NAME_SIZE = 36
LEADING = 1.22
MOST_HEIGHT = HEIGHT - 2 * MARGIN - 2 * NAME_SIZE
PAPER, INK, SOFT, ACCENT = "#faf6ee", "#2c2621", "#5e544a", "#822f0f"
FONT = Path(__file__).parents[1] / "fonts" / "DejaVuSerif-Bold.ttf"
DRAWING = 1  # increase when the design changes
KEPT_FOR = 7 * 24 * 3600  # seconds
# Emoji and their joiners, which the font does not have.
NOT_DRAWN = re.compile(
    "[\u200d\ufe0e\ufe0f\u2600-\u27bf\U0001f000-\U0001faff\U000e0000-\U000e007f]"
)


def digest(post, blog) -> str:
    """Return the hash of the content of a post's card: 20 hexadecimal digits."""
    parts = (DRAWING, post.title, blog.title)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]


def path(post, blog) -> str:
    """Return the path of the card of a post."""
    return reverse("blog:card", args=[post.slug, digest(post, blog)])


def is_drawn(post, blog) -> bool:
    """Return whether the card of a post is in the cache."""
    return _key(post, blog) in caches["pages"]


def png(post, blog) -> bytes:
    """Return the card of a post as PNG, cached for KEPT_FOR seconds. Raises Busy."""
    key, cache = _key(post, blog), caches["pages"]
    image = cache.get(key)
    if image is None:
        with drawing_queue.turn():
            # Whoever had the turn before may have drawn this one.
            image = cache.get(key)
            if image is None:
                image = draw(post.title, blog.title)
                cache.set(key, image, KEPT_FOR)
    return image


def _key(post, blog):
    return f"card:{digest(post, blog)}"


def draw(title: str, name: str) -> bytes:
    """Return a PNG with a title and the name of the blog, without emoji.

    A text with letters that the font lacks is left out.
    """
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, BAR, HEIGHT), fill=ACCENT)
    size, lines = _fitted(_drawable(title) or _drawable(name))
    for number, line in enumerate(lines):
        at = (MARGIN, MARGIN + number * size * LEADING)
        pen.text(at, line, font=_font(size), fill=INK)
    name = _cut(_drawable(name), _font(NAME_SIZE))
    pen.text((MARGIN, HEIGHT - MARGIN), name, font=_font(NAME_SIZE), fill=SOFT, anchor="ls")
    out = io.BytesIO()
    image.quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


@remember
def _font(size):
    from PIL import ImageFont

    return ImageFont.truetype(FONT, size)


def _drawable(text):
    """Return the text without emoji, or "" if it has letters that the font lacks."""
    font = _font(SIZES[0])
    text = " ".join(NOT_DRAWN.sub("", text).split())
    missing = bytes(font.getmask("\U0010ffff"))
    letters = {sign for sign in text if not sign.isspace()}
    return "" if any(bytes(font.getmask(sign)) == missing for sign in letters) else text


def _fitted(text):
    """Return ``(size, lines)`` in the largest size that fits; cut off if none does."""
    for size in SIZES:
        lines = _lines(text, _font(size))
        if len(lines) * size * LEADING <= MOST_HEIGHT:
            return size, lines
    most = int(MOST_HEIGHT / (size * LEADING))
    return size, [*lines[: most - 1], _cut(" ".join(lines[most - 1 :]), _font(size))]


def _lines(text, font):
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= WIDTH - 2 * MARGIN:
            lines[-1] = longer
        else:
            lines.append(_cut(word, font))
    return [line for line in lines if line]


def _cut(text, font):
    """Return the text, cut to one line with an ellipsis if it is too long."""
    most = WIDTH - 2 * MARGIN
    if font.getlength(text) <= most:
        return text
    while text and font.getlength(f"{text}…") > most:
        text = text[:-1]
    return f"{text.rstrip()}…"

"""The picture that other sites show beside a link to a post: its title, drawn.

Drawn when it is asked for, under an address that holds a hash of all that is on it, so that
whoever has it may keep it for ever. Pillow is imported by the first drawing.
"""

import hashlib
import io
import re
from functools import cache as remember
from pathlib import Path

from django.core.cache import cache
from django.urls import reverse

WIDTH, HEIGHT = 1200, 630  # as Open Graph's readers cut it
MARGIN, BAR = 90, 24
SIZES = (92, 80, 68, 58, 50, 42)  # of the title: the largest that fits
NAME_SIZE = 36
LEADING = 1.22
MOST_HEIGHT = HEIGHT - 2 * MARGIN - 2 * NAME_SIZE
PAPER, INK, SOFT, ACCENT = "#faf6ee", "#2c2621", "#5e544a", "#822f0f"
FONT = Path(__file__).parents[1] / "fonts" / "DejaVuSerif-Bold.ttf"
DRAWING = 1  # another number where the drawing itself becomes another
KEPT_FOR = 7 * 24 * 3600  # seconds
# Pictographs and what joins them: no face for text has them.
NOT_DRAWN = re.compile(
    "[\u200d\ufe0e\ufe0f\u2600-\u27bf\U0001f000-\U0001faff\U000e0000-\U000e007f]"
)


def digest(post, blog):
    """Return the hash of what stands on the card of a post of this blog."""
    parts = (DRAWING, post.title, blog.title)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]


def path(post, blog):
    """Return the path of the card of a post."""
    return reverse("blog:card", args=[post.slug, digest(post, blog)])


def png(post, blog):
    """Return the card of a post as the bytes of a PNG."""
    key = f"card:{digest(post, blog)}"
    found = cache.get(key)
    if found is None:
        found = draw(post.title, blog.title)
        cache.set(key, found, KEPT_FOR)
    return found


def draw(title, name):
    """Return a PNG with a title and the name of the blog; without what the face does not have."""
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
    """Return the text without pictographs, or nothing where it has letters the face has not."""
    font = _font(SIZES[0])
    text = " ".join(NOT_DRAWN.sub("", text).split())
    missing = bytes(font.getmask("\U0010ffff"))
    letters = {sign for sign in text if not sign.isspace()}
    return "" if any(bytes(font.getmask(sign)) == missing for sign in letters) else text


def _fitted(text):
    """Return ``(size, lines)``: as large as fits, the last line cut where nothing does."""
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
    """Return the text, or as much of it as one line holds, with three dots."""
    most = WIDTH - 2 * MARGIN
    if font.getlength(text) <= most:
        return text
    while text and font.getlength(f"{text}…") > most:
        text = text[:-1]
    return f"{text.rstrip()}…"

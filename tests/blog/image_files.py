"""Image files for upload tests, as cameras, programs and attackers make them."""

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

UPLOAD, LIBRARY = "/admin/blog/image/upload/", "/admin/blog/image/library/"
LIST, ADD = "/admin/blog/image/", "/admin/blog/image/add/"
ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


def drawn(kind="JPEG", size=(1600, 1000), mode="RGB", color=(200, 120, 60), **options):
    """Return the bytes of a picture: one colour, but for its left half."""
    image = Image.new(mode, size, color)
    if mode == "RGB":
        image.paste((20, 60, 120), (0, 0, size[0] // 2, size[1]))
    into = io.BytesIO()
    image.save(into, kind, **options)
    return into.getvalue()


def from_a_phone(size=(1000, 1600), orientation=6):
    """Return the bytes of a photograph that lies on its side and says where it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = orientation, "A Maker Of Phones"
    exif[GPS] = {1: "N", 2: (48.0, 12.0, 30.0), 3: "E", 4: (16.0, 22.0, 5.0)}
    return drawn(size=size[::-1] if orientation > 4 else size, exif=exif)


def png_that_says(width, height):
    """Return a PNG of a few bytes whose header claims these dimensions: a decompression bomb."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return _png((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100_000)))


def png_of_depth(bits, kind, pixel, clear=""):
    """Return a PNG of one pixel; ``pixel`` and ``clear``, its clear colour, are hexadecimal.

    ``kind`` is 0 for grey, 2 for colour; 4 and 6 are those with alpha (PNG, 11.2.1).
    """
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, bits, kind, 0, 0, 0))]
    if clear:
        parts.append((b"tRNS", bytes.fromhex(clear)))
    return _png(*parts, (b"IDAT", zlib.compress(b"\0" + bytes.fromhex(pixel))))


def _png(*parts):
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (*parts, (b"IEND", b""))
    )


def file(content, name="lake.jpg"):
    return SimpleUploadedFile(name, content)


def opened(storage, name):
    """Return the stored picture, read whole."""
    with storage.open(name) as stored:
        image = Image.open(io.BytesIO(stored.read()))
    image.load()
    return image

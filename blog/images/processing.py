"""Processing of uploaded images: validated, re-encoded, scaled down and upright.

The format is taken from the content, never from the file name. Every image is re-encoded, so that
no metadata (such as the location) and no appended data survives. django-pictures creates the
renditions. Import this module lazily: it loads Pillow.
"""

import struct
import zlib
from io import BytesIO
from math import ceil

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from pictures.models import PillowPicture
from PIL import Image, ImageCms

from accounts.refusal import Refused
from blog.images.files import KINDS, sizes, widths

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]
DRAWN_FORMATS = {"PNG", "GIF"}  # kept without loss; the others are photographs
MAX_BYTES = 25 * 1024 * 1024  # "25 MB"; a photograph of 50 megapixels has about 20 million
MAX_PIXELS = 50_000_000  # what current phones make; decoded, each takes four bytes
# Decoding WebP takes sixteen bytes a pixel, and drawing may take 512 MB; no camera makes it.
MAX_PIXELS_OF = {"WEBP": 24_000_000}
ORIENTATION = 0x0112  # of EXIF; from 5 on, width and height are exchanged
# A PNG's one transparent colour, times this, is one of 8 bits; by how its pixels are stored.
TO_EIGHT_BITS = {"L;2": 85, "L;4": 17, "RGB;16B": 1 / 256}
LARGEST = (2400, 12_000)  # pixels kept, width and height: room for a scan of a long letter
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    OverflowError,
    RuntimeError,
    ArithmeticError,
    EOFError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def drawn(file: File) -> ContentFile:
    """Return the image in ``file`` re-encoded: upright, in sRGB, without metadata.

    The name of the ContentFile ends with the format's extension; it has the attributes ``width``
    and ``height`` in pixels. Raises Refused.
    """
    if not file.size:
        raise Refused(gettext("This file is empty. Please choose it again."))
    if file.size > MAX_BYTES:
        values = {"size": filesizeformat(file.size), "most": filesizeformat(MAX_BYTES)}
        raise Refused(
            gettext(
                "This image is too large (%(size)s). Please use a smaller copy, up to %(most)s."
            )
            % values
        )
    try:
        with _opened(file) as image:
            # Pillow calls a JPEG with a second picture in it (stereo, a burst, HDR) "MPO".
            photograph = image.format not in DRAWN_FORMATS
            return _kept(_upright(image), photograph)
    except UNREADABLE:
        raise Refused(gettext("This image is damaged or incomplete and can’t be shown.")) from None


def _opened(file):
    file.seek(0)
    try:
        image = Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(_too_many_pixels()) from None
    except Image.UnidentifiedImageError:
        raise Refused(
            gettext("This file type isn’t supported. Please use JPEG, PNG, WebP, AVIF or GIF.")
        ) from None
    most = MAX_PIXELS_OF.get(image.format, MAX_PIXELS)
    if image.width * image.height > most:
        raise Refused(_too_many_pixels(most))
    return image


def _too_many_pixels(most=MAX_PIXELS):
    most = {"most": most // 1_000_000}
    return (
        gettext(
            "This image has more than %(most)d megapixels. A smaller copy will look the same here."
        )
        % most
    )


def _upright(image):
    """Return the first frame, rotated according to EXIF and scaled down to LARGEST, in RGBA.

    Shrinks ``image`` itself, since a copy of 50 megapixels takes 200 MB.
    """
    stored_as = image.tile[0].args if image.tile else None  # gone once it is loaded
    orientation = image.getexif().get(ORIENTATION, 1)
    width, height = LARGEST[::-1] if orientation >= 5 else LARGEST
    scale = max(image.width / width, image.height / height, 1)
    # JPEG: decode at a fraction of the size if that is enough.
    image.draft("RGB", (ceil(image.width / scale), ceil(image.height / scale)))
    image.load()
    profile = image.info.get("icc_profile")
    small = _eight_bits(image, stored_as)
    if small is not image:
        image.close()
    small.thumbnail((width, height))
    small = small.copy()  # of a file it would still be the class
    small.info = {"icc_profile": profile} if profile else {}
    small.getexif().update({ORIENTATION: orientation})
    try:
        return PillowPicture.pre_process(small)
    except (ImageCms.PyCMSError, OSError, ValueError):  # an invalid color profile
        small.info = {}
        return PillowPicture.pre_process(small)


def _eight_bits(image, stored_as):
    """Return the image with 8 bits a channel; the same object if it has them and nothing is clear.

    ``stored_as`` is Pillow's name for how a PNG holds its pixels. Takes no more memory than it has
    to: made smaller, RGBA takes twice that of RGB.
    """
    clear = image.info.get("transparency")  # of PNG (11.3.2.1) and GIF: a colour, or each one's
    if image.mode == "I;16":
        # Pillow would cut everything above 255 off.
        grey = image.point(lambda value: value * (1 / 257)).convert("L")
        if clear is not None:
            deep = image.convert("I")
            grey.putalpha(deep.point([255 * (value != clear) for value in range(65536)], "L"))
        return grey
    if clear is None:
        if image.mode in {"RGB", "RGBA", "L", "LA", "CMYK"}:
            return image
        return image.convert({"1": "L", "P": "RGB"}.get(image.mode, "RGBA"))
    if scale := TO_EIGHT_BITS.get(stored_as):
        values = clear if isinstance(clear, tuple) else (clear,)
        scaled = tuple(int(value * scale) for value in values)
        image.info["transparency"] = scaled if len(scaled) > 1 else scaled[0]
    return image.convert("RGBA")


def _kept(image, photograph):
    solid = image.getchannel("A").getextrema()[0] == 255
    image = image.convert("RGB") if solid else image
    image.info = {}
    into = BytesIO()
    if photograph and solid:
        image.save(into, "JPEG", quality=88, optimize=True, progressive=True)
    else:
        image.save(into, "PNG", optimize=True)
    ending = "jpg" if photograph and solid else "png"
    made = ContentFile(into.getvalue(), name=f"picture.{ending}")
    made.width, made.height = image.size
    return made


class Rendition(PillowPicture):
    """A rendition that is at least one pixel high, also of a picture a thousand times as wide."""

    def resize(self, image):
        small = image.copy()
        small.thumbnail((self.width, image.height))
        return small


def smaller(original: ContentFile) -> dict[str, dict[int, File]]:
    """Return the renditions of what :func:`drawn` returned: ``{kind: {width in pixels: file}}``.

    Raises Refused.
    """
    memory = InMemoryStorage()
    try:
        with Image.open(original, formats=FORMATS) as image:
            image = PillowPicture.pre_process(image)
            for kind in KINDS:
                for each in widths(original.width):
                    Rendition(original.name, kind, None, memory, each).save(image)
    except UNREADABLE as error:
        raise Refused(gettext("This image is too narrow or too flat to be shown here.")) from error
    return {
        kind: {width: memory.open(name) for width, name in names.items()}
        for kind, names in sizes(original.name, original.width).items()
    }

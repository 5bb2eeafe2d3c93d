"""Processing of uploaded images: validated, re-encoded, scaled down and upright.

The format is taken from the content, never from the file name. Every image is re-encoded, so that
no metadata (such as the location) and no appended data survives. django-pictures creates the
renditions. Import this module lazily: it loads Pillow.
"""

import struct
import zlib
from io import BytesIO

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from pictures.models import PillowPicture
from PIL import Image, ImageCms

from accounts.refusal import Refused
from blog.images.files import KINDS, widths

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]
MAX_BYTES = 25 * 1024 * 1024  # "25 MB"; a photograph of 50 megapixels has about 20 million
MAX_PIXELS = 50_000_000  # what current phones make; decoded, each takes four bytes
LARGEST = (2400, 12_000)  # pixels kept, width and height: room for a scan of a long letter
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    OverflowError,
    RuntimeError,
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
        raise Refused(gettext("This file is empty. Please choose it once more."))
    if file.size > MAX_BYTES:
        values = {"size": filesizeformat(file.size), "most": filesizeformat(MAX_BYTES)}
        raise Refused(
            gettext("This picture has %(size)s; up to %(most)s fit. A smaller copy will do.")
            % values
        )
    try:
        with _opened(file) as image:
            photograph = image.format in {"JPEG", "WEBP", "AVIF"}
            return _kept(_upright(image), photograph)
    except UNREADABLE:
        raise Refused(
            gettext("This picture is damaged or was cut off, and cannot be shown.")
        ) from None


def _opened(file):
    file.seek(0)
    try:
        image = Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(_too_many_pixels()) from None
    except Image.UnidentifiedImageError:
        raise Refused(
            gettext("This is not a picture that can be shown: JPEG, PNG, WebP, AVIF and GIF can.")
        ) from None
    if image.width * image.height > MAX_PIXELS:
        raise Refused(_too_many_pixels())
    return image


def _too_many_pixels():
    most = {"most": MAX_PIXELS // 1_000_000}
    return (
        gettext(
            "This picture has more than %(most)d megapixels. A smaller copy looks the same here."
        )
        % most
    )


def _upright(image):
    """Return the first frame, rotated according to EXIF and scaled down to LARGEST, in RGBA."""
    image.draft("RGB", LARGEST)  # JPEG: decode at a fraction of the size if that is enough
    image.load()
    profile = image.info.get("icc_profile")
    if image.mode in {"RGB", "RGBA", "L", "LA", "CMYK"} and "transparency" not in image.info:
        small = image.copy()
    else:
        small = image.convert("L" if image.mode.startswith(("I", "F", "1")) else "RGBA")
    turned = image.getexif().get(0x0112, 1) >= 5
    small.thumbnail(LARGEST[::-1] if turned else LARGEST)
    small.info = {"icc_profile": profile} if profile else {}
    small.getexif().update({0x0112: image.getexif().get(0x0112, 1)})
    try:
        return PillowPicture.pre_process(small)
    except (ImageCms.PyCMSError, OSError, ValueError):  # an invalid color profile
        small.info = {}
        return PillowPicture.pre_process(small)


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


def draw_sizes(name: str, width: int) -> None:
    """Create the renditions of the image stored as ``name``, which is ``width`` pixels wide."""
    with default_storage.open(name) as file, Image.open(file, formats=FORMATS) as image:
        image = PillowPicture.pre_process(image)
        for kind in KINDS:
            for each in widths(width):
                PillowPicture(name, kind, None, default_storage, each).save(image)

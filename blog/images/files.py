"""Which files a stored picture has: itself, and smaller ones of each kind. Needs no Pillow."""

from pathlib import PurePosixPath

from django.core.files.storage import default_storage

# What browsers choose from, in pixels: the column of a post is 545 wide, on sharp screens twice.
WIDTHS = (560, 840, 1120)
KINDS = ("AVIF", "WEBP")  # the smaller first


def widths(width):
    """Return the widths in which a picture of this width is kept, in pixels, the smallest first."""
    return [*(each for each in WIDTHS if each < width), min(width, WIDTHS[-1])]


def sizes(name, width):
    """Return the smaller ones of the picture stored as ``name``: ``{kind: {width: its name}}``.

    They lie where django-pictures puts them; what draws them is ``blog.images.processing``.
    """
    folder = PurePosixPath(name).with_suffix("")
    return {
        kind: {each: str(folder / f"{each}w.{kind.lower()}") for each in widths(width)}
        for kind in KINDS
    }


def remove(name, width):
    """Delete the picture stored as ``name`` and its smaller ones."""
    smaller = [each for found in sizes(name, width).values() for each in found.values()]
    for each in (*smaller, name):
        default_storage.delete(each)

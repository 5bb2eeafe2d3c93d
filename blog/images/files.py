"""The files of a stored image: the original and its renditions. Does not need Pillow."""

from pathlib import PurePosixPath

from django.core.files import File
from django.core.files.storage import default_storage

# Widths of the renditions in pixels: the column of a post is 545 CSS pixels wide.
WIDTHS = (560, 840, 1120)
KINDS = ("AVIF", "WEBP")  # smaller files first


def widths(width: int) -> list[int]:
    """Return the widths of the renditions of an image of this width, in pixels, ascending."""
    return [*(each for each in WIDTHS if each < width), min(width, WIDTHS[-1])]


def sizes(name: str, width: int) -> dict[str, dict[int, str]]:
    """Return the renditions of the image stored as ``name``: ``{kind: {width: file name}}``.

    The names are those of django-pictures; ``blog.images.processing`` creates the files.
    """
    folder = PurePosixPath(name).with_suffix("")
    return {
        kind: {each: str(folder / f"{each}w.{kind.lower()}") for each in widths(width)}
        for kind in KINDS
    }


def store_sizes(name: str, width: int, drawn: dict[str, dict[int, File]]) -> None:
    """Store the renditions, ``{kind: {width in pixels: file}}``, of the image stored as ``name``.

    If that fails, nothing of the image is left.
    """
    try:
        for kind, names in sizes(name, width).items():
            for each, path in names.items():
                default_storage.delete(path)  # of an earlier try, perhaps another Pillow's
                default_storage.save(path, drawn[kind][each])
    except Exception:
        remove(name, width)
        raise


def remove(name: str, width: int) -> None:
    """Delete the image stored as ``name`` and its renditions."""
    smaller = [each for names in sizes(name, width).values() for each in names.values()]
    for each in (*smaller, name):
        default_storage.delete(each)

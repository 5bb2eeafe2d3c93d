"""Copies image descriptions from posts to the library, for images that have none there."""

from html import unescape

from django.core.files.storage import default_storage

from accounts.models import User
from blog.images.models import MAX_ALT, Image
from blog.images.responsive import ATTRIBUTE, IMG


def store_alt_texts(post, person: User) -> None:
    """Describe the library images of a stored post that ``person`` may change and have no alt.

    An image that has a description already, or is marked as decorative, is left as it is.
    """
    alts = _alts_in(post.body)
    if post.lead_image_id and post.lead_alt:
        alts.setdefault(post.lead_image.file, post.lead_alt)
    if not alts:
        return
    undescribed = Image.objects.visible_to(person).filter(file__in=alts, alt="", decorative=False)
    for image in undescribed:
        Image.objects.filter(pk=image.pk, alt="").update(alt=alts[image.file])


def _alts_in(html):
    """Return ``{file name: its first description}`` of the images in an HTML text."""
    base, alts = default_storage.url(""), {}
    for found in IMG.finditer(html):
        given = {name: unescape(value) for name, value in ATTRIBUTE.findall(found[1])}
        words = given.get("alt", "").strip()
        if words and len(words) <= MAX_ALT:
            alts.setdefault(given.get("src", "").removeprefix(base), words)
    return alts

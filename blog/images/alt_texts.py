"""What an author said of a picture in a text is kept in the library, where nothing was said yet."""

from html import unescape

from django.core.files.storage import default_storage

from blog.images.models import MAX_ALT, Image
from blog.images.responsive import ATTRIBUTE, IMG


def store_alt_texts(post, person):
    """Give the pictures of a stored post their first description: those that ``person`` may change.

    What stands in the library already, a decoration too, is left as it is: other texts may be
    about to use it.
    """
    said = _said_in(post.body)
    if post.lead_image_id and post.lead_alt:
        said.setdefault(post.lead_image.file, post.lead_alt)
    if not said:
        return
    silent = Image.objects.visible_to(person).filter(file__in=said, alt="", decorative=False)
    for image in silent:
        Image.objects.filter(pk=image.pk, alt="").update(alt=said[image.file])


def _said_in(html):
    """Return ``{name of the file: its first description}``."""
    base, said = default_storage.url(""), {}
    for found in IMG.finditer(html):
        given = {name: unescape(value) for name, value in ATTRIBUTE.findall(found[1])}
        words = given.get("alt", "").strip()
        if words and len(words) <= MAX_ALT:
            said.setdefault(given.get("src", "").removeprefix(base), words)
    return said

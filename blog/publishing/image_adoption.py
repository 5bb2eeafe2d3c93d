"""Adoption of imported images into the library: re-encoded, without metadata, in several sizes.

This takes about a second per image, so the import leaves it for later. It may be interrupted and
repeated at any time; a text that is changed keeps its date.
"""

import logging
import re
import time
from collections.abc import Callable

from django.core.files.storage import default_storage

from accounts.refusal import Refused
from blog.images import responsive
from blog.images.drawing_queue import Busy
from blog.models import Image, PendingLeadImage, Post

log = logging.getLogger(__name__)
FOLDER = "imported"
PAUSE = 1  # seconds, where others draw
NAME = re.compile(rf"{FOLDER}/[0-9a-f]{{2}}/[0-9a-f]{{32}}\.(?:jpg|png|webp|avif)\b")


def adopt_all(
    tell: Callable[[str, Image | None, str], None] = lambda name, image, reason: None,
) -> int:
    """Adopt the images in all texts, and the lead images; return the number of changed texts.

    ``tell`` is called with each file's name, its Image or None, and the reason if it failed. GIFs
    in texts stay as they are; as a lead image, the first frame is used.
    """
    known = {}
    texts = Post._base_manager.filter(body__contains=f"{FOLDER}/").values_list("pk", "body")
    changed = sum(_adopt_text(pk, body, known, tell) for pk, body in _one_by_one(texts))
    for lead in PendingLeadImage.objects.order_by("pk").iterator(100):
        _adopt_lead(lead, known, tell)
    for name, image in known.items():
        if image and not _is_needed(name):
            default_storage.delete(name)
    return changed


def _is_needed(name):
    in_a_text = Post._base_manager.filter(body__contains=name).exists()
    return in_a_text or PendingLeadImage.objects.filter(file=name).exists()


def _one_by_one(rows):
    """Yield the rows one by one; the keys are read first, since the rows change meanwhile."""
    for key in list(rows.order_by("pk").values_list("pk", flat=True)):
        yield from rows.filter(pk=key)


def _adopt_text(pk, body, known, tell):
    changed = body
    for name in sorted(set(NAME.findall(body))):
        if name not in known:
            known[name] = _adopted(name, tell)
        if known[name]:
            changed = changed.replace(default_storage.url(name), known[name].url)
    if changed == body:
        return False
    changed = responsive.stored_html(changed)
    # Not save(): the date must stay. The condition avoids overwriting a concurrent edit.
    post = Post._base_manager.only("language").get(pk=pk)
    post.body = changed
    post.render()
    stored = {name: getattr(post, name) for name in ("body", "body_html", "render_version")}
    if not Post._base_manager.filter(pk=pk, body=body).update(**stored):
        return False
    Post._base_manager.get(pk=pk).touch()
    return True


def _adopt_lead(lead, known, tell):
    """Set the lead image of a post, unless its author has chosen one meanwhile."""
    if lead.file not in known:
        known[lead.file] = _adopted(lead.file, tell)
    if image := known[lead.file]:
        post = Post._base_manager.filter(pk=lead.post_id, lead_image=None)
        if post.update(lead_image=image, lead_alt=lead.alt or image.alt):
            Post._base_manager.get(pk=lead.post_id).touch()
        lead.delete()


def _kept(name):
    """Return the ``Image`` of a file, once others leave a turn: nobody waits for this command."""
    while True:
        try:
            with default_storage.open(name) as file:
                return Image.keep(file, None)
        except Busy:
            time.sleep(PAUSE)


def _adopted(name, tell):
    image, reason = None, ""
    try:
        image = _kept(name)
    except (Refused, FileNotFoundError) as error:
        reason = str(error)
    except Exception as error:
        # Whatever is wrong with this one, the next may be well.
        log.exception("%s couldn’t be added to the library", name)
        reason = f"{type(error).__name__}: {error}"
    tell(name, image, reason)
    return image

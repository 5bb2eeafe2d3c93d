"""Which library images are in use: in posts, drafts, or any other text of the blog."""

import re
from datetime import datetime

from django.apps import apps
from django.db import models
from django.db.models.functions import Cast

from blog.images.models import FOLDER
from blog.models import Image, PostRevision
from blog.models.revisions import keys_in

STEM = re.compile(rf"{FOLDER}/[0-9a-f]{{2}}/[0-9a-f]{{32}}")
AT_ONCE = 100  # texts per chunk; each may have two megabytes


def stems_in_use() -> set[str]:
    """Return the stems of the images that any text contains or any row refers to."""
    stems = set()
    for model, field in _texts():
        named = model._base_manager.filter(**{f"{field}__contains": f"{FOLDER}/"})
        for text in named.values_list(field, flat=True).iterator(AT_ONCE):
            stems.update(STEM.findall(text))
    for relation in Image._meta.related_objects:
        pointing = relation.related_model._base_manager
        keys = pointing.values_list(relation.field.name, flat=True)
        stems.update(image.stem for image in Image.objects.filter(pk__in=keys))
    return stems


def stems_kept() -> set[str]:
    """Return the stems of the images in revisions and unsaved drafts, which may be restored."""
    rows = PostRevision.objects.annotate(text=Cast("fields", models.TextField()))
    texts = rows.filter(text__contains=f"{FOLDER}/").values_list("text", flat=True)
    stems = {stem for text in texts.iterator(AT_ONCE) for stem in STEM.findall(text)}
    # The form submits the lead image as a primary key.
    chosen = PostRevision.objects.values_list("fields__lead_image", flat=True).distinct()
    leads = Image.objects.filter(pk__in=keys_in(chosen))
    return stems | {image.stem for image in leads}


def unused(before: datetime | None = None) -> list[Image]:
    """Return the images that no text and no revision uses.

    With ``before``, only those uploaded before then.
    """
    rows = Image.objects.select_related("uploaded_by")
    if before:
        rows = rows.filter(created_at__lt=before)
    used = stems_in_use() | stems_kept()
    return [image for image in rows if image.stem not in used]


def is_used(image: Image) -> bool:
    """Return whether a text or a row uses this image."""
    return image.stem in stems_in_use()


def _texts():
    """Yield ``(model, field name)`` of every TextField of this app."""
    for model in apps.get_app_config(Image._meta.app_label).get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.TextField):
                yield model, field.name

"""Which pictures are shown in some text of the blog, a draft too."""

import re

from django.apps import apps
from django.db import models
from django.db.models.functions import Cast

from blog.images.models import FOLDER
from blog.models import Image, PostRevision
from blog.models.revisions import keys_in

STEM = re.compile(rf"{FOLDER}/[0-9a-f]{{2}}/[0-9a-f]{{32}}")
AT_ONCE = 100  # texts read together; each may have two megabytes


def stems_in_use():
    """Return the stems of the pictures that any text of the blog names, or a row points at."""
    found = set()
    for model, field in _texts():
        named = model._base_manager.filter(**{f"{field}__contains": f"{FOLDER}/"})
        for text in named.values_list(field, flat=True).iterator(AT_ONCE):
            found.update(STEM.findall(text))
    for relation in Image._meta.related_objects:
        pointing = relation.related_model._base_manager
        keys = pointing.values_list(relation.field.name, flat=True)
        found.update(image.stem for image in Image.objects.filter(pk__in=keys))
    return found


def stems_kept():
    """Return the stems of the pictures that versions and unsaved drafts may bring back."""
    kept = PostRevision.objects.annotate(said=Cast("fields", models.TextField()))
    named = kept.filter(said__contains=f"{FOLDER}/").values_list("said", flat=True)
    found = {stem for text in named.iterator(AT_ONCE) for stem in STEM.findall(text)}
    # A form sends the lead image that was chosen in it as a number.
    chosen = PostRevision.objects.values_list("fields__lead_image", flat=True).distinct()
    leads = Image.objects.filter(pk__in=keys_in(chosen))
    return found | {image.stem for image in leads}


def unused(before=None):
    """Return a list of the pictures that nothing shows, and nothing that is kept for later.

    ``before``: uploaded before then.
    """
    rows = Image.objects.select_related("uploaded_by")
    if before:
        rows = rows.filter(created_at__lt=before)
    used = stems_in_use() | stems_kept()
    return [image for image in rows if image.stem not in used]


def is_used(image):
    """Return whether something shows this picture."""
    return image.stem in stems_in_use()


def _texts():
    """Every field of the blog that holds a text of any length: posts, and what is kept of them."""
    for model in apps.get_app_config(Image._meta.app_label).get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.TextField):
                yield model, field.name

"""Slug fields that allow letters of any script, normalized to NFC."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_unicode_slug
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.permalinks import MAX_SLUG, is_slug


def validate_slug(value: str) -> None:
    """Raise ValidationError if a character of ``value`` cannot be part of a slug."""
    if not is_slug(value):
        raise ValidationError(
            _("A slug can only contain letters and numbers of any script, “-” and “_”."),
            code="invalid",
        )


def _ours(validators):
    """Replace Django's own slug validator, which refuses the vowel signs of many scripts."""
    return [validate_slug, *(each for each in validators if each is not validate_unicode_slug)]


class SlugFormField(forms.SlugField):
    """A form field for a slug; the value is normalized to NFC."""

    def __init__(self, **options):
        super().__init__(**options)
        self.validators = _ours(self.validators)

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFC", super().to_python(value))


class SlugField(models.SlugField):
    """A unique slug, stored and looked up in NFC however it was typed."""

    def __init__(self, *args, **options):
        fixed = {"max_length": MAX_SLUG, "unique": True, "allow_unicode": True}
        super().__init__(*args, **{**fixed, **options})
        self.validators = _ours(self.validators)

    def deconstruct(self):
        # As Django's own SlugField: the column is the same, so no migration is needed.
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.SlugField", args, options

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return unicodedata.normalize("NFC", value) if isinstance(value, str) else value

    def pre_save(self, model_instance, add):
        value = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **options):
        return super().formfield(**{"form_class": SlugFormField, **options})

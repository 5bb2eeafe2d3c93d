"""The field in which a post or a tag keeps the word of its address, in any script."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_unicode_slug
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.permalinks import MAX_SLUG, is_slug


def validate_slug(value):
    """Raise ValidationError where a sign of the text cannot stand in an address."""
    if not is_slug(value):
        raise ValidationError(
            _("Only letters and numbers of any script, “-” and “_” can stand in an address."),
            code="invalid",
        )


def _ours(validators):
    """Django's own validator, which refuses the vowel signs of many scripts, gives way to ours."""
    return [validate_slug, *(each for each in validators if each is not validate_unicode_slug)]


class SlugFormField(forms.SlugField):
    """A slug in a form, as it will be stored."""

    def __init__(self, **options):
        super().__init__(**options)
        self.validators = _ours(self.validators)

    def to_python(self, value):
        return unicodedata.normalize("NFC", super().to_python(value))


class SlugField(models.SlugField):
    """A slug, unique, stored and looked up in one form (NFC) however it was typed."""

    def __init__(self, *args, **options):
        fixed = {"max_length": MAX_SLUG, "unique": True, "allow_unicode": True}
        super().__init__(*args, **{**fixed, **options})
        self.validators = _ours(self.validators)

    def deconstruct(self):
        # In the database it is what it was: no migration has to rewrite a table.
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.SlugField", args, options

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return unicodedata.normalize("NFC", value) if isinstance(value, str) else value

    def pre_save(self, model_instance, add):
        value = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **options):
        return super().formfield(**{"form_class": SlugFormField, **options})

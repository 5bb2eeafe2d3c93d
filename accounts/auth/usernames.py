"""Normalization and validation of user names and display names."""

import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.text import names

NO_ADDRESS = _("Names can’t contain @, because readers could mistake them for an email address.")


def normalize_username(name: str) -> str:
    """Return a name in NFKC, without surrounding or repeated spaces.

    Otherwise full-width or decomposed letters would make a second "alice".
    """
    return names.one_line(unicodedata.normalize("NFKC", name))


def check(name: str, person: User | None = None) -> None:
    """Raise ValidationError if ``person`` (None: a new user) may not use this name.

    ``settings.USERNAME_CHECKS`` lists further checks.
    """
    if "@" in name:
        raise ValidationError(NO_ADDRESS, code="address")
    for path in settings.USERNAME_CHECKS:
        if refusal := import_string(path)(name, person):
            raise ValidationError(refusal, code="imitates")
    if refusal := names.fault(name):
        raise ValidationError(refusal, code="unreadable")

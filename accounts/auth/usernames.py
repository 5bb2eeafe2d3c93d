"""Names that people wish to be known by here: the one form of each, and what refuses it."""

import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

NO_ADDRESS = _("A name cannot have an @ in it: readers could take it for an address.")


def normalize_username(name):
    """Return a name in its one normal form, without blanks around it or in a row.

    Letters of another width or made of parts would otherwise make a second "alice".
    """
    return " ".join(unicodedata.normalize("NFKC", name).split())


def check(name, person=None):
    """Raise ValidationError when ``person`` (None: somebody new) may not be called that.

    ``settings.USERNAME_CHECKS`` lists who may have something against it.
    """
    if "@" in name:
        raise ValidationError(NO_ADDRESS, code="address")
    for path in settings.USERNAME_CHECKS:
        if refusal := import_string(path)(name, person):
            raise ValidationError(refusal, code="imitates")

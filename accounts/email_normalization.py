"""The one form of an address of mail, and what two spellings of it have in common."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

LONGEST = 254  # RFC 5321, 4.5.3.1.3
_is_address = EmailValidator(_("This is no address that a mail could go to."))


def normalize_email(text):
    """Return an address in its one normal form: NFC, the domain in IDNA and lower case.

    What stands before the @ is kept as it was typed. Raises ValidationError.
    """
    local, at, domain = unicodedata.normalize("NFC", text.strip()).rpartition("@")
    try:
        address = local + at + domain.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise ValidationError(_is_address.message, code="invalid") from error
    _is_address(address)
    if len(address) > LONGEST:
        raise ValidationError(_is_address.message, code="invalid")
    return address


def strict_email_key(text):
    """Return what two spellings of one address have in common. Raises ValidationError.

    Mail servers may tell letters' cases apart (RFC 5321, 2.4); none that people use does.
    """
    return normalize_email(text).casefold()


def email_key(text):
    """Return the same as :func:`compared` also for what is no address by these rules.

    Those of accounts are allauth's to judge, which takes some that are longer in IDNA.
    """
    try:
        return strict_email_key(text)
    except ValidationError:
        return text.casefold()

"""Normalization of e-mail addresses, and the key under which two spellings compare equal."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

LONGEST = 254  # RFC 5321, 4.5.3.1.3


class AddressValidator(EmailValidator):
    """Django's, with letters of every script before the "@" (RFC 6531, 3.3)."""

    message = _("This isn’t a valid email address. Please check it.")
    user_regex = re.compile(
        r"(^[-!#$%&'*+/=?^_`{}|~0-9a-z\u00a1-\U0010ffff]+"
        r"(\.[-!#$%&'*+/=?^_`{}|~0-9a-z\u00a1-\U0010ffff]+)*\Z)"
        f"|{EmailValidator.user_regex.pattern}",
        re.IGNORECASE,
    )

    def __call__(self, value: str | None) -> None:
        """Raise ValidationError if it is none, or has spaces or signs that nobody sees."""
        super().__call__(value)
        if any(unicodedata.category(sign)[0] in "CZ" for sign in value):
            raise ValidationError(self.message, code=self.code, params={"value": value})


is_address = AddressValidator()


def normalize_email(text: str) -> str:
    """Return an address in normal form: NFC, the domain in IDNA and lower case.

    The local part is kept as typed. Raises ValidationError.
    """
    local, at, domain = unicodedata.normalize("NFC", text.strip()).rpartition("@")
    try:
        address = local + at + domain.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise ValidationError(is_address.message, code="invalid") from error
    is_address(address)
    if len(address) > LONGEST:
        raise ValidationError(is_address.message, code="invalid")
    return address


def strict_email_key(text: str) -> str:
    """Return the key by which spellings of one address compare equal. Raises ValidationError.

    The local part may be case-sensitive (RFC 5321, 2.4); on no server that people use it is.
    """
    return normalize_email(text).casefold()


def email_key(text: str) -> str:
    """Return :func:`strict_email_key`, or just the casefolded text if it is not a valid address.

    Addresses of accounts are validated by allauth, which accepts some that are longer in IDNA.
    """
    try:
        return strict_email_key(text)
    except ValidationError:
        return text.casefold()

"""Base forms for subscribing to mails of any kind."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import MailServerAbility
from accounts.text.email_normalization import LONGEST, is_address, normalize_email

DISCREET = _("Discreet emails")
DISCREET_HELP = _("They don’t mention the blog, any names or any text, only a link.")


class AddressField(forms.EmailField):
    """An e-mail address in normal form, to which the mail server of the blog can send."""

    default_validators = [is_address]

    def clean(self, value):
        """Return the normalized address, or "". Raises ValidationError."""
        email = super().clean(value)
        if not email:
            return email
        check_deliverable(email)
        return normalize_email(email)


def check_deliverable(email: str) -> None:
    """Raise ValidationError for letters before the "@" that the mail server does not take."""
    if email.rpartition("@")[0].isascii() or MailServerAbility.get().takes_all_letters:
        return
    raise ValidationError(
        _(
            "This blog’s mail server can’t send to addresses with letters such as ü or ж "
            "before the @. Do you have another one?"
        ),
        code="letters",
    )


class MailPreferenceForm(forms.Form):
    """The mail preferences of somebody with an account. Subclasses add ``rhythm``."""

    discreet = forms.BooleanField(label=DISCREET, required=False, help_text=DISCREET_HELP)
    field_order = ["email", "rhythm", "discreet"]


class GuestMailPreferenceForm(forms.Form):
    """A guest's additional field: the address that the mails go to."""

    email = AddressField(
        label=_("Email"),
        max_length=LONGEST,
        help_text=_("Never shown. We’ll first send one email to check that the address is yours."),
        error_messages={"invalid": _("This doesn’t look like an email address. Please check it.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs |= {"autocomplete": "email"}
        self.fields["discreet"].initial = True

"""Base forms for subscribing to mails of any kind."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.email_normalization import LONGEST, normalize_email

DISCREET = _("Discreet mails")
DISCREET_HELP = _("They name neither the blog nor anybody, and hold no word of it: only a link.")


class MailPreferenceForm(forms.Form):
    """The mail preferences of somebody with an account. Subclasses add ``rhythm``."""

    discreet = forms.BooleanField(label=DISCREET, required=False, help_text=DISCREET_HELP)
    field_order = ["email", "rhythm", "discreet"]


class GuestMailPreferenceForm(forms.Form):
    """A guest's additional field: the address that the mails go to."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=LONGEST,
        help_text=_("Never shown. First comes one mail that asks whether the address is yours."),
        error_messages={"invalid": _("This does not look like an e-mail address.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs |= {"autocomplete": "email"}
        self.fields["discreet"].initial = True

    def clean_email(self):
        return normalize_email(self.cleaned_data["email"])

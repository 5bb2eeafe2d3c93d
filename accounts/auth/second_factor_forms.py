"""django-allauth's forms for second factors, with Hearth's labels."""

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.auth.forms import set_labels

CODE = _("The code from your app, or one of your recovery codes")
NAME = _("What you call it")
MOST_OF_A_NAME = 60


class AuthenticateForm(base.AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, code=CODE)


class ReauthenticateByCodeForm(base.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, code=CODE)


class ActivateTOTPForm(totp.ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, code=_("The code that your app shows now"))


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(
            self, name=NAME, passwordless=_("Let me sign in with it alone, without a password")
        )
        self.fields["name"].max_length = MOST_OF_A_NAME
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = _(
            "Your device asks for a fingerprint, your face or its PIN then. Untick this for a key "
            "that knows none of them: it comes after the password."
        )

    def clean_name(self):
        return super().clean_name()[:MOST_OF_A_NAME]


class SignInByPasskeyForm(webauthn.LoginWebAuthnForm):
    def clean_credential(self):
        """Return the passkey; one that was removed here may still be offered by the browser."""
        try:
            return super().clean_credential()
        except ValidationError as error:
            raise ValidationError(
                _("This passkey opens no account here. Please try another one, or another way.")
            ) from error


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, name=NAME)

    def clean_name(self):
        return self.cleaned_data["name"][:MOST_OF_A_NAME]

"""django-allauth's forms for second factors, with Hearth's labels."""

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.auth.forms import set_labels

CODE = _("Code from your app, or a recovery code")
NAME = _("Passkey name")
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
        set_labels(self, code=_("Current code from your app"))


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(
            self,
            name=NAME,
            passwordless=_("Let me sign in with this passkey alone, without a password"),
        )
        self.fields["name"].max_length = MOST_OF_A_NAME
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = _(
            "Your device will ask for your fingerprint, face or PIN. Untick this for a "
            "security key without any of these; you’ll use it after your password."
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
                _(
                    "This passkey doesn’t match any account here. Please try another one, "
                    "or sign in another way."
                )
            ) from error


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, name=NAME)

    def clean_name(self):
        return self.cleaned_data["name"][:MOST_OF_A_NAME]

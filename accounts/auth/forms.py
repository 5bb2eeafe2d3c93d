"""django-allauth's forms with Hearth's labels, and the profile form."""

from allauth.account import forms
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.views import SignupView
from django import forms as plain
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.forms import ModelForm
from django.utils.translation import gettext_lazy as _

from accounts.auth import email_change, guesses, usernames
from accounts.auth.adapter import INVITATION
from accounts.mail.forms import AddressField, check_deliverable
from accounts.text.email_normalization import LONGEST, is_address

CODE_FROM_MAIL = _("Code from your email")
PASSWORD_RULES = _(
    "At least ten characters: not only digits, not similar to your name and not a common "
    "password. A few random words work well."
)


def set_labels(form: plain.Form, **labels: str) -> None:
    """Set the labels of those fields that the form has, and the help text of a new password.

    Its address may have all letters that the mail server takes.
    """
    if "email" in form.fields:
        form.fields["email"].validators = [is_address, check_deliverable]
    for name, label in labels.items():
        if name in form.fields:
            form.fields[name].label = label
    if "password1" in form.fields:
        form.fields["password1"].help_text = PASSWORD_RULES


class GuestRequestForm(plain.Form):
    """Asks a guest for the address that gets a link to their own data."""

    email = AddressField(
        label=_("Email"),
        max_length=LONGEST,
        widget=plain.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("This doesn’t look like an email address. Please check it.")},
    )


class LoginForm(forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, login=_("Username or email"), remember=_("Stay signed in on this device"))
        # So browsers offer passkeys in this field, which takes a name or an address.
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def user_credentials(self):
        """Return the credentials: a user name or an address, and the password.

        django-allauth would try an address as a user name too, which takes longer if it has an
        account. Only old user names contain an @: :func:`usernames.check` refuses it today.
        """
        found = super().user_credentials()
        if "email" in found and not is_user_name(found["username"]):
            del found["username"]
        return found


def is_user_name(text: str) -> bool:
    return get_user_model().objects.named(text).exists()


class SignupForm(forms.SignupForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, email=_("Email"), username=_("Username"))
        set_labels(self, password2=_("Repeat password"))
        self.fields["email"].help_text = _("Never shown.")
        self.fields["username"].help_text = _("Appears next to what you write.")

    def try_save(self, request):
        """Create the account; if the address has one already, do the same work and say the same.

        If somebody else takes the name in this moment, the form is looked at once more, which
        says so.
        """
        invitation = request.session.get(INVITATION)
        try:
            with transaction.atomic():
                get_adapter().use_invitation(request)
                if self.account_already_exists:
                    make_password(self.cleaned_data["password1"])
                return super().try_save(request)
        except IntegrityError:
            if not is_user_name(self.cleaned_data["username"]):
                raise
            if invitation:
                request.session[INVITATION] = invitation
            return None, SignupView.as_view()(request)


class ResetPasswordForm(forms.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, email=_("Email"))


class ResetPasswordKeyForm(forms.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, password1=_("New password"), password2=_("Repeat password"))

    def save(self):
        super().save()
        addresses = self.user.emailaddress_set.values_list("email", flat=True)
        guesses.forget(self.user.username, *addresses)


class ChangePasswordForm(forms.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, oldpassword=_("Current password"), password1=_("New password"))
        set_labels(self, password2=_("Repeat password"))


class AddEmailForm(forms.AddEmailForm):
    """Requests a change of address, which takes effect once both addresses have confirmed it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, email=_("New email address"))
        self.waiting = email_change.pending_change(self.user)

    def save(self, request):
        change = email_change.request_change(self.user, self.cleaned_data["email"])
        return EmailAddress(user=self.user, email=change.email)


class ReauthenticateForm(forms.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, password=_("Your password"))


class RequestLoginCodeForm(forms.RequestLoginCodeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, email=_("Email"))


class ConfirmLoginCodeForm(forms.ConfirmLoginCodeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, code=CODE_FROM_MAIL)


class ProfileForm(ModelForm):
    """A user's public profile and mail preferences."""

    class Meta:
        model = get_user_model()
        fields = ["display_name", "bio", "website", "is_public", "rhythm", "discreet", "language"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.is_staff:  # readers' pages are one copy, in the blog's language
            del self.fields["language"]
        self.fields["website"].widget.input_type = "url"
        self.fields["website"].widget.attrs["autocomplete"] = "url"
        self.fields["display_name"].widget.attrs |= {"autocomplete": "nickname", "dir": "auto"}
        self.fields["bio"].widget.attrs |= {"rows": 4, "dir": "auto"}

    def clean_display_name(self):
        """Return the name in normal form; refuse one that imitates somebody."""
        name = usernames.normalize_username(self.cleaned_data["display_name"])
        if name:
            usernames.check(name, self.instance)
        return name

    def clean(self):
        # The public page's URL shows the user name, whatever the display name is.
        if self.cleaned_data.get("is_public"):
            usernames.check(self.instance.username, self.instance)
        return super().clean()

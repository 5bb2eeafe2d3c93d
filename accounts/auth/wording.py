"""What django-allauth and Django's password rules say when they refuse, in Hearth's words."""

from django.contrib.auth import password_validation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

INCORRECT_CODE = _("This code isn’t right. Please check it.")
# By the names of DefaultAccountAdapter.error_messages.
ERRORS = {
    "account_inactive": _("This account is inactive."),
    "duplicate_email": _("Your account already uses this email address."),
    "email_password_mismatch": _("The email address or the password isn’t right. Please check."),
    "email_taken": _("Another account already uses this email address."),
    "enter_current_password": _("Please enter your current password."),
    "incorrect_code": INCORRECT_CODE,
    "incorrect_password": _("This password isn’t right. Please check it."),
    "invalid_login": _("Signing in didn’t work. Please try again."),
    "invalid_password_reset": _("This link no longer works. Please ask for a new email."),
    "rate_limited": _("Too many requests in a short time. Please wait a moment, then try again."),
    "same_as_current": _("This is the same as before. Please enter a new one."),
    "too_many_login_attempts": _("Too many failed attempts to sign in. Please try again later."),
    "unknown_email": _("No account uses this email address."),
    "username_blacklisted": _("This username isn’t available. Please choose another."),
    "username_password_mismatch": _("The username or the password isn’t right. Please check."),
    "username_taken": _("This username is taken. Please choose another."),
}
# By the names of DefaultMFAAdapter.error_messages.
SECOND_FACTOR_ERRORS = {
    "incorrect_code": INCORRECT_CODE,
    "unverified_email": _(
        "Please confirm your email address before you set up two-factor authentication."
    ),
}


class LongEnough(password_validation.MinimumLengthValidator):
    """Refuses short passwords."""

    def get_error_message(self):
        text = ngettext(
            "This password is too short. Please use at least %d character.",
            "This password is too short. Please use at least %d characters.",
            self.min_length,
        )
        return text % self.min_length


class UnlikeTheAccount(password_validation.UserAttributeSimilarityValidator):
    """Refuses passwords that resemble the user name or the address."""

    def get_error_message(self):
        return gettext(
            "This password is too similar to the %(verbose_name)s. Please choose another."
        )


class Uncommon(password_validation.CommonPasswordValidator):
    """Refuses passwords that many people use."""

    def get_error_message(self):
        return gettext("Many people use this password. Please choose another.")


class NotOnlyDigits(password_validation.NumericPasswordValidator):
    """Refuses numbers."""

    def get_error_message(self):
        return gettext("This password has only digits. Please add letters or other characters.")

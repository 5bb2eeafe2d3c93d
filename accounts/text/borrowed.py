"""Texts of Django and allauth whose German says “Sie”: listed here, our catalogue has its own.

A catalogue of ours goes before theirs (``LOCALE_PATHS``); what it does not have is taken from them.
"""

from django.utils.translation import gettext_noop as _

TEXTS = [
    _("No file was submitted. Check the encoding type on the form."),
    _("Please either submit a file or check the clear checkbox, not both."),
    _(
        "ManagementForm data is missing or has been tampered with. Missing fields: "
        "%(field_names)s. You may need to file a bug report if the issue persists."
    ),
    _("Hold down “Control”, or “Command” on a Mac, to select more than one."),
    _("Enter a new password for the user <strong>%(username)s</strong>."),
    _(
        "You are authenticated as %(username)s, but are not authorized to access this page. "
        "Would you like to login to a different account?"
    ),
    _("Your password was changed."),
    _("Please enter your new password twice so we can verify you typed it in correctly."),
    _("Use your password"),
    _("Use authenticator app or code"),
    _("Use a security key"),
    _("You cannot add an email address to an account protected by two-factor authentication."),
    _("You cannot deactivate two-factor authentication."),
    _("You cannot generate recovery codes without having two-factor authentication enabled."),
    _("You cannot activate two-factor authentication until you have verified your email address."),
]

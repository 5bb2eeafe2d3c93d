"""How a mail is written: at the moment it is sent, from ids, by one function for each mail.

``settings.EMAILS`` lists these functions. Each takes the arguments of its row and returns a
:class:`EmailContent`, or None when the mail is not wanted any more (the comment is gone, somebody
has unsubscribed), or raises :class:`Postpone`. The template of a mail is ``APP/emails/NAME.html``,
with the blocks *subject*, *text* and *html*.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parseaddr
from functools import cache

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import Address

# The blocks of each template; accounts/emails/base.html writes the one that it is asked for.
PARTS = ("subject", "text", "html")


@dataclass(frozen=True)
class EmailContent:
    """What a mail says: the context of its templates, and what its headers need.

    ``unsubscribe`` is the link (``links.make_link``) that ends mails of this kind; every mail that
    comes because somebody follows something has one. ``is_mandatory``: it comes with a task, and
    goes also to people who want no more mails about what they follow. ``discreet`` leaves out the
    sender's name.
    ``message_id`` and ``in_reply_to`` (see :func:`message_id`) let mail clients thread;
    ``references`` are all above it, the first of them first (RFC 5322, 3.6.4), if not that alone.
    """

    context: dict = field(default_factory=dict)
    unsubscribe: str = ""
    is_mandatory: bool = False
    discreet: bool = False
    message_id: str = ""
    in_reply_to: str = ""
    references: str = ""


class Postpone(Exception):
    """Raised by a function of ``settings.EMAILS``: not now (its post is hidden, say), but later."""

    def __init__(self, time):
        """``time`` is a timedelta from now; waiting counts as no attempt."""
        super().__init__()
        self.until = timezone.now() + time


def named(label):
    """Name a function of ``settings.EMAILS``: what its mails are called where people read of them.

    ``label`` is a sentence part to be translated. A mail without one does not pass hearth.E007.
    """

    def name(function):
        function.label = label
        return function

    return name


class AccountMail(models.TextChoices):
    """The mails about an account that allauth writes: the prefix of their templates, their name."""

    ALREADY_EXISTS = "account/email/account_already_exists", _("a second account was asked for")
    UNKNOWN = "account/email/unknown_account", _("no account has this address")
    CONFIRM = "account/email/email_confirm", _("address was confirmed")
    CONFIRMATION = "account/email/email_confirmation", _("confirmation of an account’s address")
    SIGNUP = (
        "account/email/email_confirmation_signup",
        _("confirmation of a new account’s address"),
    )
    CHANGED = "account/email/email_changed", _("address was changed")
    DELETED = "account/email/email_deleted", _("address was removed")
    LOGIN_CODE = "account/email/login_code", _("code to sign in with")
    PASSWORD_RESET = "account/email/password_reset", _("password was reset")
    PASSWORD_CODE = "account/email/password_reset_code", _("code for a new password")
    PASSWORD_KEY = "account/email/password_reset_key", _("link for a new password")
    PASSWORD_CHANGED = "account/email/password_changed", _("password was changed")
    PASSWORD_SET = "account/email/password_set", _("password was set")
    CODES_MADE = "mfa/email/recovery_codes_generated", _("recovery codes were made")
    APP_ADDED = "mfa/email/totp_activated", _("app for codes was added")
    APP_REMOVED = "mfa/email/totp_deactivated", _("app for codes was removed")
    PASSKEY_ADDED = "mfa/email/webauthn_added", _("passkey was added")
    PASSKEY_REMOVED = "mfa/email/webauthn_removed", _("passkey was removed")


def label(name: str) -> str:
    """Return what a mail of this name is called; one that is written no more, by its name."""
    if name in email_functions():
        return str(email_function(name).label)
    with suppress(ValueError):
        return str(AccountMail(name).label)
    return name.rpartition("/")[2].replace("_", " ")


def bulk(function):
    """Mark a function of ``settings.EMAILS`` whose mails go to many: others leave before them."""
    function.is_bulk = True
    return function


def email_functions():
    """Return {name: (app, function)} of ``settings.EMAILS``."""
    return _writers(tuple(settings.EMAILS))


@cache
def _writers(paths):
    return {
        path.rpartition(".")[2]: (path.partition(".")[0], import_string(path)) for path in paths
    }


def bulk_names():
    """Return the names of mails that go to many."""
    return [name for name, (_app, write) in email_functions().items() if hasattr(write, "is_bulk")]


def email_function(name):
    """Return the function of that name in ``settings.EMAILS``; raises LookupError."""
    return email_functions()[name][1]


def template_name(name):
    """Return the path of a mail's template."""
    app, _function = email_functions()[name]
    return f"{app}/emails/{name}.html"


def message_id(*parts):
    """Return a Message-ID that is always the same for these ids, and tells nobody which they are.

    Hand over the receiver too: a mail to two people is two messages.
    """
    told = salted_hmac("accounts.mail.compose", "\0".join(map(str, parts))).hexdigest()[:24]
    _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{told}@{sender.rpartition('@')[2] or 'localhost'}>"


def render_email(mail):
    """Return the message of a ``Mail``, ready to be sent, or None when it is not wanted any more.

    Raises :class:`Postpone`, and whatever the mail's own function raises.
    """
    if mail.written:
        return _message(mail, EmailContent(discreet=True), **mail.written)
    letter = email_function(mail.name)(**mail.arguments)
    if letter is None or _is_unwanted(letter, mail.to_address):
        return None
    context = letter.context | {"unsubscribe": letter.unsubscribe}
    template = template_name(mail.name)
    subject, text, html = (render_to_string(template, context | {"part": part}) for part in PARTS)
    return _message(mail, letter, subject=" ".join(subject.split()), text=text.strip(), html=html)


def _is_unwanted(letter, email):
    follows = letter.unsubscribe and not letter.is_mandatory
    return follows and Address.objects.has_stopped(email)


def _message(mail, letter, *, subject, text, html):
    sender = settings.DEFAULT_FROM_EMAIL
    message = EmailMultiAlternatives(
        subject,
        text + "\n",
        parseaddr(sender)[1] if letter.discreet else sender,
        [mail.to_address],
        headers=_headers(mail, letter),
    )
    if html:
        message.attach_alternative(html, "text/html")
    return message


def _headers(mail, letter):
    headers = {
        "Message-ID": letter.message_id or message_id("mail", mail.pk),
        # RFC 3834: nobody's "I am on holiday" answers this.
        "Auto-Submitted": "auto-generated",
    }
    if letter.in_reply_to:
        above = letter.references or letter.in_reply_to
        headers |= {"In-Reply-To": letter.in_reply_to, "References": above}
    if letter.unsubscribe:
        headers |= {
            "List-Unsubscribe": f"<{letter.unsubscribe}>",
            # RFC 8058: one press in the mail program, without opening a page.
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return headers

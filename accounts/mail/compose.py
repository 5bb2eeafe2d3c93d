"""Composing mails: one function per kind of mail, called with ids when the mail is sent.

``settings.EMAILS`` lists these functions. Each takes the arguments of its row and returns an
:class:`EmailContent`, or None if the mail is not wanted any more (the comment is gone, the
recipient has unsubscribed), or raises :class:`Postpone`. The template of a mail is
``APP/emails/NAME.html``, with the blocks *subject*, *text* and *html*.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parseaddr
from functools import cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Address, Mail, User
from accounts.text import languages

# The blocks of each template; accounts/emails/base.html renders the one named by ``part``.
PARTS = ("subject", "text", "html")


@dataclass(frozen=True)
class EmailContent:
    """The content of a mail: the context of its template, and the data for its headers.

    ``unsubscribe`` is the link (``links.make_link``) that ends mails of this kind; every
    subscription mail has one. ``is_mandatory``: it belongs to a task, and is sent also to people
    who stopped all subscription mails. ``discreet`` leaves out the sender's name.
    ``message_id`` and ``in_reply_to`` (see :func:`message_id`) let mail clients thread;
    ``references`` lists all ancestors, the oldest first (RFC 5322, 3.6.4), if there are more
    than ``in_reply_to``.
    """

    context: dict = field(default_factory=dict)
    unsubscribe: str = ""
    is_mandatory: bool = False
    discreet: bool = False
    message_id: str = ""
    in_reply_to: str = ""
    references: str = ""


class Postpone(Exception):
    """Raised by a function of ``settings.EMAILS`` to send the mail later (its post is hidden, say).

    It does not count as an attempt.
    """

    def __init__(self, time: timedelta):
        super().__init__()
        self.until = timezone.now() + time


def named(label: str) -> Callable[[Callable], Callable]:
    """Decorator: give a function of ``settings.EMAILS`` a label for people.

    ``label`` is a translatable noun phrase. A function without one fails hearth.E007.
    """

    def name(function):
        function.label = label
        return function

    return name


class AccountMail(models.TextChoices):
    """The account mails that allauth writes: template prefix and label."""

    ALREADY_EXISTS = (
        "account/email/account_already_exists",
        _("sign-up with an address that has an account"),
    )
    UNKNOWN = "account/email/unknown_account", _("password reset for an unknown address")
    CONFIRM = "account/email/email_confirm", _("email address confirmed")
    CONFIRMATION = (
        "account/email/email_confirmation",
        _("confirmation of an account’s email address"),
    )
    SIGNUP = (
        "account/email/email_confirmation_signup",
        _("confirmation of a new account"),
    )
    CHANGED = "account/email/email_changed", _("email address changed")
    DELETED = "account/email/email_deleted", _("email address removed")
    LOGIN_CODE = "account/email/login_code", _("sign-in code")
    PASSWORD_RESET = "account/email/password_reset", _("password reset done")
    PASSWORD_CODE = "account/email/password_reset_code", _("password reset code")
    PASSWORD_KEY = "account/email/password_reset_key", _("password reset link")
    PASSWORD_CHANGED = "account/email/password_changed", _("password changed")
    PASSWORD_SET = "account/email/password_set", _("password set")
    CODES_MADE = "mfa/email/recovery_codes_generated", _("recovery codes created")
    APP_ADDED = "mfa/email/totp_activated", _("authenticator app added")
    APP_REMOVED = "mfa/email/totp_deactivated", _("authenticator app removed")
    PASSKEY_ADDED = "mfa/email/webauthn_added", _("passkey added")
    PASSKEY_REMOVED = "mfa/email/webauthn_removed", _("passkey removed")


def label(name: str) -> str:
    """Return the label of a mail by its name, also for mails that no longer exist."""
    if name in email_functions():
        return str(email_function(name).label)
    with suppress(ValueError):
        return str(AccountMail(name).label)
    return name.rpartition("/")[2].replace("_", " ")


def to_many(stream: Mail.Stream, read_ahead: Callable[[list[dict]], Any]) -> Callable:
    """Decorator: mark a function of ``settings.EMAILS`` as mail to many, of this stream.

    Others leave before it, and it is composed in batches: ``read_ahead`` is given the arguments of
    all mails of a batch, and what it returns is passed to each call as ``ahead``. So a batch takes
    as many queries as one mail.
    """

    def mark(function):
        function.stream, function.read_ahead = stream, read_ahead
        return function

    return mark


def email_functions() -> dict[str, tuple[str, Callable]]:
    """Return {name: (app, function)} of ``settings.EMAILS``."""
    return _functions(tuple(settings.EMAILS))


@cache
def _functions(paths):
    return {
        path.rpartition(".")[2]: (path.partition(".")[0], import_string(path)) for path in paths
    }


def stream(name: str) -> Mail.Stream:
    """Return the stream of the mails of a name in ``settings.EMAILS``; raises LookupError."""
    return getattr(email_function(name), "stream", Mail.Stream.ONE)


def email_function(name: str) -> Callable:
    """Return the function of that name in ``settings.EMAILS``; raises LookupError."""
    return email_functions()[name][1]


def template_name(name: str) -> str:
    """Return the path of a mail's template."""
    app, _function = email_functions()[name]
    return f"{app}/emails/{name}.html"


def message_id(*parts: object) -> str:
    """Return a Message-ID that is always the same for these ids and does not reveal them.

    Include the recipient: a mail to two people is two messages.
    """
    digest = salted_hmac("accounts.mail.compose", "\0".join(map(str, parts))).hexdigest()[:24]
    _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{digest}@{sender.rpartition('@')[2] or 'localhost'}>"


class Batch:
    """Mails that are composed one after the other, and share what they read."""

    def __init__(self, mails: Sequence[Mail]) -> None:
        self._mails, self._ahead = mails, {}
        self._stopped = self._languages = None

    def render(self, mail: Mail) -> EmailMultiAlternatives | None:
        """Return the message of one, ready to be sent, or None if it is not wanted any more.

        Raises :class:`Postpone`, and whatever the mail's own function raises.
        """
        if mail.written:
            return _message(mail, EmailContent(discreet=True), **mail.written)
        with translation.override(self._language_of(mail)):
            return self._compose(mail)

    def _language_of(self, mail):
        """Return the language that an account with this address chose, or the blog's.

        What goes to many is in the blog's language for all of them, as its pages are.
        """
        if stream(mail.name) != Mail.Stream.ONE:
            return get_language()
        if self._languages is None:
            addresses = [each.to_address for each in self._mails]
            chosen = User.objects.filter(email__in=addresses).exclude(language="")
            self._languages = dict(chosen.values_list("email", "language"))
        return languages.spoken(self._languages.get(mail.to_address), get_language())

    def _compose(self, mail):
        content = email_function(mail.name)(**mail.arguments, **self._read_ahead(mail.name))
        if content is None or self._is_unwanted(content, mail.to_address):
            return None
        context = content.context | {
            "unsubscribe": content.unsubscribe,
            "takes_replies": bool(settings.EMAIL_REPLY_TO),
        }
        template = template_name(mail.name)
        subject, text, html = (
            render_to_string(template, context | {"part": part}) for part in PARTS
        )
        subject = " ".join(subject.split())
        return _message(mail, content, subject=subject, text=text.strip(), html=html)

    def _read_ahead(self, name):
        """Return the further arguments of a function: what it reads for all mails at once."""
        if name not in self._ahead:
            read = getattr(email_function(name), "read_ahead", None)
            rows = [mail.arguments for mail in self._mails if mail.name == name]
            self._ahead[name] = {"ahead": read(rows)} if read else {}
        return self._ahead[name]

    def _is_unwanted(self, content, email):
        if not content.unsubscribe or content.is_mandatory:
            return False
        if self._stopped is None:
            addresses = [mail.to_address for mail in self._mails]
            self._stopped = Address.objects.stopped_among(addresses)
        return email in self._stopped


def render_email(mail: Mail) -> EmailMultiAlternatives | None:
    """Return the message of a single ``Mail``: see :meth:`Batch.render`."""
    return Batch([mail]).render(mail)


def _message(mail, content, *, subject, text, html):
    sender, replies = settings.DEFAULT_FROM_EMAIL, settings.EMAIL_REPLY_TO
    if content.discreet:
        sender, replies = parseaddr(sender)[1], parseaddr(replies)[1]
    message = EmailMultiAlternatives(
        subject,
        text + "\n",
        sender,
        [mail.to_address],
        reply_to=[replies] if replies else None,
        headers=_headers(mail, content),
    )
    if html:
        message.attach_alternative(html, "text/html")
    return message


def _headers(mail, content):
    headers = {
        "Message-ID": content.message_id or message_id("mail", mail.pk),
        # RFC 3834: vacation responders do not answer it.
        "Auto-Submitted": "auto-generated",
    }
    if content.in_reply_to:
        references = content.references or content.in_reply_to
        headers |= {"In-Reply-To": content.in_reply_to, "References": references}
    if content.unsubscribe:
        headers |= {
            "List-Unsubscribe": f"<{content.unsubscribe}>",
            # RFC 8058: one press in the mail program, without opening a page.
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return headers

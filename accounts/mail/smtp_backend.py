"""Django's mail backend for a connection that is kept over many mails.

It tells whether the server ended the connection before it was given anything of a mail: then, and
only then, the mail may be sent again at once over a new one. Each reply is a sign of life.
"""

import smtplib
from email import message_from_bytes, policy
from email.utils import parseaddr

from django.core.mail.backends import smtp

from accounts import heartbeat

# "Closing transmission channel" (RFC 5321, 3.8): after so many mails in one connection, say.
GOODBYE = 421


class _Attentive:
    """Mixin for smtplib's clients: ``got_words`` is whether the current mail's text has left."""

    got_words = False

    def getreply(self):
        reply = super().getreply()
        heartbeat.beat()
        return reply

    def mail(self, *arguments, **options):
        self.got_words = False
        return super().mail(*arguments, **options)

    def data(self, message):
        self.got_words = True
        return super().data(message)


class SMTP(_Attentive, smtplib.SMTP):
    pass


class SMTP_SSL(_Attentive, smtplib.SMTP_SSL):
    pass


class LettersNotTakenError(ValueError):
    """The server takes only ASCII before the "@" of an address."""


class EmailBackend(smtp.EmailBackend):
    """Django's, for addresses in all letters, and with two questions about how an attempt ended."""

    @property
    def connection_class(self):
        return SMTP_SSL if self.use_ssl else SMTP

    def open(self):
        is_new = super().open()
        if is_new:
            self.connection.ehlo_or_helo_if_needed()
        return is_new

    @property
    def takes_all_letters(self) -> bool:
        """Whether the connected server takes addresses that are not ASCII (RFC 6531)."""
        return self.connection.has_extn("smtputf8")

    def _send(self, message):
        if all(_local(address).isascii() for address in message.recipients()):
            return super()._send(message)
        if not self.takes_all_letters:
            raise LettersNotTakenError
        # Django would write the letters before the "@" in a way that no server reads.
        written = message_from_bytes(message.message().as_bytes(), policy=policy.SMTPUTF8)
        written.replace_header("To", ", ".join(message.to))
        sender = parseaddr(message.from_email)[1]
        content = written.as_bytes()
        self.connection.sendmail(sender, message.recipients(), content, mail_options=["SMTPUTF8"])
        return True

    def may_send_again(self, error: Exception) -> bool:
        """Return whether the server ended the connection before it got anything of the mail."""
        if self.connection is None or self.connection.got_words:
            return False
        return GOODBYE in _codes(error) or isinstance(error, smtplib.SMTPServerDisconnected)

    def can_go_on(self, error: Exception) -> bool:
        """Return whether the next mail can be sent over the same connection.

        After a refusal, that is; smtplib has reset the session. Otherwise its state is unknown.
        """
        refusals = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused)
        return isinstance(error, refusals) and GOODBYE not in _codes(error)


def _local(address):
    return address.rpartition("@")[0]


def _codes(error):
    """Return the reply codes of an error of smtplib's."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return {code for code, _words in error.recipients.values()}
    return {error.smtp_code} if isinstance(error, smtplib.SMTPResponseException) else set()

"""Django's mail backend for a connection that is kept over many mails.

It tells whether the server ended the connection before it was given anything of a mail: then, and
only then, the mail may be sent again at once over a new one. Each reply is a sign of life.
"""

import smtplib

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


class EmailBackend(smtp.EmailBackend):
    """Django's, with two questions about how an attempt ended."""

    @property
    def connection_class(self):
        return SMTP_SSL if self.use_ssl else SMTP

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


def _codes(error):
    """Return the reply codes of an error of smtplib's."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return {code for code, _words in error.recipients.values()}
    return {error.smtp_code} if isinstance(error, smtplib.SMTPResponseException) else set()

"""Where mails go in production while the owner has named no mail server: nowhere.

They wait in the outbox, which tries again, and are not printed: a log is no place for them.
"""

from django.core.mail.backends.base import BaseEmailBackend


class NoMailServerError(OSError):
    """EMAIL_HOST is not set."""


class EmailBackend(BaseEmailBackend):
    """Raises NoMailServerError, as a mail server that is not there."""

    def open(self):
        raise NoMailServerError

    def send_messages(self, email_messages):
        raise NoMailServerError

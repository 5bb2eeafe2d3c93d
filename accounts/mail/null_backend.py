"""The mail backend in production as long as EMAIL_HOST is not set: every attempt fails.

Mails stay in the outbox, which tries again, and are not printed: they do not belong in a log.
"""

from django.core.mail.backends.base import BaseEmailBackend


class NoMailServerError(OSError):
    """EMAIL_HOST is not set."""


class EmailBackend(BaseEmailBackend):
    """A backend that always raises NoMailServerError, as an unreachable mail server would."""

    def open(self):
        raise NoMailServerError

    def send_messages(self, email_messages):
        raise NoMailServerError

"""The connection to the mail server, kept over many mails and from one turn to the next."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.core.mail import EmailMessage, get_connection

from accounts.models import Mail, MailServerAbility

_kept = threading.local()


class Unreachable(Exception):
    """The mail server is unreachable; the reason is its cause."""


class MailServer:
    """One connection at a time, opened when a mail is to be sent.

    ``stream`` is that of the mails to many it was given last: they take turns, also over ours.
    """

    def __init__(self) -> None:
        self.stream = Mail.Stream.ONE
        self._connection = get_connection()

    def send(self, message: EmailMessage) -> None:
        """Send a mail. Raises Unreachable, and what the mail backend raises.

        A server may end a connection at any time, such as after so many mails. If nothing of this
        mail was sent by then, that is no failure of the mail: it is sent over a new connection.
        """
        is_new = self._open()
        try:
            self._give(message)
        except BaseException as error:
            again = not is_new and self._asked("may_send_again", error)
            if not self._asked("can_go_on", error):
                self.close()
            if not again:
                raise
        else:
            return
        self._open()
        self._give(message)

    def close(self) -> None:
        # Closing fails if the mail server is gone.
        with suppress(OSError):
            self._connection.close()

    def _open(self):
        try:
            is_new = self._connection.open()
        except OSError as error:
            raise Unreachable from error
        if is_new:
            MailServerAbility.note(getattr(self._connection, "takes_all_letters", False))
        return is_new

    def _give(self, message):
        if not self._connection.send_messages([message]):
            raise ValueError("There is nobody to send it to.")

    def _asked(self, question, error):
        """Ask the backend; one that is not ours knows neither answer."""
        return getattr(self._connection, question, lambda error: False)(error)


@contextmanager
def mail_server(going: Callable[[], bool]) -> Iterator[MailServer]:
    """Yield the server. Its connection stays open if ``going``, a ``Turn``, comes again at once."""
    server, _kept.server = getattr(_kept, "server", None) or MailServer(), None
    stays = False
    try:
        yield server
        stays = getattr(going, "comes_again", False)
    finally:
        if stays:
            _kept.server = server
        else:
            server.close()

"""A real mail server in a thread; it can be slow, refuse mails, or be down."""

import asyncio
import email
import email.policy
import socket
import threading

from aiosmtpd.controller import Controller


class PostOffice:
    """What it was given is in `mails`; its moods are fields to set.

    `answers` are lines it says instead of taking a mail, in turn ("450 later", or "" to take it);
    `refused` maps addresses to what is said about them. `most_mails` is how many it takes in one
    connection: then it says goodbye, or just `hangs_up`; `connections` counts those begun in each.
    `takes_all_letters`, from the next `open()` on, also those before the "@" (SMTPUTF8).
    While `hold()` lasts it answers nothing to a mail's text, and `reached` tells that one has come
    so far.
    """

    host = "127.0.0.1"

    def __init__(self):
        self.mails, self.answers, self.refused = [], [], {}
        self.connections, self.most_mails, self.hangs_up = [], None, False
        self.reached = threading.Event()
        self.port, self.takes_all_letters = _free_port(), False
        self.controller = None
        self._open = threading.Event()
        self._open.set()

    def __enter__(self):
        self.open()
        return self

    def __exit__(self, *_):
        self.release()
        self.close()

    @property
    def settings(self):
        """What a site has to know to send its mails here, as environment variables."""
        return {
            "EMAIL_HOST": self.host,
            "EMAIL_PORT": str(self.port),
            "EMAIL_USE_TLS": "off",
        }

    def open(self):
        """Begin to listen, again after `close`."""
        self.controller = Controller(
            self,
            hostname=self.host,
            port=self.port,
            enable_SMTPUTF8=self.takes_all_letters,
        )
        self.controller.start()

    def close(self):
        """Be down: connections are refused."""
        if self.controller:
            self.controller.stop()
        self.controller = None

    def hold(self):
        self.reached.clear()
        self._open.clear()

    def release(self):
        self._open.set()

    def to(self):
        """Whom the mails went to."""
        return [mail["To"] for mail in self.mails]

    async def handle_MAIL(self, server, session, envelope, address, options):
        if getattr(session, "number", None) is None:
            session.number = len(self.connections)
            self.connections.append(0)
        if self.connections[session.number] == self.most_mails:
            if self.hangs_up:
                server.transport.close()
            return "421 enough for one connection"
        self.connections[session.number] += 1
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.reached.set()
        while not self._open.is_set():
            await asyncio.sleep(0.01)
        if self.answers and (answer := self.answers.pop(0)):
            return answer
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append(mail)
        return "250 OK"


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def text_of(mail):
    """The plain form of a mail that arrived."""
    return mail.get_body(("plain",)).get_content()


def html_of(mail):
    """The HTML form of a mail that arrived."""
    return mail.get_body(("html",)).get_content()

"""Asking a service on the net about a comment, by the protocol of Akismet, if the owner says so.

It gets the text, the name and the address of the post: no e-mail address, no network, no browser.
It is asked last, and never about a trusted writer, where care was found, or where the form did not
tell the writer of this very service. See https://akismet.com/developers/detailed-docs/comment-check/.
"""

from contextlib import suppress
from http.client import HTTPException
from socket import SHUT_RDWR
from threading import Thread
from urllib.parse import urlencode
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    Request,
    build_opener,
)

from django.conf import settings
from django.utils.translation import gettext as _

from comments.models.checks import CheckOutcome, Verdict

NAME = "spam-service"
TIMEOUT = 3  # seconds in all: somebody waits for her comment to be taken
# The protocol wants an address. Ours stands for nobody's.
NO_ADDRESS = "0.0.0.0"  # noqa: S104 - nothing listens there
# What is known already is not told.
ENOUGH = frozenset({Verdict.CARE, Verdict.SPAM})


class ServiceCall(Thread):
    """One question, asked beside us: looking up a name, connecting, and an answer that comes
    letter by letter can take longer than any limit for a single step.
    """

    def __init__(self, address, data):
        super().__init__(daemon=True)
        self.request = Request(address, data=data)  # noqa: S310 - http(s), by its validator
        self.line = self.said = None

    def answer(self):
        """Return what it said; raises TimeoutError after TIMEOUT in all, ValueError for nothing."""
        self.start()
        self.join(TIMEOUT)
        if self.is_alive():
            self._hang_up()
            raise TimeoutError
        if self.said is None:
            raise ValueError("no answer")
        return self.said

    def run(self):
        opener = build_opener(NoRedirect, Http(self), Https(self))
        with (
            suppress(OSError, HTTPException, ValueError),
            opener.open(self.request, timeout=TIMEOUT) as response,
        ):
            self.said = response.read(16).strip()

    def _hang_up(self):
        """End what still reads, so that no thread stays for a line that never ends."""
        with suppress(OSError, AttributeError):  # there is no line yet, or none any more
            self.line.sock.shutdown(SHUT_RDWR)


class CallHandler:
    """Part of a handler: the call knows the connection that it is made over."""

    def __init__(self, call):
        super().__init__()
        self.call = call

    def do_open(self, http_class, req, **more):
        def connection(*args, **kwargs):
            self.call.line = http_class(*args, **kwargs)
            return self.call.line

        return super().do_open(connection, req, **more)


class Http(CallHandler, HTTPHandler):
    """See :class:`Keeping`."""


class Https(CallHandler, HTTPSHandler):
    """See :class:`Keeping`."""


class NoRedirect(HTTPRedirectHandler):
    """Words go to the address that the owner chose, and to none that it names."""

    def redirect_request(self, *args):
        return None


def spam_service(submission):
    """Hold what the service takes for spam, and all while it does not answer."""
    host = submission.settings.spam_service_host
    if not host or not _may_be_sent(submission, host):
        return None
    try:
        answer = _ask(submission)
    except (OSError, ValueError):
        answer = None
    if answer == b"false":
        return None
    if answer == b"true":
        return CheckOutcome(NAME, Verdict.SPAM, _("%s takes it for spam") % host)
    return CheckOutcome(NAME, Verdict.HOLD, _("%s could not be asked about it") % host)


def _may_be_sent(submission, host):
    told = submission.form is not None and submission.form.told == host
    known = any(found.verdict in ENOUGH for found in submission.found)
    return told and not known and not submission.is_trusted


def _ask(submission):
    """Return the answer. Raises OSError or ValueError where there is none."""
    fields = {
        "api_key": submission.settings.spam_service_key,
        "blog": settings.SITE_URL,
        "blog_charset": "UTF-8",
        "blog_lang": submission.language,
        "comment_type": "reply" if submission.parent else "comment",
        "comment_author": submission.user.name if submission.user else submission.name,
        "comment_content": submission.text,
        "permalink": settings.SITE_URL + submission.post.get_absolute_url(),
        "user_ip": NO_ADDRESS,
    }
    return ServiceCall(submission.settings.spam_service, urlencode(fields).encode()).answer()

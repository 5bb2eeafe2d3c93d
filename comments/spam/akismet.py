"""An optional check by a spam service that speaks the Akismet protocol.

It gets the text, the name and the post's URL, but no e-mail address, network or user agent. It is
asked last, and never about trusted writers or care cases, nor if the form did not name the service.
See https://akismet.com/developers/detailed-docs/comment-check/.
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
from django.utils.translation import gettext_lazy

from comments.models.checks import CheckOutcome, Verdict, named
from comments.spam.submission import Submission

TIMEOUT = 3  # seconds in all: the writer is waiting
# The protocol requires an address; this one is nobody's.
NO_ADDRESS = "0.0.0.0"  # noqa: S104 - nothing listens there
# The service is not asked after these verdicts.
ENOUGH = frozenset({Verdict.CARE, Verdict.SPAM})


class ServiceCall(Thread):
    """One request in a thread of its own, to limit its total time.

    Name lookup, connecting and a slow response can together exceed any timeout of one step.
    """

    def __init__(self, address, data):
        super().__init__(daemon=True)
        self.request = Request(address, data=data)  # noqa: S310 - http(s), by its validator
        self.connection = self.answer_text = None

    def answer(self):
        """Return the answer; raises TimeoutError after TIMEOUT, ValueError without an answer."""
        self.start()
        self.join(TIMEOUT)
        if self.is_alive():
            self._hang_up()
            raise TimeoutError
        if self.answer_text is None:
            raise ValueError("no answer")
        return self.answer_text

    def run(self):
        opener = build_opener(NoRedirect, Http(self), Https(self))
        with (
            suppress(OSError, HTTPException, ValueError),
            opener.open(self.request, timeout=TIMEOUT) as response,
        ):
            self.answer_text = response.read(16).strip()

    def _hang_up(self):
        """Close the connection, so that the thread ends."""
        with suppress(OSError, AttributeError):  # no connection yet, or none any more
            self.connection.sock.shutdown(SHUT_RDWR)


class CallHandler:
    """Mixin for handlers that gives the call its connection, so that it can hang up."""

    def __init__(self, call):
        super().__init__()
        self.call = call

    def do_open(self, http_class, req, **more):
        def connection(*args, **kwargs):
            self.call.connection = http_class(*args, **kwargs)
            return self.call.connection

        return super().do_open(connection, req, **more)


class Http(CallHandler, HTTPHandler):
    """See :class:`CallHandler`."""


class Https(CallHandler, HTTPSHandler):
    """See :class:`CallHandler`."""


class NoRedirect(HTTPRedirectHandler):
    """Refuses redirects: comments go only to the URL that the owner chose."""

    def redirect_request(self, *args):
        return None


@named("spam-service", gettext_lazy("spam service"))
def spam_service(submission: Submission) -> CheckOutcome | None:
    """Hold what the service takes for spam, and everything while it does not answer."""
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
        return CheckOutcome(spam_service.name, Verdict.SPAM, _("flagged as spam by %s") % host)
    return CheckOutcome(spam_service.name, Verdict.HOLD, _("couldn’t be checked with %s") % host)


def _may_be_sent(submission, host):
    announced = submission.form is not None and submission.form.service_host == host
    known = any(result.verdict in ENOUGH for result in submission.results)
    return announced and not known and not submission.is_trusted


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

"""Notifications ("pings") to external services that the owner has configured.

There is no queue of messages: a ping is due while the newest visible change is newer than the last
one announced. A scheduled post is announced when its date has come. Without a configured service,
nothing is requested from anybody.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPException
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.db.models import F, Q
from django.utils import timezone

from blog.models.settings import PingState

log = logging.getLogger(__name__)

TIMEOUT = 10  # seconds
CLAIM = timedelta(minutes=1)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
MOST_ATTEMPTS = 12  # about 20 hours in all


class PingQueue:
    """The pings of one service: ``name`` is for the log, ``news`` is the model of its state.

    ``newest()`` returns the time of the latest change to announce, or None if there is nothing or
    the service is not configured. ``tell(told)`` announces changes after ``told`` (a datetime or
    None), and raises OSError, HTTPException or ValueError on failure.
    """

    def __init__(
        self,
        name: str,
        news: type[PingState],
        newest: Callable[[], datetime | None],
        tell: Callable[[datetime | None], None],
    ) -> None:
        self.name, self.news, self.newest, self.tell = name, news, newest, tell

    def due_since(self) -> datetime | None:
        """Return since when a ping has been due, or None."""
        newest = self.newest()
        if newest is None:
            return None
        news = self.news.get()
        if news.told and newest <= news.told:
            return None
        since = max(filter(None, (newest, news.due_at)))
        return since if since <= timezone.now() else None

    def do_due(self, going: Callable[[], bool] = lambda: True) -> None:
        """Send the ping if one is due and no other worker is sending it.

        Retries with growing pauses, up to MOST_ATTEMPTS times.
        """
        if self.due_since() is None or not self._claimed():
            return
        newest, news = self.newest(), self.news.get()
        try:
            self.tell(news.told)
        except (OSError, HTTPException, ValueError) as error:
            log.warning("Couldn’t notify the %s: %s", self.name, type(error).__name__)
            if news.attempts < MOST_ATTEMPTS:
                pause = min(FIRST_PAUSE * 2 ** (news.attempts - 1), LONGEST_PAUSE)
                self.news.objects.update(due_at=timezone.now() + pause)
                return
        self.news.objects.update(told=newest or news.told, due_at=None, attempts=0)

    def _claimed(self):
        now = timezone.now()
        free = self.news.objects.filter(Q(due_at=None) | Q(due_at__lte=now))
        return free.update(due_at=now + CLAIM, attempts=F("attempts") + 1)


class _NoRedirect(HTTPRedirectHandler):
    """Refuses redirects: a service reaches nothing behind this machine's firewall by one."""

    def redirect_request(self, *args):
        return None


_opener = build_opener(_NoRedirect)


def send_bytes(address: str, data: bytes, content_type: str) -> None:
    """POST ``data`` to a URL; raises OSError for a status of 300 or above, or no response."""
    headers = {"Content-Type": content_type}
    request = Request(address, data, headers)  # noqa: S310 - http(s), by the field's validator
    with _opener.open(request, timeout=TIMEOUT):
        pass

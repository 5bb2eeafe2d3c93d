"""Telling somebody outside that there is something new, where the owner named whom.

Due work without a queue: something is due while what readers can see is newer than what was told
last. A scheduled post is told of when its time has come. Nobody is asked for anything until the
owner switches it on.
"""

import logging
from datetime import timedelta
from http.client import HTTPException
from urllib.request import Request, urlopen

from django.db.models import F, Q
from django.utils import timezone

log = logging.getLogger(__name__)

TIMEOUT = 10  # seconds
CLAIM = timedelta(minutes=1)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
MOST_ATTEMPTS = 12  # about 20 hours in all


class PingQueue:
    """Who is told of what: ``name`` for the log, ``news`` (a ``blog.models.settings.PingState``)
    for what is known.

    ``newest()`` returns when what it should know changed last, or None where nobody is to be
    told; ``tell(told)`` tells of what changed after ``told`` (a datetime or None), and raises
    OSError, HTTPException or ValueError where that did not work.
    """

    def __init__(self, name, news, newest, tell):
        self.name, self.news, self.newest, self.tell = name, news, newest, tell

    def due_since(self):
        """Return since when somebody should have been told of something, or None."""
        newest = self.newest()
        if newest is None:
            return None
        news = self.news.get()
        if news.told and newest <= news.told:
            return None
        since = max(filter(None, (newest, news.due_at)))
        return since if since <= timezone.now() else None

    def do_due(self, going=lambda: True):
        """Tell, if something is due and nobody else is telling it."""
        if self.due_since() is None or not self._claimed():
            return
        newest, news = self.newest(), self.news.get()
        try:
            self.tell(news.told)
        except (OSError, HTTPException, ValueError) as error:
            log.warning("The %s was not told: %s", self.name, type(error).__name__)
            if news.attempts < MOST_ATTEMPTS:
                pause = min(FIRST_PAUSE * 2 ** (news.attempts - 1), LONGEST_PAUSE)
                self.news.objects.update(due_at=timezone.now() + pause)
                return
        self.news.objects.update(told=newest or news.told, due_at=None, attempts=0)

    def _claimed(self):
        now = timezone.now()
        free = self.news.objects.filter(Q(due_at=None) | Q(due_at__lte=now))
        return free.update(due_at=now + CLAIM, attempts=F("attempts") + 1)


def send_bytes(address, data, content_type):
    """Send bytes to an address; raises OSError for an answer of 400 and above, or none."""
    headers = {"Content-Type": content_type}
    request = Request(address, data, headers)  # noqa: S310 - http(s), by the field's validator
    with urlopen(request, timeout=TIMEOUT):  # noqa: S310
        pass

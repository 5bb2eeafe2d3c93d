"""Telling the owner's WebSub hub that there is something new (https://www.w3.org/TR/websub/).

Due work without a queue: something is due while the newest post that readers can see is newer
than the one the hub was told of. A scheduled post is told of when its time has come.
"""

import logging
from datetime import timedelta
from http.client import HTTPException
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from blog.addresses import absolute
from blog.models import Blog, HubNews, Post

log = logging.getLogger(__name__)

TIMEOUT = 10  # seconds
CLAIM = timedelta(minutes=1)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
MOST_ATTEMPTS = 12  # about 20 hours in all
FEEDS = ("blog:feed", "blog:json_feed")


def due_since():
    """Return since when the hub should have been told of something, or None."""
    newest, news = _news()
    if newest is None:
        return None
    since = max(filter(None, (newest, news.due_at)))
    return since if since <= timezone.now() else None


def do_due(going=lambda: True):
    """Tell the hub, if something is due and nobody else is telling it."""
    if due_since() is None or not _claimed():
        return
    newest, news = _news()
    try:
        _tell(Blog.get().hub)
    except (OSError, HTTPException, ValueError) as error:
        log.warning("The WebSub hub was not told: %s", type(error).__name__)
        if news.attempts < MOST_ATTEMPTS:
            pause = min(FIRST_PAUSE * 2 ** (news.attempts - 1), LONGEST_PAUSE)
            HubNews.objects.update(due_at=timezone.now() + pause)
            return
    HubNews.objects.update(told=newest, due_at=None, attempts=0)


def _news():
    """Return ``(date of the newest post that the hub does not know or None, HubNews)``."""
    news = HubNews.get()
    if not Blog.get().hub:
        return None, news
    newest = Post.objects.published().posts().aggregate(at=models.Max("published_at"))["at"]
    return (None if newest is None or (news.told and newest <= news.told) else newest), news


def _claimed():
    now = timezone.now()
    free = HubNews.objects.filter(Q(due_at=None) | Q(due_at__lte=now))
    return free.update(due_at=now + CLAIM, attempts=F("attempts") + 1)


def _tell(hub):
    """Raises OSError for an answer of 400 and above, and where nobody answers."""
    topics = [absolute(reverse(name)) for name in FEEDS]
    fields = [("hub.mode", "publish"), *(("hub.url", topic) for topic in topics)]
    request = Request(hub, data=urlencode(fields).encode())  # noqa: S310 - http(s), by its validator
    with urlopen(request, timeout=TIMEOUT):  # noqa: S310
        pass

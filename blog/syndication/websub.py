"""WebSub: notifies the configured hub of new posts (https://www.w3.org/TR/websub/)."""

from urllib.parse import urlencode

from django.db.models import Max
from django.urls import reverse

from blog.models import Blog, Post, WebSubPing
from blog.permalinks import absolute
from blog.syndication import ping_queue

FEEDS = ("blog:feed", "blog:json_feed")


def _newest():
    if not Blog.get().hub:
        return None
    return Post.objects.published().posts().aggregate(at=Max("published_at"))["at"]


def _tell(told):
    topics = [absolute(reverse(name)) for name in FEEDS]
    fields = [("hub.mode", "publish"), *(("hub.url", topic) for topic in topics)]
    form = urlencode(fields).encode()
    ping_queue.send_bytes(Blog.get().hub, form, "application/x-www-form-urlencoded")


_telling = ping_queue.PingQueue("WebSub hub", WebSubPing, _newest, _tell)
due_since, do_due = _telling.due_since, _telling.do_due

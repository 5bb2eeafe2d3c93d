"""IndexNow: notifies search engines of new and changed posts and pages.

See https://www.indexnow.org. Only includes what is published and not ``noindex``. A key proves that
the notification is from this site; it is not secret, since a public file contains it.
"""

import json
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.crypto import salted_hmac

from blog.models import Blog, IndexNowPing, Post
from blog.permalinks import absolute
from blog.syndication import ping_queue

MOST_ADDRESSES = 10_000  # per message, by the protocol


def key() -> str:
    """Return the key: 32 hexadecimal digits, derived from SECRET_KEY and SITE_URL."""
    return salted_hmac(
        "blog.syndication.indexnow", settings.SITE_URL, algorithm="sha256"
    ).hexdigest()[:32]


def _to_be_found():
    changed = Greatest("updated_at", "published_at")
    return Post.objects.published().filter(noindex=False).annotate(changed=changed)


def _newest():
    if not Blog.get().indexnow:
        return None
    return _to_be_found().aggregate(at=Max("changed"))["at"]


def _tell(told):
    posts = _to_be_found().order_by("-changed").only("kind", "slug")
    if told:
        posts = posts.filter(changed__gt=told)
    message = {
        "host": urlsplit(settings.SITE_URL).netloc,
        "key": key(),
        "keyLocation": absolute(reverse("blog:indexnow", args=[key()])),
        "urlList": [absolute(post.get_absolute_url()) for post in posts[:MOST_ADDRESSES]],
    }
    ping_queue.send_bytes(Blog.get().indexnow, json.dumps(message).encode(), "application/json")


_telling = ping_queue.PingQueue("IndexNow service", IndexNowPing, _newest, _tell)
due_since, do_due = _telling.due_since, _telling.do_due

"""What a public page's bytes depend on, told by one indexed query.

Every write that readers can see raises a counter in its own transaction:
``Changes.everywhere`` (what every page shows), ``Changes.total`` (anything at all),
``Post.revision`` (one post and its conversation), ``NameChanges`` (people's names). The
rest is the clock: a scheduled post comes due, a conversation closes, a break ends.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Subquery
from django.utils import timezone

from blog import site_cache
from blog.models import Blog, ChangeCounter, Post
from comments.models import ConversationSettings

FOREVER = float("inf")


@dataclass(frozen=True)
class PageVersion:
    """``version`` is equal as long as the page is; ``until`` (epoch seconds) is when it ends.

    ``blog`` is the row that was read on the way, for whoever renders the page.
    """

    version: str
    until: float
    blog: Blog


def site_version():
    """Return the ``Freshness`` of lists, feeds and whatever shows many posts."""
    row = _blog_with(total=Subquery(ChangeCounter.objects.values("total")[:1])).first()
    return row and _freshness(row, "site", row.total, [])


def post_version(slug):
    """Return the ``Freshness`` of a post's or page's own address; None if there is no such post."""
    post = Post.objects.filter(slug=slug)
    row = _blog_with(
        post_revision=Subquery(post.values("revision")[:1]),
        post_date=Subquery(post.values("published_at")[:1]),
        days_open=Subquery(ConversationSettings.objects.values("close_after_days")[:1]),
    ).first()
    if row is None or row.post_revision is None:
        return None
    closes = _closing_time(row.post_date, row.days_open)
    return _freshness(row, "post", row.post_revision, [closes] if closes else [])


def _blog_with(**more):
    now = timezone.now()
    to_come = Post.objects.to_come(now)
    return site_cache.with_version(Blog.objects).annotate(
        next_due=Subquery(to_come.values("published_at")[:1]),
        break_until=Subquery(ConversationSettings.objects.values("break_until")[:1]),
        **more,
    )


def _freshness(row, kind, counter, moments):
    now = timezone.now()
    moments = [*moments, row.break_until] if row.break_until else moments
    parts = (site_cache.version_of(row), kind, counter, [moment <= now for moment in moments])
    version = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
    to_come = [m.timestamp() for m in [row.next_due, *moments] if m and m > now]
    return PageVersion(version, min(to_come, default=FOREVER), row)


def _closing_time(post_date, days_open):
    return post_date + timedelta(days=days_open) if post_date and days_open else None

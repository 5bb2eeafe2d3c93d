"""Versions of public pages for cache keys, determined by one indexed query.

Every write that readers can see renews a version number in its own transaction:
``ChangeCounter.everywhere`` (what every page shows; in every key, so that no other database has
it), ``ChangeCounter.total`` (any change), ``Post.revision`` (one post and its conversation),
``NameChangeCounter`` (people's names). The numbers are random and never come again
(accounts/models/version_numbers.py). The rest depends on the clock: a scheduled post comes due, a
conversation closes, a break ends.
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
    """The version of a page: ``version`` changes with its content, ``until`` is when it expires.

    ``until`` is in epoch seconds. ``blog`` is the row read along the way, for rendering the page.
    """

    version: str
    until: float
    blog: Blog


def site_version() -> PageVersion | None:
    """Return the version of pages that show many posts, such as lists and feeds."""
    row = _blog_with(total=Subquery(ChangeCounter.objects.values("total")[:1])).first()
    return row and _page_version(row, "site", row.total, [])


def post_version(slug: str) -> PageVersion | None:
    """Return the version of the page of a single post or page; None if there is no such post."""
    post = Post.objects.filter(slug=slug)
    row = _blog_with(
        post_revision=Subquery(post.values("revision")[:1]),
        post_date=Subquery(post.values("published_at")[:1]),
        days_open=Subquery(ConversationSettings.objects.values("close_after_days")[:1]),
    ).first()
    if row is None or row.post_revision is None:
        return None
    closes = _closing_time(row.post_date, row.days_open)
    return _page_version(row, "post", row.post_revision, [closes] if closes else [])


def _blog_with(**more):
    now = timezone.now()
    to_come = Post.objects.to_come(now)
    return site_cache.with_version(Blog.objects).annotate(
        next_due=Subquery(to_come.values("published_at")[:1]),
        break_until=Subquery(ConversationSettings.objects.values("break_until")[:1]),
        **more,
    )


def _page_version(row, kind, counter, moments):
    now = timezone.now()
    moments = [*moments, row.break_until] if row.break_until else moments
    parts = (site_cache.version_of(row), kind, counter, [moment <= now for moment in moments])
    version = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
    to_come = [m.timestamp() for m in [row.next_due, *moments] if m and m > now]
    return PageVersion(version, min(to_come, default=FOREVER), row)


def _closing_time(post_date, days_open):
    return post_date + timedelta(days=days_open) if post_date and days_open else None

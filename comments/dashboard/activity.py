"""Comment activity for an author's dashboard: awaiting reply, first-time writers, daily counts."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from blog.models import Post
from comments.models import Comment
from comments.tree.status import Status

DAYS = 30
SHOWN = 8


@dataclass
class DayActivity:
    """One day's counts: the author's new posts, and comments on all of their posts."""

    date: date
    posts: int
    comments: int
    waiting: int


def awaiting_reply(author, settings=None):
    """Return the newest comment of each thread where the author has not had the last word.

    Visible threads on their posts from the last DAYS, the newest first, SHOWN at most.
    ``settings``: the row of ``ConversationSettings`` if it is loaded already.
    """
    recent = _lately(author, settings)
    ends = (
        recent.values("tree_id")
        .annotate(last=Max("created_at"), own=Max("created_at", filter=Q(user=author)))
        .filter(Q(own=None) | Q(own__lt=F("last")))
        .order_by("-last")[:SHOWN]
    )
    last = {row["tree_id"]: row["last"] for row in ends}
    rows = recent.filter(tree_id__in=last, created_at__in=last.values()).exclude(user=author)
    newest = {}
    for comment in rows.with_names().with_lock().select_related("post", "user").order_by("pk"):
        if comment.created_at == last[comment.tree_id]:
            newest[comment.tree_id] = comment
    return [newest[tree] for tree in last if tree in newest]


def first_time_comments(author, settings=None):
    """Return the first comments of people who first commented here in the last DAYS.

    Visible comments on the author's posts, the newest first, SHOWN at most. People are told apart
    by account, proved address, typed address or, without any of them, typed name.
    """
    by_others = _lately(author, settings).exclude(user=author).filter(source="")
    earlier = (
        Comment.objects.approved()
        .order_by()
        .filter(
            Q(created_at__lt=OuterRef("created_at"))
            | Q(created_at=OuterRef("created_at"), pk__lt=OuterRef("pk"))
        )
    )
    known = {
        name: Exists(earlier.filter(**{name: OuterRef(name)}))
        for name in ("user", "proved_address", "email")
    }
    named = Exists(earlier.filter(user=None, name=OuterRef("name")))
    first = by_others.filter(~known["user"], ~known["proved_address"]).filter(
        Q(user__isnull=False)
        | Q(proved_address__isnull=False)
        | (~Q(email="") & ~known["email"])
        | (Q(email="") & ~named)
    )
    first = first.filter(disowned=False).with_names().with_lock().select_related("post", "user")
    return list(first.order_by("-created_at", "-pk")[:SHOWN])


def visible_on_posts_of(author, settings=None):
    """Return the visible comments on the author's posts."""
    return Comment.objects.public(settings).filter(post__author=author).order_by()


def _lately(author, settings):
    since = timezone.now() - timedelta(days=DAYS)
    return visible_on_posts_of(author, settings).filter(created_at__gte=since)


def daily_activity(author):
    """Return the ``DayActivity`` of each of the last DAYS in the blog's time zone, today last."""
    today = timezone.localdate()
    first = today - timedelta(days=DAYS - 1)
    posts = Post.objects.published().posts().filter(author=author)
    published = dict(_by_day(posts, "published_at", first))
    counts = {Status.APPROVED: Counter(), Status.PENDING: Counter()}
    comments = Comment.objects.filter(post__author=author, status__in=counts)
    for status, day, number in _by_day(comments, "created_at", first, "status"):
        counts[status][day] = number
    every = (first + timedelta(days=number) for number in range(DAYS))
    return [
        DayActivity(d, published.get(d, 0), counts[Status.APPROVED][d], counts[Status.PENDING][d])
        for d in every
    ]


def _by_day(rows, moment, first, *more):
    """Yield ``(*more, date, count)``; queries one day more, since time zones differ."""
    since = timezone.now() - timedelta(days=DAYS + 1)
    counted = (
        rows.filter(**{f"{moment}__gte": since})
        .order_by()
        .annotate(day=TruncDate(moment))
        .values_list(*more, "day")
        .annotate(number=Count("pk"))
    )
    return (row for row in counted if row[-2] >= first)

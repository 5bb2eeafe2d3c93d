"""Comment activity for an author's dashboard: awaiting reply, first-time writers, daily counts."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.db import connection
from django.db.models import BooleanField, Case, Exists, F, Max, OuterRef, Q, When
from django.utils import timezone

from blog.models import Post
from comments.models import Comment
from comments.tree.status import HAS_EMAIL, Status

DAYS = 30
SHOWN = 8
# Comments on the author's posts in which the front page looks for those to show, the newest: all of
# the last days at thirty a day.
LOOKED_AT = 1_000
# Of these the newest comments of the whole blog are looked through, as authors may have few.
LOOKED_THROUGH = 10_000
# A day with more comments than so many is drawn as if it had no more.
MOST_A_DAY = 250
# One of _counted. In the order of the index, as PostgreSQL else goes through the table.
OF_A_DAY = f"""
    SELECT 1 FROM comments_comment JOIN blog_post ON blog_post.id = post_id
    WHERE comments_comment.status = %s AND comments_comment.created_at >= %s
    AND comments_comment.created_at < %s AND author_id = %s
    ORDER BY comments_comment.created_at LIMIT {MOST_A_DAY}
"""  # noqa: S608


@dataclass
class DayActivity:
    """One day's counts: the author's new posts, and comments on all of their posts."""

    date: date
    posts: int
    comments: int
    waiting: int


def recent_comments(author, settings=None):
    """Return the comments that ``awaiting_reply`` and ``first_time_comments`` look at.

    The newest visible ones on the author's posts, of the last DAYS. ``settings``: the row of
    ``ConversationSettings`` if it is loaded already.
    """
    since = timezone.now() - timedelta(days=DAYS)
    every = Comment.objects.order_by("-created_at", "-pk").values_list("created_at", flat=True)
    if further := every[LOOKED_THROUGH : LOOKED_THROUGH + 1].first():
        since = max(since, further)
    visible = visible_on_posts_of(author, settings).filter(created_at__gte=since)
    newest = visible.order_by("-created_at", "-pk").values_list("pk", flat=True)[:LOOKED_AT]
    return Comment.objects.filter(pk__in=list(newest)).order_by()


def awaiting_reply(author, recent=None):
    """Return the newest comment of each thread where the author has not had the last word.

    Threads of ``recent``, which is ``recent_comments(author)``, the newest first, SHOWN at most.
    """
    recent = recent_comments(author) if recent is None else recent
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


def first_time_comments(author, recent=None):
    """Return the comments with which people appeared here for the first time.

    Of ``recent``, which is ``recent_comments(author)``, the newest first, SHOWN at most. People are
    told apart by account, verified address, typed address or, without any of them, typed name.
    """
    recent = recent_comments(author) if recent is None else recent
    by_others = recent.exclude(user=author).filter(source="")
    # The condition of each index is repeated for SQLite; see comments.tree.status.
    earlier = (
        Comment.objects.approved()
        .order_by()
        .filter(
            Q(created_at__lt=OuterRef("created_at"))
            | Q(created_at=OuterRef("created_at"), pk__lt=OuterRef("pk"))
        )
    )
    # For those who have one alone: nobody is found by none, but PostgreSQL may go through all
    # comments to see it.
    known = {
        name: Case(
            When(**{f"{name}__isnull": True}, then=False),
            default=Exists(earlier.filter(**{name: OuterRef(name)})),
            output_field=BooleanField(),
        )
        for name in ("user", "verified_address")
    }
    typed = Exists(earlier.filter(HAS_EMAIL, email=OuterRef("email")))
    named = Exists(earlier.filter(user=None, name=OuterRef("name")))
    # By CASE, so that PostgreSQL asks of each comment, and does not join the table with itself.
    is_first = Case(
        When(known["user"] | known["verified_address"], then=False),
        When(Q(user__isnull=False) | Q(verified_address__isnull=False), then=True),
        When(~Q(email=""), then=~typed),
        default=~named,
        output_field=BooleanField(),
    )
    first = by_others.filter(is_first)
    first = first.filter(disowned=False).with_names().with_lock().select_related("post", "user")
    return list(first.order_by("-created_at", "-pk")[:SHOWN])


def visible_on_posts_of(author, settings=None):
    """Return the visible comments on the author's posts."""
    own = Post.objects.filter(author=author, pk=OuterRef("post"))
    return Comment.objects.public(settings).filter(Exists(own)).order_by()


def daily_activity(author):
    """Return the ``DayActivity`` of each of the last DAYS in the blog's time zone, today last."""
    today = timezone.localdate()
    days = [today - timedelta(days=number) for number in reversed(range(DAYS))]
    posts = (
        Post.objects.published().posts().filter(author=author, published_at__gte=_start(days[0]))
    )
    published = Counter(
        timezone.localdate(at) for at in posts.values_list("published_at", flat=True)
    )
    counts = _counted(author, days)
    return [
        DayActivity(d, published[d], counts[d, Status.APPROVED], counts[d, Status.PENDING])
        for d in days
    ]


def _counted(author, days):
    """Return ``Counter({(day, status): number of comments})``, of no day more than MOST_A_DAY.

    Each day is a range of the index of status and time, which ends at MOST_A_DAY: grouping by day
    would go through all of them.
    """
    edges = [connection.ops.adapt_datetimefield_value(_start(day)) for day in days]
    edges.append(connection.ops.adapt_datetimefield_value(_start(days[-1] + timedelta(days=1))))
    parts, values = [], []
    for number, (since, until) in enumerate(pairwise(edges)):
        for status in (Status.APPROVED.value, Status.PENDING.value):
            parts.append(f"SELECT {number}, {status}, count(*) FROM ({OF_A_DAY}) AS d")  # noqa: S608
            values += [status, since, until, author.pk]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return Counter({(days[number], status): n for number, status, n in cursor.fetchall()})


def _start(day):
    """Return when a day begins in the current time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))

"""A writer's track record: how many of their earlier comments were approved or rejected.

By account, else by the address a guest has verified, else by the address they typed, which proves
nothing and is labelled so on the page. One grouped query for each of the three, for a whole list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from comments.models import Comment
from comments.tree.status import HAS_EMAIL, Status

TURNED_DOWN = [Status.SPAM, Status.REMOVED]


@dataclass(frozen=True)
class TrackRecord:
    """Counts of earlier comments; None for a guest who cannot be recognised."""

    approved: int | None = None
    rejected: int | None = None

    @property
    def is_known(self) -> bool:
        return self.approved is not None


def identity_of(comment: Comment) -> tuple[str, Any] | None:
    """Return the ``(field, value)`` that finds other comments by the same writer, or None."""
    if comment.user_id:
        return "user", comment.user_id
    if comment.verified_address_id:
        return "verified_address", comment.verified_address_id
    return ("email", comment.email) if comment.email else None


def track_records(comments: Iterable[Comment]) -> dict[int, TrackRecord]:
    """Return ``{comment key: TrackRecord}``; the comment itself is not counted."""
    writers = {comment.pk: identity_of(comment) for comment in comments}
    counts = {}
    for field in ("user", "verified_address", "email"):
        values = {who[1] for who in writers.values() if who and who[0] == field}
        counts |= {(field, value): pair for value, pair in _counts(field, values).items()}
    return {
        comment.pk: _without(comment, counts[writers[comment.pk]])
        if writers[comment.pk]
        else TrackRecord()
        for comment in comments
    }


def _counts(field, values):
    if not values:
        return {}
    written = Comment.objects.filter(**{f"{field}__in": values})
    rows = (
        (written.filter(HAS_EMAIL) if field == "email" else written)
        .order_by()
        .values_list(field)
        .annotate(
            approved=Count("pk", filter=Q(status=Status.APPROVED)),
            rejected=Count("pk", filter=Q(status__in=TURNED_DOWN)),
        )
    )
    return {value: (approved, rejected) for value, approved, rejected in rows}


def _without(comment, counts):
    approved, rejected = counts
    return TrackRecord(
        approved - (comment.status == Status.APPROVED), rejected - (comment.status in TURNED_DOWN)
    )


def recent_comments(comment: Comment, among: QuerySet[Comment], count: int = 5) -> list[Comment]:
    """Return the newest other comments by the same writer; none for a guest known by name only.

    ``among`` are the comments that the viewer may read.
    """
    who = identity_of(comment)
    if who is None:
        return []
    others = among.filter(**dict([who])).exclude(pk=comment.pk)
    others = others.filter(HAS_EMAIL) if who[0] == "email" else others
    return list(
        others.select_related("post", "content_note").order_by("-created_at", "-pk")[:count]
    )

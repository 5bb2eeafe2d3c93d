"""A writer's record: how many of her comments were approved or turned down before.

By account; for guests by the address they typed, which proves nothing and says so on
the page. Two grouped queries for a whole list.
"""

from dataclasses import dataclass

from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from comments import notes
from comments.models import Comment
from comments.status import Status

TURNED_DOWN = [Status.SPAM, Status.REMOVED]


@dataclass(frozen=True)
class Record:
    """Counts of earlier comments; None where there is nothing to know a guest by."""

    approved: int | None = None
    rejected: int | None = None

    @property
    def is_known(self):
        return self.approved is not None


class ListWithRecords(ChangeList):
    """Django's list, whose comments carry the record of their writers."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        found = of(self.result_list)
        for comment in self.result_list:
            comment.record = found[comment.pk]


def of(comments):
    """Return ``{key: Record}``; the comment itself is not counted."""
    by_user = _counts("user", {c.user_id for c in comments if c.user_id})
    by_email = _counts("email", {c.email for c in comments if c.email and not c.user_id})
    records = {}
    for comment in comments:
        counts = by_user.get(comment.user_id) if comment.user_id else by_email.get(comment.email)
        records[comment.pk] = _without(comment, counts) if counts else Record()
    return records


def _counts(field, values):
    if not values:
        return {}
    rows = (
        Comment.objects.filter(**{f"{field}__in": values})
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
    return Record(
        approved - (comment.status == Status.APPROVED), rejected - (comment.status in TURNED_DOWN)
    )


def note_choices(comment):
    """Return ``[(key, name)]`` of the notes that a moderator may put on a comment."""
    offered = notes.offered_by(comment)
    if own := comment.content_note:
        offered.setdefault(own.pk, own.name)
    return list(offered.items())


def shown(template, **context):
    """Return a small template of the admin as safe HTML."""
    return mark_safe(render_to_string(template, context).strip())  # noqa: S308 - a template escapes

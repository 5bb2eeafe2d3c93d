"""The tabs of the queue: which comments each holds, in which order, and how many.

Drafts are nobody else's: a moderator sees comments only where she may read the post.
"""

from datetime import timedelta

from django.db import models
from django.db.models import Max, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models import Post
from comments import undoing
from comments.care import duty
from comments.care.cases import CareCase
from comments.decided import WATCHED
from comments.log import DECISIONS
from comments.models import Comment, ModerationAction
from comments.reports import Report
from comments.status import WAITS

# How far back "recently" goes.
RECENTLY = timedelta(days=7)


class Tab(models.TextChoices):
    """In the order in which they are read."""

    CARE = "care", _("Care")
    REPORTED = "reported", _("Reported")
    WAITING = "waiting", _("Waiting")
    DECIDED = "decided", _("Recently decided")
    ALL = "all", _("All")

    @property
    def address(self):
        """Where its first page is."""
        return reverse(f"queue:tab_{self.value}")


# The fields by which each is ordered and paged; a minus is newest first. Each ends in a unique one.
ORDER = {
    Tab.CARE: ("care_since", "pk"),
    Tab.REPORTED: ("reported_at", "pk"),
    Tab.WAITING: ("lane", "created_at", "pk"),
    Tab.DECIDED: ("-created_at", "-pk"),
    Tab.ALL: ("-created_at", "-pk"),
}


def seen_by(viewer):
    """Return the comments of posts that this person may read."""
    return Comment.objects.filter(post__in=Post.objects.visible_to(viewer))


def comments(tab, viewer):
    """Return the comments of a tab in its order; not for DECIDED, see :func:`decisions`."""
    rows = seen_by(viewer)
    if tab == Tab.CARE:
        rows = _with_open(rows, CareCase.objects.open(), "opened_at", "care_since")
    elif tab == Tab.REPORTED:
        # Of what its writer took back nothing is left to decide.
        rows = rows.exclude(lane=Comment.Lane.CARE).exclude(status=Comment.Status.WITHDRAWN)
        rows = _with_open(rows, Report.objects.open(), "created_at", "reported_at")
    elif tab == Tab.WAITING:
        rows = rows.filter(WAITS)
    return rows.order_by(*ORDER[tab])


def _with_open(rows, found, field, name):
    """Return those rows that have one of ``found``, with the earliest ``field`` as ``name``."""
    own = found.filter(comment=OuterRef("pk")).order_by().values("comment")
    earliest = Subquery(own.annotate(earliest=Min(field)).values("earliest"))
    return rows.filter(pk__in=found.order_by().values("comment")).annotate(**{name: earliest})


def decisions(viewer):
    """Return what people decided lately and nobody took back, newest first, each with its comment.

    That is what can be taken back at all: decisions about words, trust and bans (those also when
    no comment of the writer is known any more), locks and content notes. ``may_be_undone``: nobody
    decided since.
    """
    acts = [*DECISIONS, *undoing.WAYS]
    found = ModerationAction.objects.filter(act__in=acts, who__isnull=False, undone_by=None)
    since = timezone.now() - RECENTLY
    return (
        found.filter(acts_for(viewer), created_at__gte=since)
        .select_related("who", "comment__user", "comment__post", "comment__content_note")
        .annotate(newest_change=newest_change("comment"))
        .annotate(may_be_undone=undoing.is_offered())
        .order_by(*ORDER[Tab.DECIDED])
    )


def acts_for(viewer):
    """Return a condition for rows of the log: acts that this person may see, and take back."""
    of_nobody = Q(comment=None, act__in=undoing.STANDINGS)
    return Q(comment__post__in=Post.objects.visible_to(viewer)) | of_nobody


def newest_change(comment="pk"):
    """Return an expression: the key of the last row of the log after which a page that shows the
    comment is out of date, or None.
    """
    rows = ModerationAction.objects.filter(WATCHED, comment=OuterRef(comment)).order_by()
    return Subquery(rows.values("comment").annotate(newest=Max("pk")).values("newest"))


def counts(viewer):
    """Return ``{tab: how many}``."""
    rows = {tab: decisions(viewer) if tab == Tab.DECIDED else comments(tab, viewer) for tab in Tab}
    return {tab: found.order_by().count() for tab, found in rows.items()}


def first(viewer):
    """Return the tab that somebody should look at first."""
    if comments(Tab.CARE, viewer).filter(care_cases__in=_calling(viewer)).exists():
        return Tab.CARE
    return Tab.REPORTED if comments(Tab.REPORTED, viewer).exists() else Tab.WAITING


def _calling(viewer):
    """Open cases that ask for this person: what was handed over is its new keeper's.

    Until the second contact had to be told, or she moderates no more: then it is everybody's again.
    """
    others = duty.moderators().exclude(pk=viewer.pk)
    return CareCase.objects.open().exclude(handed_to__in=others, second_told_at=None)


def holds(tab, key, viewer):
    """Return whether the comment of this key stands in a tab now; what is decided stays in ALL."""
    return tab != Tab.DECIDED and comments(tab, viewer).filter(pk=key).exists()

"""The tabs of the queue: which comments each holds, in which order, and how many.

A moderator sees only comments on posts that they may read: not on other people's drafts.
"""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, Max, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models import Post
from comments.audit_log.history import WATCHED
from comments.care import rota
from comments.models import CareCase, Comment, ModerationAction, Report
from comments.models.audit_log import DECISIONS
from comments.moderation import undo
from comments.tree.status import WAITS, IsNoSuspect

# A tab says of more than so many that there are more: counting goes through every one of them.
MOST_COUNTED = 1_000
# How far back "recently" goes.
RECENTLY = timedelta(days=7)


class Tab(models.TextChoices):
    """The tabs, in the order in which they are worked through."""

    CARE = "care", _("Care")
    REPORTED = "reported", _("Reported")
    WAITING = "waiting", _("Waiting")
    SPAM = "spam", _("Probable spam")
    DECIDED = "decided", undo.RECENTLY_DECIDED
    ALL = "all", _("All")

    @property
    def address(self):
        """The address of its first page."""
        return reverse(f"queue:tab_{self.value}")

    @property
    def help_text(self):
        """What is in it, where its name does not say so; else empty."""
        return HELP.get(self, "")

    @property
    def empty_text(self):
        """What it says while there is nothing in it."""
        return EMPTY[self]


HELP = {
    Tab.CARE: _("Comments that may need a person soon."),
    Tab.SPAM: _(
        "Automatic checks take these for spam. None of them is public, none is in the number of "
        "waiting comments, and no one gets an email about them."
    ),
}
EMPTY = {
    Tab.CARE: _("No comments in Care. Thank you for checking."),
    Tab.REPORTED: _("No open reports. Thank you for checking."),
    Tab.WAITING: _("Nothing is waiting. Thank you for checking."),
    Tab.SPAM: _("No probable spam. Thank you for checking."),
    Tab.DECIDED: _("No decisions in the last 7 days."),
    Tab.ALL: _("No comments match."),
}
# The fields that order each tab, for pagination: a minus is newest first, the last is unique.
ORDER = {
    Tab.CARE: ("care_since", "pk"),
    Tab.REPORTED: ("reported_at", "pk"),
    Tab.WAITING: ("queue_priority", "created_at", "pk"),
    Tab.SPAM: ("queue_priority", "created_at", "pk"),
    Tab.DECIDED: ("-created_at", "-pk"),
    Tab.ALL: ("-created_at", "-pk"),
}


def seen_by(viewer):
    """Return the comments on posts that this person may read."""
    if viewer.is_superuser:
        return Comment.objects.all()
    # For each comment, and not a list of posts, as in CommentQuerySet.public().
    return Comment.objects.filter(
        Exists(Post.objects.visible_to(viewer).filter(pk=OuterRef("post")))
    )


def comments(tab, viewer):
    """Return the comments of a tab, in its order. For DECIDED see :func:`decisions`."""
    rows = seen_by(viewer)
    if tab == Tab.CARE:
        rows = _with_open(rows, CareCase.objects.open(), "opened_at", "care_since")
    elif tab == Tab.REPORTED:
        # There is nothing left to decide about a withdrawn comment.
        rows = rows.exclude(queue_priority=Comment.QueuePriority.CARE).exclude(
            status=Comment.Status.WITHDRAWN
        )
        rows = _with_open(rows, Report.objects.open(), "created_at", "reported_at")
    elif tab == Tab.WAITING:
        rows = rows.filter(WAITS, IsNoSuspect("queue_priority"))
    elif tab == Tab.SPAM:
        rows = rows.filter(WAITS, queue_priority=Comment.QueuePriority.SUSPECT)
    return rows.order_by(*ORDER[tab])


def _with_open(rows, related, field, name):
    """Return the rows that have a ``related`` one, its earliest ``field`` annotated as ``name``."""
    own = related.filter(comment=OuterRef("pk")).order_by().values("comment")
    earliest = Subquery(own.annotate(earliest=Min(field)).values("earliest"))
    return rows.filter(pk__in=related.order_by().values("comment")).annotate(**{name: earliest})


def decisions(viewer):
    """Return people's recent acts that were not undone, newest first, with their comments.

    Only acts of a kind that can be undone: decisions, trust and bans (also after the comment is
    gone), locks and content notes. ``may_be_undone``: nobody has decided since.
    """
    acts = [*DECISIONS, *undo.UNDO_HANDLERS]
    # By a subquery: with a join PostgreSQL would sort all that was decided lately, to show a page.
    undone = ModerationAction.objects.filter(undoes=OuterRef("pk"))
    actions = ModerationAction.objects.filter(~Exists(undone), act__in=acts, who__isnull=False)
    since = timezone.now() - RECENTLY
    return (
        actions.filter(acts_for(viewer), created_at__gte=since)
        .select_related("who", "comment__user", "comment__post", "comment__content_note")
        .annotate(newest_change=newest_change("comment"))
        .annotate(may_be_undone=undo.is_offered())
        .order_by(*ORDER[Tab.DECIDED])
    )


def acts_for(viewer):
    """Return a condition for rows of the log: acts that this person may see and undo."""
    of_nobody = Q(comment=None, act__in=undo.REPUTATIONS)
    if viewer.is_superuser:
        return Q(comment__isnull=False) | of_nobody
    # With a second condition of the key, and no join: PostgreSQL else goes through all comments.
    key = OuterRef("comment")
    return Q(Exists(seen_by(viewer).order_by().filter(pk=key, pk__gte=key))) | of_nobody


def newest_change(comment="pk"):
    """Return an expression: the key of the newest act on the comment's text or status, or None."""
    rows = ModerationAction.objects.filter(WATCHED, comment=OuterRef(comment)).order_by()
    return Subquery(rows.values("comment").annotate(newest=Max("pk")).values("newest"))


def counts(viewer):
    """Return ``{tab: how many}``; beyond MOST_COUNTED not how many more."""
    rows = {tab: decisions(viewer) if tab == Tab.DECIDED else comments(tab, viewer) for tab in Tab}
    return {
        tab: listed.order_by().values("pk")[: MOST_COUNTED + 1].count()
        for tab, listed in rows.items()
    }


def count_in_words(count):
    """Return a count as a tab shows it."""
    return f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else str(count)


def first(viewer):
    """Return the tab that this person should look at first."""
    if comments(Tab.CARE, viewer).filter(care_cases__in=_calling(viewer)).exists():
        return Tab.CARE
    return Tab.REPORTED if comments(Tab.REPORTED, viewer).exists() else Tab.WAITING


def _calling(viewer):
    """Return the open cases that need this person: all but those handed to another moderator.

    Those too, once the second contact was alerted or the other one no longer moderates.
    """
    others = rota.moderators().exclude(pk=viewer.pk)
    return CareCase.objects.open().exclude(handed_to__in=others, second_alerted_at=None)


def holds(tab, key, viewer):
    """Return whether the comment with this key is in a tab now; never in DECIDED."""
    return tab != Tab.DECIDED and comments(tab, viewer).filter(pk=key).exists()

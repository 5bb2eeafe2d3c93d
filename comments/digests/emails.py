"""The moderators' digest: how many comments are pending, since when, and why in general terms.

It contains no text, name or title. Each item is a link (:mod:`comments.digests.email_actions`) to a
page where the moderator can read the comment and decide.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Max, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from accounts.mail import links
from accounts.mail.compose import EmailContent, Postpone, named
from blog.models import Post
from comments import timestamps
from comments.audit_log import history
from comments.digests import preferences, schedule
from comments.models import Comment, ConversationSettings, ModerationAction, Report
from comments.models.hold_reasons import HoldReason

QueuePriority, Status = Comment.QueuePriority, Comment.Status
# Longer mails end with the number of further comments.
MOST_LISTED = 20
WAITS_FIRST = gettext_lazy("not reviewed yet")
REPORTED = gettext_lazy("reported by readers")
CHANGED = gettext_lazy("edited by the writer")


@dataclass(frozen=True)
class WaitingComment:
    """A pending or reported comment, as the mail lists it."""

    key: int
    since: Any
    why: str
    link: str = ""

    @property
    def ago(self):
        return timestamps.age(self.since)


# What waits and is no probable spam: nobody gets an email for each of a wave.
HELD = Q(status=Status.PENDING) & ~Q(queue_priority=QueuePriority.SUSPECT)


def waiting():
    """Return the comments that await a decision, except those in care and probable spam."""
    reported = Report.objects.open().values("comment")
    return Comment.objects.filter(HELD | Q(status=Status.APPROVED, pk__in=reported)).exclude(
        queue_priority=QueuePriority.CARE
    )


def waits_since(moment):
    """Return whether a comment on a public post has been waiting since before a moment."""
    reported = Report.objects.open().filter(created_at__lt=moment).values("comment")
    later = _held().filter(created_at__gte=moment, comment__isnull=False).values("comment")
    long = HELD & Q(created_at__lt=moment) & ~Q(pk__in=later)
    return _public().filter(long | Q(status=Status.APPROVED, pk__in=reported)).exists()


def _held():
    """Return the log rows that made a comment pending."""
    return ModerationAction.objects.filter(to_status=Status.PENDING).exclude(
        from_status=Status.PENDING
    )


def came_between(start, end):
    """Return whether a waiting comment began to wait between two moments."""
    span = {"created_at__gte": start, "created_at__lt": end}
    reports = Report.objects.open().filter(**span)
    held = _held().filter(**span)
    new = Q(pk__in=held.values("comment")) | Q(pk__in=reports.values("comment")) | Q(**span)
    return _public().filter(new).exists()


def _public():
    return waiting().filter(post__in=Post.objects.public())


@named(gettext_lazy("comments waiting for review"))
def to_decide(moderator):
    """Render the digest of a moderator (key of the account). One of ``settings.EMAILS``.

    None if they no longer moderate, have stopped these mails, or nothing is waiting.
    """
    user = preferences.moderator(moderator)
    if user is None or preferences.has_stopped(user):
        return None
    now = timezone.now()
    if quiet := schedule.quiet_until(ConversationSettings.get(), now):
        raise Postpone(quiet - now)
    visible = Comment.objects.filter(post__in=Post.objects.visible_to(user))
    rows = (
        waiting().filter(pk__in=visible.values("pk")).order_by("queue_priority", "created_at", "pk")
    )
    items = _items(user, list(rows[:MOST_LISTED]))
    if not items:
        return None
    count = rows.count()
    context = {
        "summary": _summary(count, items),
        "items": items,
        "more": count - len(items),
        "urgent": visible.filter(
            queue_priority=QueuePriority.CARE, care_cases__closed_at=None
        ).exists(),
        "queue": settings.SITE_URL + reverse("admin:index"),
        "count": count,
    }
    stop = links.make_link("stop-to-decide", moderator=user.pk)
    return EmailContent(context, unsubscribe=stop, is_mandatory=True, discreet=True)


def _summary(count, items):
    oldest = min(items, key=lambda item: item.since)
    words = {"count": count, "time": oldest.ago}
    return (
        ngettext(
            "One comment has been waiting for a decision for %(time)s.",
            "%(count)d comments are waiting for a decision, the oldest for %(time)s.",
            count,
        )
        % words
    )


def _items(user, comments):
    keys = [comment.pk for comment in comments]
    since, versions = _since(comments), history.newest_actions(keys)
    reported = set(Report.objects.open().filter(comment__in=keys).values_list("comment", flat=True))
    return [
        WaitingComment(
            key,
            since[key],
            str(_why(comment, key in reported)),
            links.make_link("decide", moderator=user.pk, comment=key, seen=versions[key]),
        )
        for key, comment in zip(keys, comments, strict=True)
    ]


def _since(comments):
    """Return ``{key: since when it waits}``: when it was first reported, last held, or written."""
    keys = [comment.pk for comment in comments]
    since = {comment.pk: comment.created_at for comment in comments}
    reports = Report.objects.open().filter(comment__in=keys, comment__status=Status.APPROVED)
    since |= dict(reports.order_by().values_list("comment").annotate(Min("created_at")))
    held = _held().filter(comment__in=keys).order_by()
    return since | dict(held.values_list("comment").annotate(Max("created_at")))


def _why(comment, is_reported):
    """Return the reason in words that give nothing away to a bystander."""
    if is_reported:
        return REPORTED
    return CHANGED if comment.held_because == HoldReason.EDITED else WAITS_FIRST


class StopModeratorDigest(links.UnsubscribeAction):
    """Stop a moderator's digests. One of ``settings.LINK_ACTIONS``."""

    name = "stop-to-decide"

    def works(self, link):
        return preferences.moderator(link.arguments["moderator"]) is not None

    def act(self, link):
        preferences.stop_digests(preferences.moderator(link.arguments["moderator"]))

"""The retention rules of the comments app. One of ``settings.RETENTION_RULES``.

Comments with an open care case are kept until a moderator has closed it: see comments.care.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.privacy import registry
from accounts.retention import RetentionRule, clear_fields
from comments.guests import receipt_tokens
from comments.models import (
    CareCase,
    Comment,
    DigestEntry,
    ModerationAction,
    Report,
    ReviewLock,
    checks,
)
from comments.models.moderation import REVIEW_LOCK_LASTS
from comments.spam import form_checks, rate_checks
from comments.subscriptions import fan_out
from comments.tree.status import Status
from comments.tree.transactions import in_transaction

# Long enough to ask a moderator why, and to undo a mistake; then nobody needs the text.
KEEP_WORDS = timedelta(days=30)
# A batch of rows that each lock their thread.
ONE_BY_ONE = 50


def retention_rules() -> Iterator[RetentionRule]:
    """Yield the rules, those for data around a comment before those for the comments."""
    now = timezone.now()
    yield RetentionRule(
        _("network hashes of guests’ reports"),
        Report.objects.with_old_networks(),
        clear_fields(network=""),
    )
    yield RetentionRule(
        _("digests that were sent"),
        DigestEntry.objects.filter(posted_at__lt=now - fan_out.KEEP_TOLD),
    )
    yield RetentionRule(
        _("records of who is reading what in the queue"),
        ReviewLock.objects.filter(claimed_at__lte=now - REVIEW_LOCK_LASTS),
    )
    written = Comment.objects.order_by()
    yield RetentionRule(
        _("tokens of submitted forms"),
        written.filter(created_at__lte=now - form_checks.MOST, submission__isnull=False),
        clear_fields(submission=None),
    )
    yield RetentionRule(
        _("fingerprints of repeated text"),
        written.filter(_last_written(now - rate_checks.REMEMBERED), same_words__isnull=False),
        clear_fields(same_words=None),
    )
    yield RetentionRule(
        _("expired private links"),
        written.filter(receipt__isnull=False, receipt_made_at__lte=now - receipt_tokens.LIFE),
        receipt_tokens.forget,
    )
    before = now - KEEP_WORDS
    removed, spam = _put_aside(Status.REMOVED, before), _put_aside(Status.SPAM, before)
    answered = _is_answered(before)
    gone = registry.emptied("comments.Comment", registry.Event.OUTDATED)
    emptied = (
        (_("text of removed comments"), removed),
        (_("text of spam that has replies"), spam.filter(answered)),
    )
    for name, rows in emptied:
        yield RetentionRule(name, rows.exclude(**gone), _empty, ONE_BY_ONE)
    yield RetentionRule(_("spam"), spam.filter(~answered), _delete, ONE_BY_ONE)


def _last_written(moment):
    return Q(created_at__lte=moment) & (Q(edited_at=None) | Q(edited_at__lte=moment))


# -- comments ----------------------------------------------------------------------------


def _put_aside(status, moment):
    """Return comments without an open care case that got this status before a moment.

    For imported ones, the day on which they were written counts.
    """
    return _dated(Comment.objects).filter(~IN_CARE, status=status, put_aside__lte=moment)


def _dated(comments):
    """Add the alias ``put_aside``: when each comment got its present status."""
    acts = ModerationAction.objects.filter(comment=OuterRef("pk"), to_status=OuterRef("status"))
    came = acts.exclude(from_status=F("to_status")).order_by().values("comment")
    since = Coalesce(Subquery(came.annotate(last=Max("created_at")).values("last")), "created_at")
    return comments.order_by().alias(put_aside=since)


IN_CARE = Exists(CareCase.objects.open().filter(comment=OuterRef("pk")))


def _is_answered(moment):
    """Return an expression: whether a comment has replies that are not old spam.

    Below it, or from elsewhere in the thread to it or anything below it.
    """
    stays = ~Q(status=Status.SPAM) | Q(put_aside__gt=moment) | Q(IN_CARE)
    others = _dated(Comment.objects).filter(stays)
    branch = {"tree_id": OuterRef("tree_id"), "rght__lte": OuterRef("rght")}
    below = others.filter(**branch, lft__gt=OuterRef("lft"))
    elsewhere = Exists(others.filter(reply_to=OuterRef("pk")))
    branch["lft__gte"] = OuterRef("lft")
    return Exists(below) | Exists(Comment.objects.order_by().filter(elsewhere, **branch))


def _empty(rows):
    """Clear the text of these comments, their check results and report texts; keep the rows."""
    return sum(in_transaction(lambda key=key: _empty_one(rows, key)) for key in _keys(rows))


def _empty_one(rows, key):
    if not _locked(rows, key):
        return 0
    gone = registry.emptied("comments.Comment", registry.Event.OUTDATED)
    Comment.objects.filter(pk=key).update(**gone)
    checks.replace_results(key, ())
    Report.objects.filter(comment=key).exclude(text="").update(text="")
    return 1


def _delete(rows):
    return sum(in_transaction(lambda key=key: _delete_one(rows, key)) for key in _keys(rows))


def _delete_one(rows, key):
    return Comment.objects.purge(Comment.objects.get(pk=key)) if _locked(rows, key) else 0


def _keys(rows):
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _locked(rows, key):
    """Lock the thread of a comment; return whether it is still one of these rows."""
    try:
        Comment.objects.lock_threads(key)
    except Comment.DoesNotExist:
        return False
    return rows.filter(pk=key).exists()

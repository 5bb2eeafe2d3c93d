"""How long the conversation keeps what nobody needs any more. One of ``settings.PURGES``.

Comments in the care lane are passed by until a person has closed the case: see comments.care.
"""

from datetime import timedelta

from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import inventory
from accounts.purging import Old, blank
from comments import findings, notify, receipts
from comments.care.cases import CareCase
from comments.checks import form, sending
from comments.followers import Notice
from comments.log import ModerationAction
from comments.models import Comment
from comments.reasons import CLAIM_LASTS, Claim
from comments.reports import Report
from comments.status import Status
from comments.transactions import in_transaction

# Long enough to ask a moderator why, and to take a mistake back; then nobody needs the words.
KEEP_WORDS = timedelta(days=30)
# Each takes the lock of its thread.
ONE_BY_ONE = 50


def old():
    """Yield each kind; what goes with a comment comes before the comments."""
    now = timezone.now()
    yield Old(
        _("networks of guests who reported"),
        Report.objects.with_old_networks(),
        blank(network=""),
    )
    yield Old(
        _("digests that were posted"), Notice.objects.filter(posted_at__lt=now - notify.KEEP_TOLD)
    )
    yield Old(
        _("words about who reads what in the queue"),
        Claim.objects.filter(claimed_at__lte=now - CLAIM_LASTS),
    )
    written = Comment.objects.order_by()
    yield Old(
        _("marks of forms that were sent"),
        written.filter(created_at__lte=now - form.MOST, submission__isnull=False),
        blank(submission=None),
    )
    yield Old(
        _("marks of the same words"),
        written.filter(_last_written(now - sending.REMEMBERED), same_words__isnull=False),
        blank(same_words=None),
    )
    yield Old(
        _("private links that ended"),
        written.filter(receipt__isnull=False, receipt_made_at__lte=now - receipts.LIFE),
        receipts.forget,
    )
    before = now - KEEP_WORDS
    removed, spam = _put_aside(Status.REMOVED, before), _put_aside(Status.SPAM, before)
    answered = _is_answered(before)
    emptied = (
        (_("words of removed comments"), removed),
        (_("words of spam that has answers"), spam.filter(answered)),
    )
    for name, rows in emptied:
        yield Old(name, rows.exclude(body=""), _empty, ONE_BY_ONE)
    yield Old(_("spam"), spam.filter(~answered), _delete, ONE_BY_ONE)


def _last_written(moment):
    return Q(created_at__lte=moment) & (Q(edited_at=None) | Q(edited_at__lte=moment))


# -- comments ----------------------------------------------------------------------------


def _put_aside(status, moment):
    """Comments that a person put into this status before a moment, or another system did, by the
    day on which they were written, and that nobody in the care lane has still to look at.
    """
    return _dated(Comment.objects).filter(~IN_CARE, status=status, put_aside__lte=moment)


def _dated(comments):
    """Return comments with ``put_aside``: when each came into the status that it has."""
    acts = ModerationAction.objects.filter(comment=OuterRef("pk"), to_status=OuterRef("status"))
    came = acts.exclude(from_status=F("to_status")).order_by().values("comment")
    since = Coalesce(Subquery(came.annotate(last=Max("created_at")).values("last")), "created_at")
    return comments.order_by().alias(put_aside=since)


IN_CARE = Exists(CareCase.objects.open().filter(comment=OuterRef("pk")))


def _is_answered(moment):
    """Return an expression: whether something that is not spam from before this moment stands below
    a comment, or answers it, or what is below it, from elsewhere.
    """
    stays = ~Q(status=Status.SPAM) | Q(put_aside__gt=moment) | Q(IN_CARE)
    others = _dated(Comment.objects).filter(stays)
    branch = {"tree_id": OuterRef("tree_id"), "rght__lte": OuterRef("rght")}
    below = others.filter(**branch, lft__gt=OuterRef("lft"))
    elsewhere = Exists(others.filter(reply_to=OuterRef("pk")))
    branch["lft__gte"] = OuterRef("lft")
    return Exists(below) | Exists(Comment.objects.order_by().filter(elsewhere, **branch))


def _empty(rows):
    """Delete the words of these comments and what tells of them; their places stay."""
    return sum(in_transaction(lambda key=key: _empty_one(rows, key)) for key in _keys(rows))


def _empty_one(rows, key):
    if not _locked(rows, key):
        return 0
    gone = inventory.emptied("comments.Comment", inventory.Event.OUTDATED)
    Comment.objects.filter(pk=key).update(**gone)
    findings.write(key, ())
    Report.objects.filter(comment=key).exclude(text="").update(text="")
    return 1


def _delete(rows):
    return sum(in_transaction(lambda key=key: _delete_one(rows, key)) for key in _keys(rows))


def _delete_one(rows, key):
    return Comment.objects.purge(Comment.objects.get(pk=key)) if _locked(rows, key) else 0


def _keys(rows):
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _locked(rows, key):
    """Lock the thread of a comment; return whether it is still one of these."""
    try:
        Comment.objects.lock_threads(key)
    except Comment.DoesNotExist:
        return False
    return rows.filter(pk=key).exists()

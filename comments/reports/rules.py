"""Reporting a comment: what a report does, and how moderators see it.

A single report hides nothing. As many as the owner's setting says hold the comment until a
moderator looks; after that it is held again only if its text changes. Worry about the writer is no
complaint: it opens a care case and does not count. See docs/moderation.md.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.refusal import Refused
from comments import policy, publication
from comments.care import cases
from comments.models import (
    CheckResult,
    Comment,
    ConversationSettings,
    ModerationAction,
    Report,
    audit_log,
)
from comments.models.hold_reasons import HoldReason
from comments.models.reports import LONGEST_TEXT, Reason
from comments.tree.transactions import in_transaction

Act, Status = ModerationAction.Act, Comment.Status
# The check name of the CheckResult of reports.
CHECK = "reports"
# However much one report counts, it never hides a comment alone.
FEWEST_TO_HOLD = 2
OWN = _(
    "This is your own comment. You can delete it on its status page, or edit it while there’s "
    "still time."
)
WORRY = _("A reader is worried about this person")
# What moderators read; readers choose sentences of their own (``Reason``).
TO_MODERATORS = {
    Reason.WORRIED: _("worried about the writer"),
    Reason.UNKIND: _("unkind"),
    Reason.PRIVATE: _("private information"),
    Reason.HARMFUL: _("harmful"),
    Reason.SPAM: _("spam"),
    Reason.OTHER: _("another reason"),
}


class ReportOutcome(Enum):
    """What became of a report."""

    NEW = "new"
    ALREADY = "already"  # the reader reported it before, and nobody has looked yet
    LOOKED_AT = "looked-at"  # the reader reported it before, and a moderator kept it


@dataclass(frozen=True)
class Reporter:
    """Whoever reports: an account, or a guest by the keyed hash of their network."""

    viewer: policy.Viewer
    network: str = ""

    def owned_filter(self, key: int) -> dict[str, Any]:
        """Return the fields that identify this reader's report of the comment with this key.

        The hash differs for each comment, so that a guest's reports cannot be linked.
        """
        if self.viewer.user.is_authenticated:
            return {"user_id": self.viewer.user.pk, "network": ""}
        digest = salted_hmac("comments.reports.rules", f"{key}:{self.network}", algorithm="sha256")
        return {"user_id": None, "network": digest.hexdigest()}


def may_report(comment: Comment, reporter: Reporter) -> bool:
    """Return whether this reader may report a visible comment: any but their own."""
    return not reporter.viewer.wrote(comment.pk, comment.user_id)


def report(comment_key: int, reporter: Reporter, reason: str, text: str = "") -> ReportOutcome:
    """Store a reader's report, act on it and return a ``ReportOutcome``.

    Raises DoesNotExist if no such comment is shown, Refused for their own, and ValueError for a
    reason that is not a ``Reason``.
    """
    reason, text = Reason(reason), text.strip()[:LONGEST_TEXT]
    return in_transaction(lambda: _report(comment_key, reporter, reason, text))


def _report(key, reporter, reason, text):
    tree = Comment.objects.lock_threads(key)[key]
    settings = ConversationSettings.get()
    comment = Comment.objects.select_related("post", "user").get(pk=key)
    if not policy.is_shown(comment, policy.mode_of(comment.post, settings)):
        raise Comment.DoesNotExist("This comment is not shown.")
    if not may_report(comment, reporter):
        raise Refused(OWN)
    outcome = _stored(comment, reporter, reason, text)
    if outcome is ReportOutcome.NEW and reason is Reason.WORRIED:
        cases.open_case(comment, str(WORRY))
    elif outcome is ReportOutcome.NEW:
        _hold_if_enough(comment, tree, settings)
    return outcome


def _stored(comment, reporter, reason, text):
    """Store one report for each reader: again only if the text changed or the reason is graver."""
    own = reporter.owned_filter(comment.pk)
    before = Report.objects.filter(comment=comment.pk, **own).first()
    if before is None:
        Report.objects.create(comment=comment, reason=reason, text=text, **own)
        return ReportOutcome.NEW
    is_graver = reason is Reason.WORRIED and before.reason != Reason.WORRIED
    if not is_graver and not _changed_since(comment, before.settled_at):
        return ReportOutcome.LOOKED_AT if before.settled_at else ReportOutcome.ALREADY
    if before.settled_at is None:  # nobody has read the first text yet
        text = f"{before.text}\n{text}".strip()[:LONGEST_TEXT]
    Report.objects.filter(pk=before.pk).update(
        reason=reason, text=text, created_at=timezone.now(), settled_at=None
    )
    return ReportOutcome.NEW


def _changed_since(comment, moment):
    return bool(moment and comment.edited_at and comment.edited_at > moment)


# -- holding a comment -------------------------------------------------------------------


def _hold_if_enough(comment, tree, settings):
    counted = Report.objects.open().filter(comment=comment.pk).exclude(reason=Reason.WORRIED)
    accounts = list(counted.values_list("user_id", flat=True))
    weight = sum(settings.account_reports_count if user else 1 for user in accounts)
    needed = settings.reports_to_hold
    if needed is None or weight < needed or len(accounts) < FEWEST_TO_HOLD:
        return
    if (
        comment.queue_priority == Comment.QueuePriority.CARE
        or _is_of_the_house(comment)
        or _was_kept(comment)
    ):
        return
    publication.change_status(
        comment,
        Status.PENDING,
        tree,
        held_because=HoldReason.REPORTED,
        queue_priority=Comment.QueuePriority.USUAL,
    )
    count = len(accounts)
    reason = ngettext("%d reader reported it", "%d readers reported it", count) % count
    verdict = CheckResult.Verdict.HOLD
    CheckResult.objects.create(comment=comment, check_name=CHECK, verdict=verdict, reason=reason)
    audit_log.add_action(comment, Act.HOLD, after=Status.PENDING, verdict=HoldReason.REPORTED)


def _is_of_the_house(comment):
    """Return whether the post's author or a moderator wrote it: reports do not hide those."""
    user = comment.user
    if user is None:
        return False
    return user.pk == comment.post.author_id or user.has_perm("comments.moderate_comment")


def _was_kept(comment):
    """Return whether a moderator has looked at the current text, for a report or otherwise."""
    since = Q(created_at__gt=comment.edited_at) if comment.edited_at else Q()
    settled = Q(settled_at__gt=comment.edited_at) if comment.edited_at else Q()
    kept = comment.actions.filter(since, act=Act.KEEP, who__isnull=False, undone_by=None)
    # Worries are settled by closing the care case: that is about the writer, not the text.
    looked = comment.reports.filter(settled, settled_at__isnull=False)
    looked = looked.exclude(reason=Reason.WORRIED)
    return kept.exists() or looked.exists()


# -- what moderators read ----------------------------------------------------------------


@dataclass
class ReportSummary:
    """The open reports of one comment, without who reported it."""

    count: int = 0
    since: Any = None  # time of the first
    reasons: Counter = field(default_factory=Counter)  # {Reason: count}
    texts: list[str] = field(default_factory=list)

    @property
    def line(self):
        """One line such as "reported by 2 readers: unkind (2)"."""
        line = ngettext(
            "reported by a reader: %(reasons)s",
            "reported by %(count)d readers: %(reasons)s",
            self.count,
        )
        reasons = [
            str(TO_MODERATORS[reason]) if number == 1 else f"{TO_MODERATORS[reason]} ({number})"
            for reason, number in self.reasons.most_common()
        ]
        return line % {"count": self.count, "reasons": ", ".join(reasons)}


def report_summaries(comments: Iterable[Comment | int]) -> dict[int, ReportSummary]:
    """Return ``{key: ReportSummary}`` of the comments (or keys) with open reports, in one query."""
    keys = [getattr(item, "pk", item) for item in comments]
    summaries = {}
    for row in Report.objects.open().filter(comment__in=keys).order_by("created_at", "pk"):
        summary = summaries.setdefault(row.comment_id, ReportSummary(since=row.created_at))
        summary.count += 1
        summary.reasons[Reason(row.reason)] += 1
        if row.text:
            summary.texts.append(row.text)
    return summaries

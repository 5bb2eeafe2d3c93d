"""Why a comment is in the queue, in words: "first comment", "2 links", "reported by 2 readers".

The reasons come from the comment itself, its check results, open reports and the care case.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from comments.models import CheckResult, hold_reasons
from comments.models.checks import Verdict
from comments.models.hold_reasons import HoldReason
from comments.reports import rules
from comments.tree.status import Status

CARE, REPORT, SUSPECT, USUAL = "care", "report", "suspect", "usual"

# Explained by the check results, the care case or the reports, while there are any.
SAID_BY_OTHERS = {HoldReason.CHECKS, HoldReason.CARE, HoldReason.REPORTED}


@dataclass(frozen=True)
class QueueReason:
    """One reason in words; ``kind`` is its weight, ``quotes`` are what readers wrote with it."""

    text: str
    kind: str = USUAL
    quotes: tuple = ()


def reasons_for(comments, records, cases):
    """Return ``{comment key: [QueueReason]}``, the weightiest first, in two queries.

    ``records`` are the :func:`~comments.moderation.track_record.track_records` of these comments,
    ``cases`` their open care cases by comment key.
    """
    keys = [comment.pk for comment in comments]
    results = _by_comment(CheckResult.objects.filter(comment__in=keys))
    reports = rules.report_summaries(keys)
    reasons = {
        comment.pk: [
            *_of_care(cases.get(comment.pk)),
            *_of_reports(reports.get(comment.pk)),
            *_of_checks(comment, results.get(comment.pk, [])),
        ]
        for comment in comments
    }
    for comment in comments:
        reasons[comment.pk] += _of_policy(comment, records[comment.pk], reasons[comment.pk])
    return reasons


def _by_comment(rows):
    grouped = {}
    for row in rows:
        grouped.setdefault(row.comment_id, []).append(row)
    return grouped


def _of_care(case):
    if case is None:
        return []
    reasons = [QueueReason(case.why or _("the writer may need someone"), CARE)]
    if case.handed_to:
        reasons.append(
            QueueReason(_("handed over to %(name)s") % {"name": case.handed_to.name}, CARE)
        )
    return reasons


def _of_reports(summary):
    return [QueueReason(summary.line, REPORT, tuple(summary.texts))] if summary else []


def _of_checks(comment, results):
    if comment.status != Status.PENDING:
        return []
    held_by = [result for result in results if result.verdict in {Verdict.HOLD, Verdict.SPAM}]
    return [
        QueueReason(result.reason, SUSPECT if result.verdict == Verdict.SPAM else USUAL)
        for result in sorted(held_by, key=lambda result: result.verdict != Verdict.SPAM)
    ]


def _of_policy(comment, record, others):
    """Return the comment's own reason to be held, unless the ``others`` say it already."""
    waits = comment.status == Status.PENDING
    if waits and others and comment.held_because in SAID_BY_OTHERS:
        return []
    usual = held(comment.held_because, record) if waits else _edited(comment)
    return [QueueReason(usual)] if usual and usual not in {why.text for why in others} else []


def held(code, record):
    """Return in a few words why a comment is held; ``code`` is its ``held_because``."""
    if code == HoldReason.FIRST and record.approved:
        return _("not known here yet: email not verified")
    return hold_reasons.to_moderators(code)


def _edited(comment):
    later = comment.status == Status.APPROVED and comment.edited_in_public
    return str(HoldReason.EDITED.to_moderators) if later else ""

"""Why a comment is in the queue, in words: "first comment", "2 links", "reported by 2 readers".

The reasons come from where they are kept: the comment itself, what the checks found, open reports,
and the care lane.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from comments.models import CheckResult, moderation
from comments.models.checks import Verdict
from comments.models.moderation import HoldReason
from comments.reports import rules
from comments.tree.status import Status

CARE, REPORT, SUSPECT, USUAL = "care", "report", "suspect", "usual"

# What these stand for is told by findings, the care case or the reports, while there are any.
SAID_BY_OTHERS = {HoldReason.CHECKS, HoldReason.CARE, HoldReason.REPORTED}


@dataclass(frozen=True)
class QueueReason:
    """One reason in words; ``kind`` says how much it weighs, ``said`` what readers wrote to it."""

    text: str
    kind: str = USUAL
    said: tuple = ()


def reasons_for(comments, records, cases):
    """Return ``{key: [Why]}`` for these comments, the weightiest first; two queries.

    ``records`` is what :func:`comments.moderation.track_record.track_records` returns for them, ``cases`` are their open care
    cases by key.
    """
    keys = [comment.pk for comment in comments]
    findings = _by_comment(CheckResult.objects.filter(comment__in=keys))
    reports = rules.report_summaries(keys)
    found = {
        comment.pk: [
            *_of_care(cases.get(comment.pk)),
            *_of_reports(reports.get(comment.pk)),
            *_of_checks(comment, findings.get(comment.pk, [])),
        ]
        for comment in comments
    }
    for comment in comments:
        found[comment.pk] += _of_policy(comment, records[comment.pk], found[comment.pk])
    return found


def _by_comment(rows):
    found = {}
    for row in rows:
        found.setdefault(row.comment_id, []).append(row)
    return found


def _of_care(case):
    if case is None:
        return []
    found = [QueueReason(case.why or _("somebody is to look after its writer"), CARE)]
    if case.handed_to:
        found.append(
            QueueReason(_("handed over to %(name)s") % {"name": case.handed_to.name}, CARE)
        )
    return found


def _of_reports(summary):
    return [QueueReason(summary.line, REPORT, tuple(summary.texts))] if summary else []


def _of_checks(comment, findings):
    waits = comment.status == Status.PENDING
    told = [each for each in findings if waits and each.verdict in {Verdict.HOLD, Verdict.SPAM}]
    return [
        QueueReason(each.reason, SUSPECT if each.verdict == Verdict.SPAM else USUAL)
        for each in sorted(told, key=lambda each: each.verdict != Verdict.SPAM)
    ]


def _of_policy(comment, record, found):
    """Why the comment itself says that it waits, unless that was ``found`` already."""
    waits = comment.status == Status.PENDING
    if waits and found and comment.held_because in SAID_BY_OTHERS:
        return []
    usual = held(comment.held_because, record) if waits else _edited(comment)
    return [QueueReason(usual)] if usual and usual not in {why.text for why in found} else []


def held(code, record):
    """Return in few words why a comment waits; ``code`` is its ``held_because``."""
    if code == HoldReason.FIRST and record.approved:
        return _("not known here yet: her address is not proved")
    return moderation.to_moderators(code)


def _edited(comment):
    was_public = comment.approved_at is not None and comment.status == Status.APPROVED
    later = was_public and comment.edited_at is not None and comment.edited_at > comment.approved_at
    return str(HoldReason.EDITED.to_moderators) if later else ""

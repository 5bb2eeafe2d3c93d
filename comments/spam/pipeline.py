"""Runs the spam and care checks, and decides a comment's status by the strongest verdict."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from comments.audit_log.wording import SEPARATOR
from comments.models import Reputation
from comments.models.checks import CheckOutcome, Verdict
from comments.models.hold_reasons import HoldReason
from comments.spam.submission import Submission
from comments.tree.status import QueuePriority, Status

log = logging.getLogger(__name__)

STRONGEST_FIRST = (Verdict.CARE, Verdict.SPAM, Verdict.HOLD, Verdict.PUBLISH)
PRIORITIES = {Verdict.CARE: QueuePriority.CARE, Verdict.SPAM: QueuePriority.SUSPECT}


@dataclass(frozen=True)
class ScreeningResult:
    """The check results of a submission, the kinds of its writer's reputation, and the
    fingerprint of its text.
    """

    results: tuple[CheckOutcome, ...] = ()
    reputation_kinds: frozenset[Reputation.Kind] = frozenset()
    text_fingerprint: str | None = None

    def with_results(self, results: Iterable[CheckOutcome]) -> "ScreeningResult":
        """Return a copy with these results added."""
        return replace(self, results=(*results, *self.results))

    def without(self, verdict: Verdict) -> "ScreeningResult":
        """Return a copy without the results of this verdict."""
        kept = tuple(result for result in self.results if result.verdict != verdict)
        return replace(self, results=kept)

    @property
    def verdict(self) -> Verdict | None:
        """The strongest verdict, or None."""
        given = {result.verdict for result in self.results}
        return next((verdict for verdict in STRONGEST_FIRST if verdict in given), None)


@dataclass(frozen=True)
class Decision:
    """A comment's status, why it is held, its queue priority, and the results for moderators."""

    status: Status
    held_because: str = ""
    queue_priority: QueuePriority = QueuePriority.USUAL
    results: tuple[CheckOutcome, ...] = ()

    @property
    def log_verdict(self) -> str:
        """The names of the rules and checks that held it, without any text of the comment."""
        return SEPARATOR.join([self.held_because, *(result.check for result in self.results)])[:200]


def run_checks(submission: Submission) -> ScreeningResult:
    """Run each of ``settings.COMMENT_CHECKS`` in turn.

    Call it before any lock is taken: it may wait for a network service. A check that raises or
    returns anything but an outcome holds the comment. For a trusted writer only care and failures
    count.
    """
    for path in settings.COMMENT_CHECKS:
        if answer := _answer(path, submission):
            submission.results.append(answer)
    kinds = frozenset(submission.reputation_kinds)
    return ScreeningResult(tuple(submission.results), kinds, submission.text_fingerprint)


def _answer(path, submission):
    try:
        answer = import_string(path)(submission)
        if not isinstance(answer, CheckOutcome | None):
            raise TypeError(path)
    except Exception as error:
        # Its message may quote the comment.
        log.error("The check %s failed: %s", path, type(error).__name__)
        return CheckOutcome(path, Verdict.HOLD, _("a check failed to run: %s") % path)
    if answer and submission.is_trusted and answer.verdict != Verdict.CARE:
        return None
    return answer


def decide_status(
    screening: ScreeningResult,
    status: Status,
    held_because: str,
    otherwise: HoldReason = HoldReason.CHECKS,
    care_holds: bool = True,
) -> Decision:
    """Combine the policy's ``status`` and ``held_because`` with the check results.

    ``otherwise`` is the reason if only a check holds the comment. Without ``care_holds`` a care
    verdict alone does not hold it, but still gives it the queue priority of care.
    """
    verdict = screening.verdict
    if verdict is None:
        return Decision(status, held_because)
    if verdict == Verdict.PUBLISH and held_because != HoldReason.BREAK:
        return Decision(Status.APPROVED)
    results = screening.without(Verdict.PUBLISH).results
    priority = PRIORITIES.get(verdict, QueuePriority.USUAL)
    if verdict == Verdict.CARE:
        others = screening.without(Verdict.CARE)
        decision = decide_status(others, status, held_because, otherwise)
        if decision.status == Status.APPROVED and not care_holds:
            return Decision(Status.APPROVED, "", priority, results)
        otherwise = HoldReason.CARE
    return Decision(Status.PENDING, held_because or otherwise, priority, results)

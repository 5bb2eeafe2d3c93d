"""Asking the checks, and what follows from their answers: the strongest verdict decides."""

import logging
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from comments import findings
from comments.care import lane as care
from comments.findings import Found, Verdict
from comments.policy import HELD_BREAK, HELD_CARE, HELD_CHECKS
from comments.status import Lane, Status
from comments.verdicts import BETWEEN

log = logging.getLogger(__name__)

STRONGEST_FIRST = (Verdict.CARE, Verdict.SPAM, Verdict.HOLD, Verdict.PUBLISH)
# Checks of how a form was filled in, not of the words.
OF_THE_FORM = ("hidden-field", "form-time")
LANES = {Verdict.CARE: Lane.CARE, Verdict.SPAM: Lane.SUSPECT}


@dataclass(frozen=True)
class Asked:
    """What the checks found about a submission, the kinds of its writer's standing, and by what
    the same words are known again.
    """

    found: tuple = ()
    kinds: frozenset = frozenset()
    same_words: str | None = None

    def beside(self, found):
        """Return an ``Asked`` that has this found (a list of ``Found``), too."""
        return replace(self, found=(*found, *self.found))

    def without(self, verdict):
        """Return an ``Asked`` in which no check gave this verdict."""
        return replace(self, found=tuple(each for each in self.found if each.verdict != verdict))

    @property
    def verdict(self):
        """The strongest one, or None."""
        said = {each.verdict for each in self.found}
        return next((each for each in STRONGEST_FIRST if each in said), None)


@dataclass(frozen=True)
class Judgement:
    """What becomes of a comment: its status, why it is held, its lane, what to tell moderators."""

    status: Status
    held_because: str = ""
    lane: Lane = Lane.USUAL
    found: tuple = ()

    @property
    def verdict_for_log(self):
        """Which rules and checks held it: names, no words of the comment."""
        return BETWEEN.join([self.held_because, *(each.check for each in self.found)])[:200]


def ask(submission):
    """Ask each of ``settings.COMMENT_CHECKS`` in turn and return an ``Asked``.

    Call it before any lock is taken: it reads, and may wait for somebody else. A check that raises,
    or answers what is no answer, holds the comment. Of a trusted writer only care and failures
    count.
    """
    for path in settings.COMMENT_CHECKS:
        if answer := _answer(path, submission):
            submission.found.append(answer)
    kinds = frozenset(submission.kinds)
    return Asked(tuple(submission.found), kinds, submission.same_words)


def _answer(path, submission):
    try:
        answer = import_string(path)(submission)
        if not isinstance(answer, Found | None):
            raise TypeError(path)
    except Exception as error:
        # Its own words may hold those of the comment.
        log.error("The check %s failed: %s", path, type(error).__name__)
        return Found(path, Verdict.HOLD, _("a check failed and could not look at it: %s") % path)
    if answer and submission.is_trusted and answer.verdict != Verdict.CARE:
        return None
    return answer


def judge(asked, status, held_because, otherwise=HELD_CHECKS, care_holds=True):
    """Return the ``Judgement`` where the policy says ``status`` and ``held_because``.

    ``otherwise`` is why it is held if only a check holds it. Without ``care_holds`` a care verdict
    holds nothing by itself; in the lane of care, and never in that of spam, the comment is anyway.
    """
    verdict = asked.verdict
    if verdict is None:
        return Judgement(status, held_because)
    if verdict == Verdict.PUBLISH and held_because != HELD_BREAK:
        return Judgement(Status.APPROVED)
    found = tuple(each for each in asked.found if each.verdict != Verdict.PUBLISH)
    lane = LANES.get(verdict, Lane.USUAL)
    if verdict == Verdict.CARE:
        rest = judge(asked.without(Verdict.CARE), status, held_because, otherwise)
        if rest.status == Status.APPROVED and not care_holds:
            return Judgement(Status.APPROVED, "", lane, found)
        otherwise = HELD_CARE
    return Judgement(Status.PENDING, held_because or otherwise, lane, found)


def put(comment, found, keep=()):
    """Write what was found about a stored comment, and open the care case where that is asked for.

    What checks named in ``keep`` found before stays. Call it in the transaction that stores the
    words.
    """
    findings.write(comment.pk, [each for each in found if each.check not in keep], keep)
    worries = [each.reason for each in found if each.verdict == Verdict.CARE]
    if worries:
        care.enter(comment, "; ".join(map(str, worries))[: findings.LONGEST_REASON])

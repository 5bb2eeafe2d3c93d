"""Asking the checks, and what follows from their answers: the strongest verdict decides."""

from comments.care import cases as care
from comments.models import checks
from comments.models.checks import Verdict


def store_results(comment, found, keep=()):
    """Write what was found about a stored comment, and open the care case where that is asked for.

    What checks named in ``keep`` found before stays. Call it in the transaction that stores the
    words.
    """
    checks.replace_results(comment.pk, [each for each in found if each.check not in keep], keep)
    worries = [each.reason for each in found if each.verdict == Verdict.CARE]
    if worries:
        care.open_case(comment, "; ".join(map(str, worries))[: checks.LONGEST_REASON])

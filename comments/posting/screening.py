"""Stores the results of the spam and care checks, and opens care cases."""

from collections.abc import Collection, Iterable

from comments.care import cases as care
from comments.models import Comment, checks
from comments.models.checks import CheckOutcome, Verdict


def store_results(
    comment: Comment, results: Iterable[CheckOutcome], keep: Collection[str] = ()
) -> None:
    """Store the check results of a saved comment, and open a care case if one asks for it.

    Earlier results of the checks named in ``keep`` stay. Call it in the transaction that stores
    the text.
    """
    results = tuple(results)
    new = [result for result in results if result.check not in keep]
    checks.replace_results(comment.pk, new, keep)
    worries = [result.reason for result in results if result.verdict == Verdict.CARE]
    if worries:
        care.open_case(comment, "; ".join(map(str, worries))[: checks.LONGEST_REASON])

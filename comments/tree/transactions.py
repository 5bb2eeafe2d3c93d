"""Transactions that retry after a deadlock, and queue writers on SQLite."""

import threading
from collections.abc import Callable
from contextlib import nullcontext
from typing import TypeVar

from django.db import OperationalError, transaction

Result = TypeVar("Result")

TRIES = 3
# PostgreSQL, appendix A: deadlock_detected, serialization_failure.
WORTH_ANOTHER_TRY = {"40P01", "40001"}
# SQLite lets one write at a time and makes the others poll, some of them for seconds; within a
# process they may as well queue.
_turn = threading.Lock()


def in_transaction(work: Callable[[], Result]) -> Result:
    """Run ``work()`` in a transaction and return its result; after a deadlock, try again.

    Raises the OperationalError when the third try fails too, and at once inside the caller's own
    transaction, since a deadlock aborts that one as a whole.
    """
    connection = transaction.get_connection()
    nested = connection.in_atomic_block
    queues = connection.vendor == "sqlite" and not nested
    for left in reversed(range(TRIES)):
        try:
            with _turn if queues else nullcontext(), transaction.atomic():
                return work()
        except OperationalError as error:
            code = getattr(error.__cause__, "sqlstate", None)
            if nested or not left or code not in WORTH_ANOTHER_TRY:
                raise
    raise AssertionError("unreachable")

"""Transactions that retry after a deadlock, and queue writers on SQLite."""

import fcntl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TypeVar

from django.db import OperationalError, transaction

Result = TypeVar("Result")

TRIES = 3
# PostgreSQL, appendix A: deadlock_detected, serialization_failure.
WORTH_ANOTHER_TRY = {"40P01", "40001"}
# SQLite lets one write at a time and makes the others poll in growing pauses, some of them for
# seconds. So those of a process queue here, and the first of each process looks often.
_turn = threading.Lock()
LOOKS_EVERY = 0.001  # seconds
LOCKED = "database is locked"


@contextmanager
def _taking_turns(database: str, seconds: float) -> Iterator[None]:
    """Context manager: wait for the other writers of an SQLite file, of all processes.

    A locked file beside the database says whose turn it is; a process that dies leaves none
    behind. Where no file can be made, the database has the last word. Raises OperationalError, as
    SQLite does, after so many seconds: for the queues of this process and of all together.
    """
    give_up = time.monotonic() + seconds
    if not _turn.acquire(timeout=seconds):
        raise OperationalError(LOCKED)
    try:
        with ExitStack() as closing:
            with suppress(OSError):
                file = closing.enter_context(Path(f"{database}-turn").open("w"))
                _lock(file, give_up)
            yield
    finally:
        _turn.release()


def _lock(file, give_up):
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= give_up:
                raise OperationalError(LOCKED) from None
        time.sleep(LOOKS_EVERY)


def _queue(connection):
    known = connection.settings_dict
    return _taking_turns(known["NAME"], known["OPTIONS"].get("timeout", 5))


def in_transaction(work: Callable[[], Result]) -> Result:
    """Run ``work()`` in a transaction and return its result; after a deadlock, try again.

    Raises the OperationalError when the third try fails too, and at once inside the caller's own
    transaction, since a deadlock aborts that one as a whole; also where no turn comes on SQLite.
    """
    connection = transaction.get_connection()
    nested = connection.in_atomic_block
    queues = connection.vendor == "sqlite" and not nested
    for left in reversed(range(TRIES)):
        try:
            with _queue(connection) if queues else nullcontext(), transaction.atomic():
                return work()
        except OperationalError as error:
            code = getattr(error.__cause__, "sqlstate", None)
            if nested or not left or code not in WORTH_ANOTHER_TRY:
                raise
    raise AssertionError("unreachable")

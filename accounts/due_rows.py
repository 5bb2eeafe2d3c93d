"""Processing due rows one at a time, each in a transaction of its own.

A worker that is killed between two steps, or runs beside others, does nothing twice and skips
nothing, as long as each step records its own progress.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import OperationalError, models, transaction
from django.utils import timezone

log = logging.getLogger(__name__)

# When a row that failed, or could not be processed yet, is tried again.
LOOK_AGAIN = timedelta(hours=1)


class Turn:
    """The ``going`` of one turn: true until so many seconds have passed, or ``going()`` is false.

    ``comes_again``: it was asked after its end, so there is more to do and another turn follows.
    """

    def __init__(self, going: Callable[[], bool], seconds: float) -> None:
        self._going, self._end = going, monotonic() + seconds
        self.comes_again = False

    def __call__(self) -> bool:
        in_time = monotonic() < self._end
        is_going = self._going()
        self.comes_again = is_going and not in_time
        return is_going and in_time


def oldest_due(*due: models.QuerySet | tuple[models.QuerySet, str]) -> datetime | None:
    """Return the earliest ``due_at`` in these querysets, or None if they are empty; one query.

    Where the field has another name, pass ``(queryset, name)`` instead of the queryset.
    """
    named = [each if isinstance(each, tuple) else (each, "due_at") for each in due]
    first, *others = (rows.order_by().values_list(name, flat=True) for rows, name in named)
    return first.union(*others).order_by(named[0][1]).first()


def process_next(rows: models.Manager, act: Callable[[Any], object]) -> bool:
    """Process the row that has been due longest; return whether there was an unlocked one.

    ``rows`` is the manager of a model with ``due_at`` whose queryset has ``due()``. A row that
    fails is postponed, so that it never blocks the others.
    """
    return process_some(rows, lambda first: act(*first), 1)


def process_some(rows: models.Manager, act: Callable[[list], object], most: int) -> bool:
    """Process so many rows, those due longest, in one call; else as :func:`process_next`.

    If that fails, each is processed in a call of its own.
    """
    # Without this check, SQLite's writers would wait for a transaction that has nothing to do.
    if not rows.due().exists():
        return False
    with transaction.atomic():
        due = rows.due().select_for_update(skip_locked=True).order_by("due_at", "pk")
        found = list(due[:most])
        if len(found) < 2 or _failed(act, found):
            for row in found:
                if error := _failed(act, [row]):
                    # By its class alone: its message may repeat an address.
                    log.error("%s postponed: %s", row, type(error).__name__)
                    rows.filter(pk=row.pk).update(due_at=timezone.now() + LOOK_AGAIN)
    return bool(found)


def _failed(act, rows):
    """Let ``act`` process these rows; return the error that undid it, or None."""
    try:
        with transaction.atomic():
            act(rows)
    except OperationalError:  # the database's trouble, not the row's
        raise
    except Exception as error:
        return error
    return None

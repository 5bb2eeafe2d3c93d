"""Processing due rows one at a time, each in a transaction of its own.

A worker that is killed between two steps, or runs beside others, does nothing twice and skips
nothing, as long as each step records its own progress.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, models, transaction
from django.utils import timezone

log = logging.getLogger(__name__)

# When a row that failed, or could not be processed yet, is tried again.
LOOK_AGAIN = timedelta(hours=1)


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
    # Without this check, SQLite's writers would wait for a transaction that has nothing to do.
    if not rows.due().exists():
        return False
    with transaction.atomic():
        row = rows.due().select_for_update(skip_locked=True).order_by("due_at", "pk").first()
        if row is None:
            return False
        try:
            with transaction.atomic():
                act(row)
        except OperationalError:  # the database's trouble, not the row's
            raise
        except Exception as error:
            # By its class alone: its message may repeat an address.
            log.error("%s put off: %s", row, type(error).__name__)
            rows.filter(pk=row.pk).update(due_at=timezone.now() + LOOK_AGAIN)
    return True

"""Work in steps: rows that are due, one at a time, each in a transaction of its own.

Whoever is killed between two steps, or works beside others, does nothing twice and leaves nothing
out, as long as the step itself notes how far it came.
"""

import logging
from datetime import timedelta

from django.db import OperationalError, transaction
from django.utils import timezone

log = logging.getLogger(__name__)

# When what failed, or could not be done yet, is looked at again.
LOOK_AGAIN = timedelta(hours=1)


def oldest_due(*due):
    """Return the earliest ``due_at`` of these querysets, in one query; None where there is none.

    Where the moment has another name, ``(queryset, name)`` stands for the queryset.
    """
    named = [each if isinstance(each, tuple) else (each, "due_at") for each in due]
    first, *others = (rows.order_by().values_list(name, flat=True) for rows, name in named)
    return first.union(*others).order_by(named[0][1]).first()


def process_next(rows, act):
    """Act on the row that waits longest; return whether there was one that nobody else is at.

    ``rows`` is the manager of a model with ``due_at`` whose queryset has ``due()``. A row that
    fails is put off, so that it never keeps the others waiting.
    """
    # Without this look, SQLite's writers would wait for a transaction that has nothing to do.
    if not rows.due().exists():
        return False
    with transaction.atomic():
        row = rows.due().select_for_update(skip_locked=True).order_by("due_at", "pk").first()
        if row is None:
            return False
        try:
            with transaction.atomic():
                act(row)
        except OperationalError:  # the database's trouble, and no fault of this row
            raise
        except Exception as error:
            # By its class alone: its words may repeat an address.
            log.error("%s put off: %s", row, type(error).__name__)
            rows.filter(pk=row.pk).update(due_at=timezone.now() + LOOK_AGAIN)
    return True

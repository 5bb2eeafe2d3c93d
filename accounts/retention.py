"""Data retention: deleting data for good once it is no longer needed.

``settings.RETENTION_RULES`` lists functions of the apps. Each yields :class:`RetentionRule`
objects, so that a rule stands beside the data it is about. ``manage.py purge`` counts or applies
them all; ``run_due`` applies them once a day. See docs/privacy.md.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)

# Rows per statement: on SQLite every other writer waits for it.
SLICE = 500
# Somewhat less than a day, so that it does not move through the day.
EVERY = timedelta(hours=23)
# For so long a worker that died while purging keeps others from it.
CLAIM = timedelta(minutes=10)
# Mails wait behind a purge: the remainder is done in the next round. It begins anew each time, and
# looking through all rules may take longer than the turn of other work (config/due_work.py).
SECONDS_AT_ONCE, LONGEST_TURN = 20, 30


def _delete(rows):
    rows.delete()


def clear_fields(**values: Any) -> Callable[[models.QuerySet], int]:
    """Return a ``forget`` function that sets these fields and keeps the row."""
    return lambda rows: rows.update(**values)


@dataclass(frozen=True)
class RetentionRule:
    """One kind of data that is due to be forgotten.

    ``name`` is its label in the counts, ``rows`` a queryset of the rows that are due now.
    ``forget`` takes a queryset of some of them and returns how many it forgot, or None for all;
    ``rows`` must not match them any more. Rules are applied in order: data that is deleted along
    with other data comes before it, or the counts would be wrong. ``at_once``: rows per slice.
    """

    name: Any
    rows: models.QuerySet
    forget: Callable = _delete
    at_once: int = SLICE


class PurgeSchedule(models.Model):
    """One row: when the next purge is due."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    due_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="accounts_purge_round_one_row"),
        ]

    def __str__(self):
        return str(self.due_at)


def rules() -> Iterator[RetentionRule]:
    """Yield every rule of ``settings.RETENTION_RULES``, in order."""
    for path in settings.RETENTION_RULES:
        yield from import_string(path)()


def count(old: RetentionRule) -> int:
    """Return how many rows of a rule are due. Changes nothing."""
    return old.rows.count()


def apply_rule(old: RetentionRule, going: Callable[[], bool] = lambda: True) -> int:
    """Apply a rule in slices while ``going()`` is true; return how many rows were forgotten.

    Each slice is complete by itself: a worker killed in between leaves nothing half-forgotten.
    """
    number, last = 0, None
    while going():
        remaining = old.rows.order_by("pk")
        remaining = remaining if last is None else remaining.filter(pk__gt=last)
        keys = list(remaining.values_list("pk", flat=True)[: old.at_once])
        if not keys:
            break
        done = old.forget(old.rows.filter(pk__in=keys))
        number += len(keys) if done is None else done
        last = keys[-1]
    return number


# -- within run_due ----------------------------------------------------------------------


def due_since() -> None:
    """Return None: a purge is never late."""


def do_due(going: Callable[[], bool] = lambda: True) -> None:
    """Apply all rules once a day. Part of ``settings.DUE_WORK``.

    After SECONDS_AT_ONCE it continues in the next round. Where a rule fails, the others are still
    applied and the purge is tried again after CLAIM. Raises RuntimeError then.
    """
    if not _claimed():
        return
    end, failed = monotonic() + SECONDS_AT_ONCE, []

    def in_time():
        return going() and monotonic() < end

    for old in rules():
        try:
            apply_rule(old, in_time)
        except Exception:
            log.exception("Couldn’t be deleted: %s", old.name)
            failed.append(str(old.name))
    if failed:
        raise RuntimeError(f"Not deleted: {', '.join(failed)}")
    again = timezone.now() + (EVERY if in_time() else timedelta())
    PurgeSchedule.objects.filter(pk=1).update(due_at=again)


def _claimed():
    """Claim the purge for CLAIM; return whether it was due and no other worker had it."""
    now = timezone.now()
    # Checked first: on SQLite even an update that matches nothing waits for its turn to write.
    row = PurgeSchedule.objects.first() or PurgeSchedule.objects.get_or_create(pk=1)[0]
    mine = PurgeSchedule.objects.filter(pk=1, due_at__lte=now)
    return row.due_at <= now and mine.update(due_at=now + CLAIM)


# -- data of Django's own that has no module here ----------------------------------------


def sessions() -> Iterator[RetentionRule]:
    """Yield the rule for expired sessions. One of ``settings.RETENTION_RULES``."""
    yield RetentionRule(
        _("expired sessions"), Session.objects.filter(expire_date__lt=timezone.now())
    )

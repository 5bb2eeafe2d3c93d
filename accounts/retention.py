"""Short memory: what is kept no longer than it is needed, and is then forgotten for good.

``settings.RETENTION_RULES`` lists functions of the apps. Each returns the kinds of things that it
knows of (:class:`Old`), so that the rule for how long stands beside the thing. ``manage.py purge``
counts or forgets them all; ``run_due`` does so once a day. See docs/privacy.md.
"""

import logging
from collections.abc import Callable
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

# So many in one statement: on SQLite everybody who writes waits for it.
SLICE = 500
# Somewhat less than a day, so that it does not move through the day.
EVERY = timedelta(hours=23)
# Whoever died while purging keeps others from it for so long.
CLAIM = timedelta(minutes=10)
# Mails wait behind it: what is left then is done in the next round.
SECONDS_AT_ONCE = 20


def _delete(rows):
    rows.delete()


def clear_fields(**values):
    """Return what forgets some fields of a row and keeps the row."""
    return lambda rows: rows.update(**values)


@dataclass(frozen=True)
class RetentionRule:
    """A kind of things that are due to be forgotten.

    ``name`` is what they are called where they are counted, ``rows`` a queryset of those that are
    due now, ``forget`` is given some of them (a queryset) and returns how many it forgot, or None
    for all. What it forgot is not among ``rows`` any more. Kinds are forgotten in their order: what
    goes together with another thing stands before it, or it would be counted twice. ``at_once``:
    how many make a slice.
    """

    name: Any
    rows: models.QuerySet
    forget: Callable = _delete
    at_once: int = SLICE


class PurgeSchedule(models.Model):
    """One row: from when on it is time to purge again."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    due_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="accounts_purge_round_one_row"),
        ]

    def __str__(self):
        return str(self.due_at)


def rules():
    """Yield each ``Old`` of ``settings.RETENTION_RULES``, in their order."""
    for path in settings.RETENTION_RULES:
        yield from import_string(path)()


def count(old):
    """Return how many of a kind are due. Nothing is changed."""
    return old.rows.count()


def apply_rule(old, going=lambda: True):
    """Forget what is due of a kind, in slices, while ``going()``; return how many that were.

    Each slice is whole by itself: who is killed in between has forgotten less, and nothing by half.
    """
    number, last = 0, None
    while going():
        rest = old.rows.order_by("pk")
        rest = rest if last is None else rest.filter(pk__gt=last)
        keys = list(rest.values_list("pk", flat=True)[: old.at_once])
        if not keys:
            break
        done = old.forget(old.rows.filter(pk__in=keys))
        number += len(keys) if done is None else done
        last = keys[-1]
    return number


# -- within run_due ----------------------------------------------------------------------


def due_since():
    """Return None: nobody waits for it."""


def do_due(going=lambda: True):
    """Forget what is due, once a day. One of ``settings.DUE_WORK``.

    After SECONDS_AT_ONCE it goes on in the next round. Where one kind fails, the others have their
    turn, and it is tried again after CLAIM. Raises RuntimeError then.
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
            log.exception("These could not be purged: %s", old.name)
            failed.append(str(old.name))
    if failed:
        raise RuntimeError(f"Not purged: {', '.join(failed)}")
    again = timezone.now() + (EVERY if in_time() else timedelta())
    PurgeSchedule.objects.filter(pk=1).update(due_at=again)


def _claimed():
    """Return whether it is time and nobody else is at it; then it is ours for a while."""
    now = timezone.now()
    # Looked at first: on SQLite even a change of nothing waits for its turn to write.
    row = PurgeSchedule.objects.first() or PurgeSchedule.objects.get_or_create(pk=1)[0]
    mine = PurgeSchedule.objects.filter(pk=1, due_at__lte=now)
    return row.due_at <= now and mine.update(due_at=now + CLAIM)


# -- what belongs to no other module of ours ---------------------------------------------


def sessions():
    """Sessions that have run out. One of ``settings.RETENTION_RULES``."""
    yield RetentionRule(
        _("sessions that ran out"), Session.objects.filter(expire_date__lt=timezone.now())
    )

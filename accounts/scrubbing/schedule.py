"""When the files of the database are scrubbed. Part of ``settings.DUE_WORK``.

Two steps, whatever was deleted and by whom: words leave the indexes (and, on PostgreSQL, the dead
rows), which keeps nobody waiting; traces leave the unused parts of pages, for which writers wait.
Both follow soon, and the more they cost, the more rarely. ``manage.py purge`` does all at once.
"""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from types import ModuleType

from django.db import connection, models
from django.utils import timezone

from accounts import heartbeat
from accounts.scrubbing import postgresql, sqlite

# For so long a worker that died while scrubbing keeps others from it.
CLAIM = timedelta(minutes=10)
# The pause after a step, as a multiple of the time that it took: one of a hundred seconds for the
# first, and one of ten thousand for the second.
PAUSES = {"words": 100, "traces": 10_000}
LEAST = {"words": timedelta(seconds=5), "traces": timedelta(minutes=1)}
MOST = timedelta(days=1)
# Merging and rewriting a large database takes longer than the turn of other work.
LONGEST_TURN = 30


class ScrubSchedule(models.Model):
    """One row for each step: when it is due, when it was done, and what it saw then.

    ``seen`` is only of use to the module of the database.
    """

    class Step(models.TextChoices):
        WORDS = "words", "words"
        TRACES = "traces", "traces"

    step = models.CharField(max_length=10, primary_key=True, choices=Step)
    due_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(default=timezone.now)
    seen = models.JSONField(default=dict)

    def __str__(self):
        return self.step


Step = ScrubSchedule.Step


def database() -> ModuleType:
    """Return the module of the database in use."""
    return postgresql if connection.vendor == "postgresql" else sqlite


def due_since() -> None:
    """Return None: scrubbing is never late."""


def _always():
    return True


def do_due(going: Callable[[], bool] = _always) -> None:
    """Do the steps that are due, unless nothing was written. Not inside a transaction."""
    if connection.in_atomic_block:
        return
    engine = database()
    for step in Step:
        remains, remove = engine.STEPS[step]
        row = _row(step)
        if row.due_at > timezone.now() or not going() or not remains(row.seen, row.done_at):
            continue
        if claimed(row):
            began = monotonic()
            # One statement rewrites a large table or index.
            with heartbeat.meanwhile(CLAIM.total_seconds()):
                seen = remove(row.seen, going)
            _note(step, seen, monotonic() - began)
    engine.finish()


def scrub() -> None:
    """Do both steps now, however large the database is. Not inside a transaction."""
    if connection.in_atomic_block:
        return
    engine, began = database(), monotonic()
    _note(Step.WORDS, engine.remove_words({}, _always), monotonic() - began)
    began = monotonic()
    _note(Step.TRACES, engine.remove_traces({}, _always, largest=None), monotonic() - began)
    engine.finish()


def scrub_words() -> None:
    """Remove deleted words from the indexes now; inside a transaction, only where that works."""
    engine = database()
    if engine is sqlite or not connection.in_atomic_block:
        engine.remove_words({}, _always)


def _row(step):
    # Begun long ago, so that the first visit counts as after a change.
    long_ago = {"done_at": timezone.now() - timedelta(days=365)}
    return (
        ScrubSchedule.objects.filter(step=step).first()
        or ScrubSchedule.objects.get_or_create(step=step, defaults=long_ago)[0]
    )


def claimed(row: ScrubSchedule) -> bool:
    """Claim a step for CLAIM; return whether no other worker had it."""
    mine = ScrubSchedule.objects.filter(step=row.step, due_at=row.due_at)
    return bool(mine.update(due_at=timezone.now() + CLAIM))


def _note(step, seen, seconds):
    now = timezone.now()
    pause = timedelta(seconds=seconds * PAUSES[step])
    due_at = now + min(max(pause, LEAST[step]), MOST)
    _row(step)
    ScrubSchedule.objects.filter(step=step).update(due_at=due_at, done_at=now, seen=seen)

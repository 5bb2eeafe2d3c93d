"""Primary keys for a bulk load of comments, while others are being written.

An imported comment keeps the number of its source if that is free, so that old ``#comment-123``
anchors go on working. No comment written meanwhile gets one of these keys.
"""

from collections.abc import Collection, Iterator

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Manager, Max

from blog.models import RemovedSource
from comments.tree.repair import BATCH

# The key of the advisory lock; any number that nothing else uses in this database.
LOADING = 0x48656172


def serialize_loads(connection: BaseDatabaseWrapper) -> None:
    """Wait until no other bulk load is running; on SQLite the write lock is enough."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOADING])


def reserve(
    manager: Manager, wishes: Collection[int], count: int
) -> tuple[set[int], Iterator[int]]:
    """Return ``(granted, fresh)``: the wished keys that are free, and new keys for the rest.

    ``count`` is how many keys are needed in all. Fresh keys are above every key ever given out
    and above every wish, so that the key of a refused wish never becomes that of another new
    comment. Hold :func:`serialize_loads` and no other lock. PostgreSQL: writers lock the table
    before they take a key. Our lock waits for those who have taken one, and is released as soon as
    the sequence, which no rollback resets, is above all keys reserved.
    """
    if not count:
        return set(), iter(())  # no sequence can be set to below 1
    connection = manager._get_connection()
    point = transaction.savepoint(using=connection.alias)
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(manager.model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
    granted = set(wishes) - _known(manager, wishes)
    floor = max(_last(connection, manager), *wishes, 0, 0)
    above = floor + count - len(granted)
    if connection.vendor == "postgresql":
        _raise_counter(connection, manager, above)
        transaction.savepoint_rollback(point, using=connection.alias)
    else:
        transaction.savepoint_commit(point, using=connection.alias)
    return granted, iter(range(floor + 1, above + 1))


def _known(manager, wishes):
    """Return those of these keys that a comment has, or had until it was purged."""
    wishes, known = sorted(wishes), set()
    for start in range(0, len(wishes), BATCH):
        batch = wishes[start : start + BATCH]
        known.update(manager.plain().filter(pk__in=batch).values_list("pk", flat=True))
        gone = RemovedSource.objects.filter(kind=RemovedSource.Kind.COMMENT, source="")
        gone = gone.filter(source_id__in=map(str, batch)).values_list("source_id", flat=True)
        known.update(map(int, gone))
    return known


def _last(connection, manager):
    """Return the highest key ever given out."""
    highest = manager.plain().aggregate(highest=Max("pk"))["highest"] or 0
    return max(highest, manager.next_key() - 1)


def _raise_counter(connection, manager, value):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
            [manager.model._meta.db_table, value],
        )

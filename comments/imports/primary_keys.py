"""Primary keys for many comments at once, while people go on writing.

A comment from elsewhere keeps the number it had there where that is free, so that old
``#comment-123`` anchors go on working. Nobody who writes meanwhile is handed one of them.
"""

from django.db import transaction
from django.db.models import Max

from blog.models import RemovedSource
from comments.tree.repair import BATCH

# Any number that no other program takes in this database; one load of comments at a time.
LOADING = 0x48656172


def serialize_loads(connection):
    """Wait until no other load of comments is under way; SQLite's write lock sees to it alone."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOADING])


def reserve(manager, wishes, count):
    """Return ``(granted, fresh)``: which wishes are free, and keys for the rest.

    ``wishes`` are keys that the load would like to have, ``count`` is how many keys it needs in
    all. Fresh keys are above every key ever handed out and above every wish, so that a wish
    that was not granted never names another new comment. Hold :func:`serialize_loads` and nothing
    else. PostgreSQL: writers take the table's lock before they take a key; ours waits for
    those who have taken one, and goes as soon as the counter, which no rollback takes back,
    is above all that we use.
    """
    if not count:
        return set(), iter(())  # no counter can be set to the key before the first
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
    """Keys among these that a comment has, or had until it was purged."""
    wishes, known = sorted(wishes), set()
    for start in range(0, len(wishes), BATCH):
        batch = wishes[start : start + BATCH]
        known.update(manager.plain().filter(pk__in=batch).values_list("pk", flat=True))
        gone = RemovedSource.objects.filter(kind=RemovedSource.Kind.COMMENT, source="")
        gone = gone.filter(source_id__in=map(str, batch)).values_list("source_id", flat=True)
        known.update(map(int, gone))
    return known


def _last(connection, manager):
    """The highest key that was ever handed out."""
    highest = manager.plain().aggregate(highest=Max("pk"))["highest"] or 0
    return max(highest, manager.next_key() - 1)


def _raise_counter(connection, manager, value):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
            [manager.model._meta.db_table, value],
        )

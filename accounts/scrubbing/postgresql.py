"""Where deleted words remain in the files of PostgreSQL, and how they leave them.

- Dead rows stay until VACUUM. Autovacuum waits until there are many of them.
- A GIN index keeps every word that it ever had, until it is built anew.
- VACUUM moves the rows of a page together, and may leave a copy in its unused part. VACUUM FULL
  writes the table and its indexes anew; everybody waits meanwhile, so it is for small tables.

The server's own log for replication and recovery (pg_wal) is beyond the reach of a client.
https://www.postgresql.org/docs/current/routine-vacuuming.html
"""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime

from django.db import OperationalError, connection

# A table is written anew at this size in about half a second.
LARGEST = 32 * 1024 * 1024
# How long others may have to queue behind the wish for a lock, and how long it waits for old
# transactions where nobody queues behind it.
PATIENCE, LONG_PATIENCE = "200ms", "10s"
# Tables without a word in them that change all the time: the schedule's own, as each visit changes
# it, and the counters of config/caching/entry_stores.py.
LEFT_ALONE = ["accounts_scrubschedule", "hearth_durable_cache"]


def words_remain(seen: dict, done_at: datetime) -> bool:
    """Return whether rows were changed or deleted since these counts."""
    return bool(_touched(seen))


def remove_words(seen: dict, going: Callable[[], bool]) -> dict:
    """Vacuum the tables with changes and build their GIN indexes anew; return the new counts.

    Nobody waits for either.
    """
    seen = dict(seen)
    with _patience(LONG_PATIENCE):
        for table, count in _touched(seen).items():
            if not going():
                break
            try:
                _run(f"VACUUM (SKIP_LOCKED) {_quoted(table)}")
                for index in _left_by_interrupted_attempts(table):
                    _run(f"DROP INDEX CONCURRENTLY IF EXISTS {_quoted(index)}")
                for index in _gin_indexes(table):
                    _run(f"REINDEX INDEX CONCURRENTLY {_quoted(index)}")
            except OperationalError:  # an old transaction, or a backup, is in the way
                continue
            seen[table] = count
    return seen


def traces_remain(seen: dict, done_at: datetime) -> bool:
    """Return whether rows of small tables were changed or deleted since these counts."""
    return bool(_touched(seen, LARGEST))


def remove_traces(seen: dict, going: Callable[[], bool], largest: int | None = LARGEST) -> dict:
    """Write the small tables with changes anew, each that is free now; return the new counts."""
    seen = dict(seen)
    with _patience(PATIENCE if largest is not None else LONG_PATIENCE):
        for table, count in _touched(seen, largest).items():
            if not going():
                break
            try:
                _run(f"VACUUM FULL {_quoted(table)}")
            except OperationalError:  # somebody is in it: next time
                continue
            seen[table] = count
    return seen


# What tells whether something is to be done, and what does it.
STEPS = {"words": (words_remain, remove_words), "traces": (traces_remain, remove_traces)}


def finish() -> None:
    """Do nothing: there is no log that a client can truncate."""


def _touched(seen, largest=None):
    """Return {table: changed and deleted rows ever} of the tables where that is not as seen."""
    sql = (
        "SELECT relname, n_tup_upd + n_tup_del FROM pg_stat_user_tables "
        "WHERE schemaname = ANY (current_schemas(false)) AND relname <> ALL (%s) "
        "AND n_tup_upd + n_tup_del > 0 AND (%s OR pg_total_relation_size(relid) <= %s) "
        "ORDER BY relname"
    )
    rows = _rows(sql, [LEFT_ALONE, largest is None, largest or 0])
    return {table: count for table, count in rows if seen.get(table) != count}


def _gin_indexes(table) -> list[str]:
    sql = (
        "SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
        "JOIN pg_am m ON m.oid = i.relam "
        "WHERE m.amname = 'gin' AND x.indrelid = %s::regclass AND x.indisvalid"
    )
    return [name for (name,) in _rows(sql, [_quoted(table)])]


def _left_by_interrupted_attempts(table) -> list[str]:
    """Return the names of half-built and half-dropped indexes, also those of several attempts.

    https://www.postgresql.org/docs/current/sql-reindex.html: their names end in _ccnew or _ccold,
    with a number where that name was taken.
    """
    sql = (
        "SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
        "WHERE x.indrelid = %s::regclass AND NOT x.indisvalid "
        "AND i.relname ~ '_cc(new|old)[0-9]*$'"
    )
    return [name for (name,) in _rows(sql, [_quoted(table)])]


@contextmanager
def _patience(lock_timeout):
    _run(f"SET lock_timeout = '{lock_timeout}'; SET statement_timeout = 0")
    try:
        yield
    finally:
        _run("RESET lock_timeout; RESET statement_timeout")


def _quoted(name):
    return connection.ops.quote_name(name)


def _run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _rows(sql, values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()

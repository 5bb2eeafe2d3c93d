"""Where deleted words remain in the files of SQLite, and how they leave them.

``PRAGMA secure_delete`` (config/settings.py) overwrites a deleted row with zeros at once. It does
not reach these places:

- Full-text indexes (FTS5) mark words as deleted, and drop them when segments are merged.
- The write-ahead log keeps old pages until it is truncated.
- A row that had been moved between pages may have left a copy in the unused part of one of them.
  VACUUM alone writes all pages anew.

https://www.sqlite.org/pragma.html#pragma_secure_delete and https://www.sqlite.org/fts5.html. FTS5's
own `secure-delete` is not used: it came with 3.42, and no earlier version can read such an index.
"""

import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection

# Pages of an index per step: another writer waits for less than a tenth of a second.
PAGES = 500
# Above this size, VACUUM would keep writers waiting for longer than they do. A larger database than
# the second is left alone while the machine is busy, where it takes several times as long.
LARGEST, LARGEST_WHILE_BUSY = 256 * 1024 * 1024, 32 * 1024 * 1024
# VACUUM writes the database once beside it, and once into the write-ahead log.
ROOM = 3
# A file is written a moment before or after the time that is noted for it.
MOMENT = timedelta(seconds=2)
# Milliseconds for which writers wait while the log is truncated, at most.
PATIENCE = 100


def words_remain(seen: dict, done_at: datetime) -> bool:
    """Return whether an index may hold deleted words: it has more than one segment."""
    return bool(_unmerged())


def remove_words(seen: dict, going: Callable[[], bool]) -> dict:
    """Merge each index into one segment, in steps; it continues where it was interrupted."""
    for table in _unmerged():
        pages = -PAGES  # a negative number begins with all segments, however few
        while going() and table in _unmerged() and _merge(table, pages):
            pages = PAGES
    return {}


def _unmerged():
    found = _rows(
        "SELECT name FROM sqlite_master WHERE sql LIKE %s", ["CREATE VIRTUAL%USING fts5%"]
    )
    return [
        table
        for (table,) in found
        if _rows(f"SELECT min(segid) <> max(segid) FROM {table}_idx") == [(1,)]  # noqa: S608
    ]


def _merge(table, pages):
    """Make one step; return whether there was something to merge."""
    before = connection.connection.total_changes
    _run(f"INSERT INTO {table}({table}, rank) VALUES ('merge', %s)", [pages])  # noqa: S608
    return connection.connection.total_changes - before > 1


def traces_remain(seen: dict, done_at: datetime) -> bool:
    """Return whether the database was written since then, and VACUUM is affordable."""
    file = _file()
    if file is None or (size := file.stat().st_size) > LARGEST:
        return False
    if size > LARGEST_WHILE_BUSY and os.getloadavg()[0] > (os.cpu_count() or 1):
        return False
    if shutil.disk_usage(file.parent).free < ROOM * size:
        return False
    written = max(each.stat().st_mtime for each in (file, log_of(file)) if each.exists())
    return written > (done_at + MOMENT).timestamp()


def remove_traces(seen: dict, going: Callable[[], bool], largest: int | None = LARGEST) -> dict:
    """Write all pages anew. Readers go on, writers wait."""
    _run("VACUUM")
    finish()
    return {}


# What tells whether something is to be done, and what does it.
STEPS = {"words": (words_remain, remove_words), "traces": (traces_remain, remove_traces)}


def finish() -> None:
    """Truncate the write-ahead log, unless readers are in it for longer than PATIENCE."""
    file = _file()
    if file is None or not (log_of(file).exists() and log_of(file).stat().st_size):
        return
    [(usual,)] = _rows("PRAGMA busy_timeout")
    _run(f"PRAGMA busy_timeout = {PATIENCE}")
    try:
        _rows("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        _run(f"PRAGMA busy_timeout = {usual}")


def _file():
    """Return the path of the database, or None if it is in memory."""
    [path] = [path for _number, name, path in _rows("PRAGMA database_list") if name == "main"]
    return Path(path) if path else None


def log_of(file: Path) -> Path:
    """Return the path of the write-ahead log of a database."""
    return file.with_name(f"{file.name}-wal")


def _run(sql, values=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _rows(sql, values=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()

"""Where :mod:`config.caching.durable_cache` keeps its rows: a file of SQLite, or PostgreSQL.

Each has one connection for the process, apart from Django's, so that what is counted stays counted
when a transaction is rolled back. No statement takes longer than its patience; a slow
one raises.

On SQLite none has RETURNING: it would hold its lock until the rows were read, while other threads
run.
"""

import os
import selectors
import sqlite3
import time
from collections.abc import Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import connections

PATIENCE = 0.2  # seconds
OPENING = 2  # seconds; PostgreSQL has no less
TABLE = "hearth_durable_cache"


class StoreError(Exception):
    """The store does not answer, or not in time."""


class Answer(NamedTuple):
    """The rows of a statement, and how many it changed."""

    rows: list[tuple]
    changed: int


class Store:
    """The connection of this process, for one thread at a time.

    Subclasses open it and run one statement.
    """

    # To make the table, if it is not there; and whether to use RETURNING.
    prepare: Sequence[str] = ()
    returns = False

    def __init__(self, location: str, patience: float = PATIENCE) -> None:
        self.location, self.patience = location, patience
        self._connection, self._process = None, None

    def run(self, statement: str, values: Sequence[Any] = ()) -> Answer:
        """Run one statement, with %s for each value. Raises StoreError."""
        try:
            with self._errors():
                if self._process != os.getpid():  # a copy of a process must not use its connection
                    self._connection, self._process = self._opened(), os.getpid()
                return self._ask(self._connection, statement, values)
        except StoreError:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection; the next statement opens another."""
        kept, process = self._connection, self._process
        self._connection, self._process = None, None
        if kept is not None and process == os.getpid():
            kept.close()

    def _opened(self):
        opened = self._open()
        try:
            for statement in self.prepare:
                self._ask(opened, statement, ())
        except self.errors():
            opened.close()
            raise
        return opened

    @contextmanager
    def _errors(self):
        try:
            yield
        except self.errors() as error:
            raise StoreError(str(error).strip() or type(error).__name__) from error


class SQLiteStore(Store):
    """A file of its own: a commit to the blog's would empty each process's page cache."""

    prepare = (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=NORMAL",
        f"""CREATE TABLE IF NOT EXISTS {TABLE}
            (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires REAL NOT NULL) WITHOUT ROWID""",
        f"CREATE INDEX IF NOT EXISTS {TABLE}_expires ON {TABLE} (expires)",
    )

    def errors(self):
        return (sqlite3.Error, OSError)

    def _open(self):
        return sqlite3.connect(
            self.location, timeout=self.patience, isolation_level=None, check_same_thread=False
        )

    def _opened(self):
        """Open it, again where processes that start together are just making it.

        The change to WAL waits for no one, whatever the timeout (https://sqlite.org/wal.html, 5).
        """
        give_up = time.monotonic() + OPENING
        while True:
            try:
                return super()._opened()
            except sqlite3.OperationalError:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.01)

    def _ask(self, opened, statement, values):
        cursor = opened.execute(statement.replace("%s", "?"), values)
        return Answer(cursor.fetchall(), cursor.rowcount)


class PostgreSQLStore(Store):
    """A table of the database with the alias ``location``; without a log, as it may be lost.

    Statements are sent by libpq itself, which alone can be left after a time also if the server
    hangs. Opening the connection may take up to 2 s, the least that libpq takes.
    """

    returns = True
    prepare = (
        f"""CREATE UNLOGGED TABLE IF NOT EXISTS {TABLE}
            (key text PRIMARY KEY, value text NOT NULL, expires double precision NOT NULL)""",
        f"CREATE INDEX IF NOT EXISTS {TABLE}_expires ON {TABLE} (expires)",
    )

    def errors(self):
        return (connections[self.location].Database.Error, OSError)

    def _open(self):
        database = connections[self.location]
        given = database.get_connection_params() | {"connect_timeout": 2}
        limits = f"-c statement_timeout={int(self.patience * 1000)} -c client_min_messages=warning"
        given["options"] = f"{given.get('options', '')} {limits}".strip()
        opened = database.get_new_connection(given)
        opened.autocommit = True
        return opened

    def _ask(self, opened, statement, values):
        pgconn, give_up = opened.pgconn, time.monotonic() + self.patience
        numbered = statement
        for number in range(1, len(values) + 1):
            numbered = numbered.replace("%s", f"${number}", 1)
        pgconn.send_query_params(
            numbered.encode(), [None if v is None else str(v).encode() for v in values]
        )
        found, changed = [], 0
        while True:
            while pgconn.is_busy():
                _wait(pgconn.socket, give_up)
                pgconn.consume_input()
            result = pgconn.get_result()
            if result is None:
                return Answer(found, changed)
            if result.error_message:
                raise StoreError(result.get_error_message())
            changed = result.command_tuples or 0
            found += [
                tuple(
                    (value := result.get_value(row, column)) and value.decode()
                    for column in range(result.nfields)
                )
                for row in range(result.ntuples)
            ]


def _wait(socket, give_up):
    with selectors.DefaultSelector() as selector:
        selector.register(socket, selectors.EVENT_READ)
        if not selector.select(max(0, give_up - time.monotonic())):
            raise StoreError("it does not answer in time")

"""Asks PostgreSQL from the event loop whether anything has changed.

Requests that arrive while a query is under way share the next one: it begins after they arrived,
so its result is as good as that of a query of their own. The query is a prepared statement sent by
libpq without waiting, https://www.postgresql.org/docs/current/libpq-async.html.
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from psycopg import pq

from config.caching.process_cache import CHANGES

NAME = b"changes"
# Seconds that an answer may take, and between two attempts at a database that does not answer.
PATIENCE, PAUSE = 1, 2
# libpq's own, in whole seconds of at least two.
CONNECT_TIMEOUT = 2


class NoAnswerError(Exception):
    """The database did not say whether anything has changed."""


class ChangeCounters:
    """Reads the counters on a connection of its own; all methods run in one event loop."""

    def __init__(self):
        self._connection = self._socket = None
        # A thread of its own: those of the loop may all be waiting for the same database.
        self._connecting = ThreadPoolExecutor(1, "changes")
        self._under_way = self._next = self._deadline = None
        self._failed = float("-inf")

    async def read(self) -> tuple:
        """Return the counters. Raises NoAnswerError, at once for a while after the first time."""
        if time.monotonic() - self._failed < PAUSE:
            raise NoAnswerError
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        found = self._next
        if self._under_way is None:
            await self._begin()
        return await asyncio.shield(found)  # others wait for it, too

    async def _begin(self):
        """Send the query for all that wait for the next one."""
        self._under_way, self._next = self._next, None
        loop = asyncio.get_running_loop()
        try:
            if self._connection is None:
                async with asyncio.timeout(PATIENCE):
                    self._connection = await loop.run_in_executor(self._connecting, _connect)
                # Kept, because a lost connection does not know its socket any more.
                self._socket = self._connection.pgconn.socket
                loop.add_reader(self._socket, self._readable)
            self._send()
        except (connection.Database.Error, OSError, TimeoutError):
            self._fail()
        except asyncio.CancelledError:  # whoever asked has left while others wait
            self._fail()
            raise

    def _send(self):
        pgconn = self._connection.pgconn
        pgconn.send_query_prepared(NAME, None)
        pgconn.flush()
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(PATIENCE, self._fail)

    def _readable(self):
        pgconn = self._connection.pgconn
        try:
            pgconn.consume_input()
            if pgconn.is_busy():
                return
            found = pgconn.get_result()
            while pgconn.get_result() is not None:
                pass
            if found is None or found.status != pq.ExecStatus.TUPLES_OK:
                self._fail()
                return
            self._succeed((found.get_value(0, 0), found.get_value(0, 1)))
        except connection.Database.Error:
            self._fail()

    def _succeed(self, counters):
        self._deadline.cancel()
        under_way, self._under_way = self._under_way, None
        if under_way is not None and not under_way.done():  # nobody may wait for it any more
            under_way.set_result(counters)
        if self._next is not None:
            self._under_way, self._next = self._next, None
            self._send()

    def _fail(self):
        """Give up on this connection; whoever waits hears it, and the next attempt is later."""
        waiting = [future for future in (self._under_way, self._next) if future is not None]
        # All is forgotten before anything can go wrong with the connection.
        lost, self._connection, self._under_way, self._next = self._connection, None, None, None
        if waiting:  # otherwise it was cut while nobody asked
            self._failed = time.monotonic()
        if self._deadline is not None:
            self._deadline.cancel()
        for future in waiting:
            if not future.done():
                future.set_exception(NoAnswerError())
        if lost is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
            lost.close()


def _connect():
    given = connection.get_connection_params() | {"connect_timeout": CONNECT_TIMEOUT}
    opened = connection.get_new_connection(given)
    opened.autocommit = True
    opened.pgconn.prepare(NAME, CHANGES.encode())
    opened.pgconn.nonblocking = 1
    return opened

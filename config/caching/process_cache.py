"""A per-process page cache, in front of Django.

A GET without a cookie is answered from here as long as a check that costs microseconds proves
that nothing changed: on SQLite the file's counter of other connections' commits
(https://www.sqlite.org/pragma.html#pragma_data_version), elsewhere one query for the numbers
that every visible change renews. The clock matters, too: each page has a time until which
nothing comes due. See docs/decisions/0006-two-caches.md.
"""

import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

MOST_BYTES = 32 * 1024 * 1024
PAGE = "hearth.page"  # where config.caching.page_cache leaves ``(page, until)`` for this module
# The parts of the WSGI environment that a response may depend on; together they are the key.
KEY = ("HTTP_HOST", "wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "PATH_INFO", "QUERY_STRING")
# Headers that page.answer() sets for each response.
OF_ONE_ANSWER = {"content-encoding", "content-length", "content-type", "date", "etag"}


@dataclass
class CachedPage:
    """A page with the headers that Django's middleware set, and its expiry in epoch seconds."""

    page: object
    headers: list
    until: float


class ProcessPageCache:
    """WSGI middleware that caches the pages that ``application`` leaves in environ[PAGE]."""

    def __init__(self, application, read_state=None):
        self.application = application
        self.read_state = read_state or (data_version() if settings.SQLITE else ChangeCounters())
        self._pages, self._bytes, self._state = OrderedDict(), 0, None
        self._lock = threading.Lock()

    def __call__(self, environ, start_response):
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ.get("HTTP_COOKIE"):
            return self.application(environ, start_response)
        try:
            # Before the page is read: a change in between is then detected by the next request.
            state = self.read_state()
        except connection.Database.Error:  # Django will report the error
            return self.application(environ, start_response)
        key = tuple(environ.get(name, "") for name in KEY)
        kept = self._get(key, state)
        if kept:
            return self._answer(kept, environ, start_response)
        return self._ask(key, state, environ, start_response)

    def _ask(self, key, state, environ, start_response):
        sent_headers = []

        def listen(status, headers, *error):
            sent_headers[:] = headers
            return start_response(status, headers, *error)

        body = self.application(environ, listen)
        if PAGE in environ:
            page, until = environ[PAGE]
            headers = [pair for pair in sent_headers if pair[0].lower() not in OF_ONE_ANSWER]
            self._put(key, state, CachedPage(page, headers, until))
        return body

    def _answer(self, kept, environ, start_response):
        status, own, body = kept.page.answer(
            environ.get("HTTP_ACCEPT_ENCODING", ""), environ.get("HTTP_IF_NONE_MATCH", "")
        )
        start_response(status, kept.headers + own)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _get(self, key, state):
        with self._lock:
            if state != self._state:
                self._pages.clear()
                self._bytes, self._state = 0, state
            kept = self._pages.get(key)
            if kept is None or kept.until <= time.time():
                return None
            self._pages.move_to_end(key)
            return kept

    def _put(self, key, state, kept):
        with self._lock:
            old = self._pages.pop(key, None)
            if old:
                self._bytes -= old.page.size
            if state != self._state:
                return
            self._pages[key] = kept
            self._bytes += kept.page.size
            while self._bytes > MOST_BYTES:
                self._bytes -= self._pages.popitem(last=False)[1].page.size


def data_version() -> Callable[[], int]:
    """Return a function whose result changes with each commit to the SQLite file.

    The number is only meaningful within one connection, so all threads share one. It is opened
    at the first call, in the process that uses it.
    """
    lock, opened = threading.Lock(), []

    def read():
        with lock:
            if not opened:
                name = connection.settings_dict["NAME"]
                opened.append(sqlite3.connect(name, check_same_thread=False))
            return opened[0].execute("PRAGMA data_version").fetchone()[0]

    return read


class ChangeCounters:
    """Reads the numbers that every visible change renews, on a connection of its own.

    Requests that arrive while a query is under way share the next one: it begins after they
    arrived, so its result is as good as that of a query of their own. The query is a prepared
    statement sent by libpq directly, which costs less than half of what a cursor does.
    """

    QUERY = (
        b"SELECT total, (SELECT count FROM accounts_namechangecounter) "
        b"FROM blog_changecounter WHERE id = 1"
    )
    NAME = b"counters"

    def __init__(self):
        self._lock = threading.Lock()
        self._connection, self._found, self._begun = None, None, 0.0

    def __call__(self):
        came = time.perf_counter()
        with self._lock:
            if self._begun <= came:
                begun = time.perf_counter()
                self._found = self._read()
                self._begun = begun
            return self._found

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()

    def _read(self):
        if self._connection is None or self._connection.closed:
            self._connection = connection.get_new_connection(connection.get_connection_params())
            self._connection.autocommit = True
            self._connection.pgconn.prepare(self.NAME, self.QUERY)
        found = self._connection.pgconn.exec_prepared(self.NAME, None)
        if found.status != connection.Database.pq.ExecStatus.TUPLES_OK:
            self._connection.close()
            raise connection.Database.OperationalError(found.get_error_message())
        return found.get_value(0, 0), found.get_value(0, 1)

"""A per-process page cache, in front of Django.

A GET without a cookie is answered from here as long as a check that costs microseconds proves
that nothing changed: on SQLite the file's counter of other connections' commits
(https://www.sqlite.org/pragma.html#pragma_data_version), elsewhere one query for the numbers
that every visible change renews. The clock matters, too: each page has a time until which
nothing comes due. See docs/decisions/0006-two-caches.md.

While the database does not answer that question, pages are shown as they were, and say so.
"""

import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from django.template.loader import render_to_string

MOST_BYTES = 32 * 1024 * 1024
BESIDE = 4096  # bytes that an entry takes beside its page: its headers and its key
PAGE = "hearth.page"  # where config.caching.page_cache leaves ``(page, until)`` for this module
STATE = "hearth.state"  # where config.server.front leaves the state that it has read
# Seconds for which pages are shown although nobody can tell whether they have changed.
OLD_FOR = 600
A_MOMENT = 0.05  # seconds to wait for SQLite: readers of pages from memory share one thread
# Before what a page says then.
BEGINNING = b'<main id="main" tabindex="-1">'
Answer = tuple[str, list[tuple[str, str]], bytes]  # status line, headers, body
# Headers that page.answer() sets for each response.
OF_ONE_ANSWER = {"content-encoding", "content-length", "content-type", "date", "etag"}


@dataclass
class CachedPage:
    """A page with the headers that Django's middleware set, and its expiry in epoch seconds.

    ``counted`` is how many bytes of it the cache has counted: a page grows when it is first asked
    for without compression.
    """

    page: object
    headers: list
    until: float
    counted: int = 0


class ProcessPageCache:
    """WSGI middleware that caches the pages that ``application`` leaves in environ[PAGE]."""

    def __init__(self, application, read_state=None):
        self.application = application
        self.read_state = read_state or (data_version() if settings.SQLITE else change_counters)
        self._pages, self._bytes, self._state = OrderedDict(), 0, None
        self._checked = time.monotonic()  # when the state was known
        self._lock = threading.Lock()

    def __call__(self, environ, start_response):
        if not is_for_everybody(environ):
            return self.application(environ, start_response)
        key = key_of(environ)
        if STATE in environ:  # the front has looked here, and found nothing
            return self._ask(key, environ.pop(STATE), environ, start_response)
        try:
            # Before the page is read: a change in between is then detected by the next request.
            state = self.read_state()
        except (connection.Database.Error, DatabaseError):
            state, answer = None, self.old(key, environ)
        else:
            answer = self.current(key, state, environ)
        if answer is None:  # Django renders it, or reports the error
            return self._ask(key, state, environ, start_response)
        status, headers, body = answer
        start_response(status, headers)
        return [body]

    def current(self, key: tuple, state: Hashable, environ: Mapping) -> Answer | None:
        """Return the answer from memory if nothing has changed in the database since it was made.

        ``environ`` needs to have Accept-Encoding, If-None-Match and the method.
        """
        kept = self._get(key, state)
        if kept is None:
            return None
        status, own, body = kept.page.answer(
            environ.get("HTTP_ACCEPT_ENCODING", ""), environ.get("HTTP_IF_NONE_MATCH", "")
        )
        if kept.counted != kept.page.size + BESIDE:
            self._recount(key, kept)
        return status, kept.headers + own, _sent(body, environ)

    def old(self, key: tuple, environ: Mapping) -> Answer | None:
        """Return the answer from memory, for a while, although it may have changed; it says so."""
        with self._lock:
            kept = self._pages.get(key)
            if kept is None or time.monotonic() - self._checked > OLD_FOR:
                return None
        _, _, body = kept.page.answer("", "")
        self._recount(key, kept)
        body = body.replace(BEGINNING, BEGINNING + _may_be_old(), 1)
        headers = [pair for pair in kept.headers if pair[0].lower() != "cache-control"]
        headers += [
            ("Cache-Control", "no-store"),
            ("Content-Type", kept.page.content_type),
            ("Content-Length", str(len(body))),
        ]
        return "200 OK", headers, _sent(body, environ)

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

    def _get(self, key, state):
        with self._lock:
            self._checked = time.monotonic()
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
                self._bytes -= old.counted
            if state != self._state:
                return
            self._pages[key] = kept
            self._count(kept)

    def _recount(self, key, kept):
        with self._lock:
            if self._pages.get(key) is kept:  # it may have been dropped meanwhile
                self._count(kept)

    def _count(self, kept):
        size = kept.page.size + BESIDE
        self._bytes += size - kept.counted
        kept.counted = size
        while self._bytes > MOST_BYTES:
            self._bytes -= self._pages.popitem(last=False)[1].counted


def is_for_everybody(environ: Mapping) -> bool:
    """Return whether a request can be answered from memory: it reads, and has no cookie."""
    return environ["REQUEST_METHOD"] in {"GET", "HEAD"} and not environ.get("HTTP_COOKIE")


def key_of(environ: Mapping) -> tuple:
    """Return what a page depends on, of the WSGI environment of its request.

    Only plain addresses are kept (config/caching/addresses.py).
    """
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    return host_of(environ), scheme_of(environ), path, query


def host_of(environ: Mapping) -> str:
    """Return the host that a request asks for, as it was sent but without its port."""
    host = environ.get("HTTP_HOST") or environ.get("SERVER_NAME", "")
    name, _, port = host.rpartition(":")
    return name if port.isdecimal() else host


def scheme_of(environ: Mapping) -> str:
    """Return the scheme by which a request came, which a proxy may have to say."""
    told = settings.SECURE_PROXY_SSL_HEADER and environ.get(settings.SECURE_PROXY_SSL_HEADER[0])
    return told or environ.get("wsgi.url_scheme", "")


def _sent(body, environ):
    return b"" if environ["REQUEST_METHOD"] == "HEAD" else body


def _may_be_old():
    return render_to_string("layout/_may_be_old.html").encode()


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
                opened.append(sqlite3.connect(name, timeout=A_MOMENT, check_same_thread=False))
            return opened[0].execute("PRAGMA data_version").fetchone()[0]

    return read


# The numbers that every visible change renews.
CHANGES = (
    "SELECT total, (SELECT count FROM accounts_namechangecounter) "
    "FROM blog_changecounter WHERE id = 1"
)


def change_counters() -> tuple:
    """Return those numbers, asked of the database as everything else is.

    Granian's workers ask in a faster way, config/server/change_counters.py.
    """
    with connection.cursor() as cursor:
        cursor.execute(CHANGES)
        return cursor.fetchone()

"""What the server calls for each request: the part that never waits in a thread.

An RSGI application with one event loop in each worker. It answers pages from memory at once, reads
what a request sends (:mod:`config.server.bodies`), and only then gives it a thread
(:mod:`config.server.turns`) that runs the WSGI application.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError, close_old_connections, connection
from django.http import parse_cookie
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.rate_limit import network_key_of
from config.caching.process_cache import STATE, ProcessPageCache, is_for_everybody, key_of
from config.middleware import STRANGERS_MOST
from config.server import wsgi_bridge
from config.server.bodies import IN_MEMORY, Bodies, BodyError
from config.server.change_counters import ChangeCounters, NoAnswerError
from config.server.turns import TooBusyError, Turns
from config.unavailable import BUSY, RETRY_AFTER

METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
SAFE = {"GET", "HEAD", "OPTIONS"}
PLAIN = ("Content-Type", "text/plain; charset=utf-8")
NO_SNIFF = ("X-Content-Type-Options", "nosniff")
# Seconds after which whoever waits for a thread's answer gets another one. It is longer than any
# statement may take, so it is for a database that says nothing at all.
LONGEST_ANSWER = 50
# Seconds for which the file of a long answer stays open: until the server has opened it, too; and
# how many of them there may be, because each needs a descriptor, and some a place on the disk.
FILE_STAYS, MOST_FILES = 10, 256


class Front:
    """RSGI application in front of the WSGI application ``application``."""

    def __init__(self, application: Callable):
        self._application = application
        self._memory = application if isinstance(application, ProcessPageCache) else None
        self._changes = None if settings.SQLITE else ChangeCounters()
        self._bodies, self._turns = Bodies(), Turns(settings.THREADS)
        self._threads = ThreadPoolExecutor(settings.THREADS, "request")
        # For answers that need no database, so that none of them waits for one.
        self._spare = ThreadPoolExecutor(1, "busy")
        self._late = set()
        self._files = 0

    async def __rsgi__(self, scope, protocol):
        try:
            answer = await self._answer(scope, protocol)
        except BodyError as error:
            answer = _sentence(error.status, error.sentence)
        except TooBusyError:
            answer = _busy()
        if answer.file and self._files >= MOST_FILES:
            answer.file.close()
            answer = _busy()
        if answer.file is None:
            protocol.response_bytes(answer.status, answer.headers, answer.body)
            return
        self._files += 1
        asyncio.get_running_loop().call_later(FILE_STAYS, self._close, answer.file)
        protocol.response_file(answer.status, answer.headers, answer.path)

    def _close(self, file):
        self._files -= 1
        file.close()

    async def _answer(self, scope, protocol):
        if scope.method not in METHODS:
            raise BodyError(405, _("This blog doesn’t understand that kind of request."))
        if _has_unreadable_cookies(scope):
            raise BodyError(400, _("A cookie that your browser sent can’t be read here."))
        state = None
        if self._memory and is_for_everybody(short := wsgi_bridge.short_environ_of(scope)):
            state, answer = await self._from_memory(short)
            if answer:
                return answer
        environ = wsgi_bridge.environ_of(scope)
        if state is not None:
            environ[STATE] = state
        network = network_key_of(environ)
        body = environ["wsgi.input"] = await self._body(environ, protocol, network)
        # It is read once more if the words in it have to be given back.
        copy = _copy_of(body)
        job = asyncio.create_task(self._in_turn(environ, network))
        await asyncio.wait({job}, timeout=LONGEST_ANSWER)
        if not job.done():
            self._leave(job)
        elif not isinstance(job.exception(), TooBusyError):
            return job.result()
        if environ["REQUEST_METHOD"] in SAFE:
            raise TooBusyError
        return await self._give_back(wsgi_bridge.environ_of(scope), copy)

    def _leave(self, job):
        """Go on without it: the thread may wait for a database for ever; nobody else has to."""
        self._late.add(job)
        job.add_done_callback(self._late.discard)
        job.add_done_callback(_hear)

    async def _in_turn(self, environ, network):
        with environ["wsgi.input"]:
            async with self._turns.one(network, writes=environ["REQUEST_METHOD"] not in SAFE):
                return await self._run(self._threads, environ)

    async def _give_back(self, environ, copy):
        """Return the answer for somebody whose words could not be taken, with their words."""
        with copy:
            length = str(copy.getbuffer().nbytes)
            environ |= {"wsgi.input": copy, "CONTENT_LENGTH": length, BUSY: True}
            return await self._run(self._spare, environ)

    async def _from_memory(self, environ):
        """Return ``(state, answer)``, each None if there is none."""
        key = key_of(environ)
        try:
            state = await self._changes.read() if self._changes else self._memory.read_state()
        except (NoAnswerError, connection.Database.Error):
            state, found = None, self._memory.old(key, environ)
        else:
            found = self._memory.current(key, state, environ)
        if found is None:
            return state, None
        status, headers, body = found
        return state, wsgi_bridge.Answer(int(status[:3]), headers, body)

    async def _body(self, environ, protocol, network):
        """Return what the request sends as a file; that of a stranger only if it is short."""
        if environ["REQUEST_METHOD"] in SAFE:
            return BytesIO()  # what it might send means nothing (RFC 9110, 9.3.1)
        open_ended = environ.pop("HTTP_TRANSFER_ENCODING", None) is not None
        length = STRANGERS_MOST if open_ended else _length_of(environ)
        too_long = length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if not too_long and length > STRANGERS_MOST:
            too_long = not await self._is_signed_in(environ, network)
        if too_long:
            # The middleware that limits forms answers by the length alone.
            await self._bodies.discard(protocol, network)
            return BytesIO()
        if not length:
            return BytesIO()
        file, length = await self._bodies.read(protocol, length, network, exact=not open_ended)
        environ["CONTENT_LENGTH"] = str(length)
        return file

    async def _is_signed_in(self, environ, network):
        key = parse_cookie(environ.get("HTTP_COOKIE", "")).get(settings.SESSION_COOKIE_NAME)
        if not key:
            return False
        sessions = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
        looking = asyncio.create_task(self._look_into(sessions(key), network))
        await asyncio.wait({looking}, timeout=LONGEST_ANSWER)
        if not looking.done():
            self._leave(looking)
            raise TooBusyError
        return looking.result()

    async def _look_into(self, session, network):
        async with self._turns.one(network, writes=False):
            try:
                return await asyncio.get_running_loop().run_in_executor(
                    self._threads, _is_in, SESSION_KEY, session
                )
            except (connection.Database.Error, DatabaseError):
                raise TooBusyError from None

    async def _run(self, threads, environ):
        loop, application = asyncio.get_running_loop(), self._application
        return await loop.run_in_executor(threads, wsgi_bridge.answer_of, application, environ)


def _copy_of(body):
    """Return a copy of a body that is short enough to be somebody's words, else an empty one."""
    words = body.read(IN_MEMORY + 1)
    body.seek(0)
    return BytesIO(words if len(words) <= IN_MEMORY else b"")


def _hear(job):
    """Take what a late job ended with, which is nobody's any more."""
    if not job.cancelled() and not job.exception():
        file = getattr(job.result(), "file", None)
        if file:
            file.close()


def _is_in(key, session):
    try:
        return key in session
    finally:
        close_old_connections()


def _length_of(environ):
    """Return the length of the body that a request promises. Raises BodyError."""
    sent = environ.get("CONTENT_LENGTH") or "0"
    if not sent.isdecimal():
        raise BodyError(400, _("The length of what you sent can’t be read."))
    return int(sent)


def _has_unreadable_cookies(scope):
    # RSGI knows headers as text, and leaves those out that are none.
    return "cookie" in scope.headers and scope.headers.get("cookie") is None


def _busy():
    return _sentence(503, _("This blog is very busy. Please try again in a minute."))


def _sentence(status, sentence):
    """Return an Answer that says only this; the connection ends, because a body may not be read."""
    headers = [PLAIN, NO_SNIFF, ("Cache-Control", "no-store"), ("Connection", "close")]
    if status == 503:
        headers.append(("Retry-After", RETRY_AFTER))
    return wsgi_bridge.Answer(status, headers, sentence.encode())

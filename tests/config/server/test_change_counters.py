"""The event loop asks PostgreSQL whether anything has changed, and readers share the answer."""

import asyncio
import select
import threading
from contextlib import suppress

import pytest
from django.db import connection

from blog.models import ChangeCounter
from config.server import change_counters
from config.server.change_counters import ChangeCounters, NoAnswerError
from tests.waits import wait_until

pytestmark = [
    pytest.mark.both_databases("config.server.change_counters"),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite is a file, which is looked at"
    ),
]


class Loop:
    """An event loop in a thread of its own, as a worker has."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def do(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


@pytest.fixture
def loop():
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture
def counters(transactional_db, loop):
    counters = ChangeCounters()
    yield counters

    async def close():
        counters._fail()

    loop.do(close())


def test_each_change_is_seen_by_the_next_reader(counters, loop):
    for _ in range(20):
        before = loop.do(counters.read())
        assert loop.do(counters.read()) == before
        ChangeCounter.count()
        assert loop.do(counters.read()) != before


def test_concurrent_readers_share_one_look(counters, loop, monkeypatch):
    looks, send = [], counters._send
    monkeypatch.setattr(counters, "_send", lambda: [looks.append(1), send()])

    async def together():
        return await asyncio.gather(*[counters.read() for _ in range(6)])

    assert len(set(loop.do(together()))) == 1
    assert len(looks) == 2  # one for the first; one for all that came while it was under way


def test_a_reader_does_not_get_an_answer_that_was_given_before_they_asked(counters, loop):
    async def ask_and_wait_for_the_answer():
        loop = asyncio.get_running_loop()
        loop.remove_reader(counters._socket)  # it is there, and not heard yet
        early = asyncio.ensure_future(counters.read())
        await asyncio.sleep(0)
        await loop.run_in_executor(None, select.select, [counters._socket], [], [], 30)
        return early

    async def ask_and_hear():
        late = asyncio.ensure_future(counters.read())
        await asyncio.sleep(0)
        asyncio.get_running_loop().add_reader(counters._socket, counters._readable)
        return await early, await late

    before = loop.do(counters.read())
    early = loop.do(ask_and_wait_for_the_answer())
    ChangeCounter.count()
    heard_early, heard_late = loop.do(ask_and_hear())
    assert heard_early == before
    assert heard_late != before


def end_its_connection(counters):
    """End the connection in the server; return once the server has done so."""
    backend = counters._connection.info.backend_pid
    alive = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [backend])

        def is_gone():
            cursor.execute(alive, [backend])
            return cursor.fetchone()[0] == 0

        wait_until(is_gone)


def test_a_broken_connection_is_reopened(counters, loop, monkeypatch):
    monkeypatch.setattr(change_counters, "PAUSE", 0)
    before = loop.do(counters.read())
    end_its_connection(counters)
    with suppress(NoAnswerError):  # if the news has not arrived yet
        loop.do(counters.read())
    assert loop.do(counters.read()) == before


def test_a_connection_that_ends_while_it_is_asked_is_reopened(counters, loop, monkeypatch):
    monkeypatch.setattr(change_counters, "PAUSE", 0)
    before = loop.do(counters.read())
    readable = counters._readable

    async def go_deaf():  # so that the loop hears the news only after it has asked
        asyncio.get_running_loop().remove_reader(counters._socket)

    async def ask():
        asyncio.get_running_loop().add_reader(counters._socket, readable)
        return await asyncio.gather(*[counters.read() for _ in range(3)], return_exceptions=True)

    loop.do(go_deaf())
    end_its_connection(counters)
    assert {type(answer) for answer in loop.do(ask())} == {NoAnswerError}
    assert loop.do(counters.read()) == before


def test_a_reader_who_leaves_takes_nobodys_answer_along(counters, loop):
    async def leave():
        first, second = (asyncio.ensure_future(counters.read()) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        third = asyncio.ensure_future(counters.read())
        return await asyncio.gather(second, third)

    loop.do(counters.read())
    assert len(set(loop.do(leave()))) == 1


def test_a_statement_that_is_gone_is_prepared_again(counters, loop, monkeypatch):
    """Some connection poolers forget it between two queries."""
    monkeypatch.setattr(change_counters, "PAUSE", 0)
    before = loop.do(counters.read())

    async def forget():
        counters._connection.pgconn.nonblocking = 0
        counters._connection.execute("DEALLOCATE ALL")
        counters._connection.pgconn.nonblocking = 1

    loop.do(forget())
    with pytest.raises(NoAnswerError):
        loop.do(counters.read())
    assert loop.do(counters.read()) == before


def test_a_database_that_is_silent_holds_nobody_up(counters, loop, monkeypatch):
    monkeypatch.setattr(change_counters, "PATIENCE", 0.05)
    loop.do(counters.read())
    monkeypatch.setattr(counters, "_readable", lambda: None)

    async def cut():
        asyncio.get_running_loop().remove_reader(counters._connection.pgconn.socket)

    loop.do(cut())
    with pytest.raises(NoAnswerError):
        loop.do(counters.read())
    with pytest.raises(NoAnswerError):  # at once, without another try
        loop.do(counters.read())
    assert counters._connection is None


def test_a_database_that_cannot_be_reached_is_said_so(counters, loop, monkeypatch):
    def refuse():
        raise connection.Database.OperationalError("nobody listens")

    monkeypatch.setattr(change_counters, "_connect", refuse)
    with pytest.raises(NoAnswerError):
        loop.do(counters.read())

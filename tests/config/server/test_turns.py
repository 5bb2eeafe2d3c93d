"""Threads are handed out fairly: nobody makes others wait, and writers never hold all of them."""

import asyncio

import pytest

from config.server import turns
from config.server.turns import TooBusyError, Turns
from tests.config.server.loops import run_alone


class Floor:
    """Requests that hold their thread until they are told to leave."""

    def __init__(self, threads):
        self.turns, self.order, self.refused, self._leave = Turns(threads), [], [], {}
        self._tasks = []

    def enter(self, name, network, writes=False):
        self._leave[name] = asyncio.Event()
        self._tasks.append(asyncio.ensure_future(self._hold(name, network, writes)))

    async def _hold(self, name, network, writes):
        try:
            async with self.turns.one(network, writes=writes):
                self.order.append(name)
                await self._leave[name].wait()
        except TooBusyError:
            self.refused.append(name)

    def leave(self, name):
        self._leave[name].set()

    async def settle(self):
        for _ in range(10):
            await asyncio.sleep(0)

    async def close(self):
        for event in self._leave.values():
            event.set()
        await asyncio.gather(*self._tasks)


def on_a_floor(threads, story):
    async def run():
        floor = Floor(threads)
        await story(floor)
        await floor.close()
        return floor

    return run_alone(run())


def test_whoever_sends_a_hundred_waits_for_themselves():
    async def story(floor):
        floor.enter("first", "loud")
        for number in range(20):
            floor.enter(f"loud {number}", "loud")
        await floor.settle()
        floor.enter("quiet", "quiet")
        await floor.settle()
        for name in ("first", "loud 0"):
            floor.leave(name)
            await floor.settle()

    assert on_a_floor(1, story).order[:3] == ["first", "loud 0", "quiet"]


def test_each_network_keeps_its_own_order():
    async def story(floor):
        for number in range(5):
            floor.enter(number, "one")
        await floor.settle()

    assert on_a_floor(1, story).order == [0, 1, 2, 3, 4]


def test_writers_leave_threads_to_readers():
    async def story(floor):
        for number in range(12):
            floor.enter(f"writer {number}", f"network {number}", writes=True)
        await floor.settle()
        assert floor.order == ["writer 0", "writer 1"]
        floor.enter("reader", "another")
        floor.enter("reader too", "another")
        await floor.settle()
        assert floor.order[2:] == ["reader", "reader too"]

    on_a_floor(4, story)


def test_readers_do_not_keep_writers_out():
    async def story(floor):
        floor.enter("first", "one")
        for number in range(5):
            floor.enter(f"reader {number}", f"network {number}")
        await floor.settle()
        floor.enter("writer", "two", writes=True)
        await floor.settle()
        floor.leave("first")
        await floor.settle()
        floor.leave("reader 0")
        await floor.settle()

    assert on_a_floor(1, story).order[:3] == ["first", "reader 0", "writer"]


def test_one_thread_serves_readers_and_writers():
    async def story(floor):
        floor.enter("writer", "one", writes=True)
        floor.enter("reader", "one")
        await floor.settle()
        floor.leave("writer")
        await floor.settle()

    assert on_a_floor(1, story).order == ["writer", "reader"]


def test_a_network_may_not_fill_the_waiting_room(monkeypatch):
    monkeypatch.setattr(turns, "MOST_OF_ONE_NETWORK", 3)

    async def story(floor):
        for number in range(6):
            floor.enter(number, "loud")
        floor.enter("quiet", "quiet")
        await floor.settle()

    floor = on_a_floor(1, story)
    assert floor.refused == [4, 5]
    assert set(floor.order) == {0, 1, 2, 3, "quiet"}


def test_the_waiting_room_has_an_end(monkeypatch):
    monkeypatch.setattr(turns, "MOST_WAITING", 3)

    async def story(floor):
        for number in range(6):
            floor.enter(number, f"network {number}")
        await floor.settle()

    assert on_a_floor(1, story).refused == [4, 5]


def test_who_waited_too_long_is_told_and_leaves_no_trace(monkeypatch):
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0)

    async def story(floor):
        floor.enter("first", "one")
        await floor.settle()
        floor.enter("late", "two")
        await asyncio.wait(floor._tasks[1:])
        assert floor.refused == ["late"]
        floor.leave("first")
        await floor.settle()
        floor.enter("next", "two")
        await floor.settle()

    assert on_a_floor(1, story).order == ["first", "next"]


def test_a_failure_gives_its_thread_back():
    async def story():
        turns = Turns(1)
        with pytest.raises(ValueError, match="broken"):
            async with turns.one("one", writes=True):
                raise ValueError("broken")
        async with turns.one("one", writes=True):
            return True

    assert run_alone(story())


def test_who_is_cancelled_while_waiting_or_in_turn_blocks_nobody():
    async def story():
        turns = Turns(1)

        async def hold(event):
            async with turns.one("one", writes=False):
                await event.wait()

        event = asyncio.Event()
        first, second = (asyncio.ensure_future(hold(event)) for _ in range(2))
        await asyncio.sleep(0)
        second.cancel()
        first.cancel()
        await asyncio.wait([first, second])
        async with turns.one("two", writes=False):
            return True

    assert run_alone(story())


def test_who_gives_up_in_the_moment_of_their_turn_takes_no_thread_along():
    async def story():
        turns = Turns(1)
        event = asyncio.Event()

        async def hold(network):
            async with turns.one(network, writes=False):
                await event.wait()

        first = asyncio.ensure_future(hold("one"))
        await asyncio.sleep(0)
        second = asyncio.ensure_future(hold("two"))
        await asyncio.sleep(0)
        event.set()  # the first gives its thread back before the second hears that it has left
        second.cancel()
        await asyncio.wait([first, second])
        assert first.exception() is None
        async with asyncio.timeout(5), turns.one("three", writes=False):
            return True

    assert run_alone(story())


def test_one_network_never_has_all_of_many_threads():
    async def story(floor):
        for number in range(6):
            floor.enter(f"loud {number}", "loud")
        await floor.settle()
        assert floor.order == ["loud 0", "loud 1", "loud 2"]
        floor.enter("quiet", "quiet")
        await floor.settle()
        assert floor.order[3:] == ["quiet"]
        floor.leave("quiet")
        await floor.settle()
        assert floor.order[4:] == []
        floor.leave("loud 0")
        await floor.settle()
        assert floor.order[4:] == ["loud 3"]

    on_a_floor(4, story)

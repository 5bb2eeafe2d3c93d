"""Who gets a thread next, so that nobody can make others wait.

Requests wait by network, and networks take turns: whoever sends a hundred at once waits for
themselves. Requests that may write wait in a lane of their own that never gets all threads, so
that writers who wait for the database leave a thread to readers. Both lanes are bounded in number
and time: whoever would wait longer is told so at once.
"""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

# How many requests may wait for a thread of this process, in all and from one network, and for
# how many seconds.
MOST_WAITING, MOST_OF_ONE_NETWORK = 1024, 256
LONGEST_WAIT = 10
# From so many threads on, one network never has all of them.
ENOUGH = 4


class TooBusyError(Exception):
    """No thread is free for this request, and no place to wait for one."""


class Turns:
    """Hands out ``threads`` permits; all methods run in one event loop, so nothing is locked."""

    def __init__(self, threads: int):
        self._free = threads
        # One thread at least is always for readers, unless there is only one.
        self._writing_free = max(1, threads // 2)
        self._most_of_one_network = threads - 1 if threads >= ENOUGH else threads
        self._running = Counter()  # by network
        self._lanes = {False: Lane(), True: Lane()}
        self._next_writes = False

    @asynccontextmanager
    async def one(self, network: str, *, writes: bool) -> AsyncIterator[None]:
        """Context manager: hold a permit inside. Raises TooBusyError."""
        await self._take(network, writes)
        try:
            yield
        finally:
            self._give_back(network, writes)

    async def _take(self, network, writes):
        lane = self._lanes[writes]
        mine = lane.join(network)
        self._hand_out()
        if mine.done():
            return
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                await mine
        except (TimeoutError, asyncio.CancelledError) as error:
            has_it = mine.done() and not mine.cancelled()  # granted in the same moment
            if not has_it:
                lane.give_up(network, mine)
            if isinstance(error, TimeoutError):
                if has_it:
                    return
                raise TooBusyError from None
            if has_it:
                self._give_back(network, writes)
            raise

    def _may(self, writes):
        return self._free > 0 and (not writes or self._writing_free > 0)

    def _may_run(self, network):
        return self._running[network] < self._most_of_one_network

    def _hand_out(self):
        """Give threads to those who wait; return the last one's ``writes``, or None."""
        last = None
        for writes in (self._next_writes, not self._next_writes):
            while self._may(writes) and (turn := self._lanes[writes].leave(self._may_run)):
                network, waiting = turn
                last = writes
                self._free -= 1
                self._writing_free -= writes
                self._running[network] += 1
                waiting.set_result(None)
        return last

    def _give_back(self, network, writes):
        self._free += 1
        self._writing_free += writes
        self._running[network] -= 1
        if not self._running[network]:
            del self._running[network]
        last = self._hand_out()
        if last is not None:
            # The lanes take turns, too: otherwise many readers would never let a writer through.
            self._next_writes = not last


class Lane:
    """Those who wait, by network; the networks take turns, and each keeps its own order."""

    def __init__(self):
        self._networks: OrderedDict[str, deque[asyncio.Future]] = OrderedDict()
        self._count = 0

    def join(self, network: str) -> asyncio.Future:
        """Return a future that is done when it is this request's turn. Raises TooBusyError."""
        queue = self._networks.setdefault(network, deque())
        if self._count >= MOST_WAITING or len(queue) >= MOST_OF_ONE_NETWORK:
            if not queue:
                del self._networks[network]
            raise TooBusyError
        future = asyncio.get_running_loop().create_future()
        queue.append(future)
        self._count += 1
        return future

    def give_up(self, network: str, future: asyncio.Future) -> None:
        """Let a request go that has not had its turn, unless it has left already."""
        queue = self._networks.get(network, ())
        if future in queue:
            queue.remove(future)
            self._count -= 1
            if not queue:
                del self._networks[network]

    def leave(self, may_run: Callable[[str], bool]) -> tuple[str, asyncio.Future] | None:
        """Return ``(network, future)`` whose turn it is, or None if nobody waits that may run."""
        for network in list(self._networks):
            if not may_run(network):
                continue
            queue = self._networks.pop(network)
            while queue:
                self._count -= 1
                future = queue.popleft()
                if not future.done():  # otherwise whoever waited has gone, and nobody told us yet
                    if queue:
                        self._networks[network] = queue  # to the end
                    return network, future
        return None

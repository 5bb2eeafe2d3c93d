"""Who gets a thread next, so that nobody can make others wait.

Requests wait by network, and networks take turns: whoever sends a hundred at once waits for
themselves. Requests that may write wait in a lane of their own that never gets all threads, so
that writers who wait for the database leave a thread to readers. Both lanes are bounded in number
and time: whoever would wait longer is told so at once.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

# How many requests may wait for a thread of this process, in all and from one network, and for
# how many seconds.
MOST_WAITING, MOST_OF_ONE_NETWORK = 1024, 256
LONGEST_WAIT = 10


class TooBusyError(Exception):
    """No thread is free for this request, and no place to wait for one."""


class Turns:
    """Hands out ``threads`` permits; all methods run in one event loop, so nothing is locked."""

    def __init__(self, threads: int):
        self._free = threads
        # One thread at least is always for readers, unless there is only one.
        self._writing_free = max(1, threads // 2)
        self._lanes = {False: Lane(), True: Lane()}
        self._next_writes = False

    @asynccontextmanager
    async def one(self, network: str, *, writes: bool) -> AsyncIterator[None]:
        """Context manager: hold a permit inside. Raises TooBusyError."""
        await self._take(network, writes)
        try:
            yield
        finally:
            self._give_back(writes)

    async def _take(self, network, writes):
        lane = self._lanes[writes]
        if not lane and self._may(writes):
            self._grant(writes)
            return
        mine = lane.join(network)
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                await mine
        except TimeoutError:
            if mine.done() and not mine.cancelled():  # granted in the same moment
                return
            lane.give_up(network, mine)
            raise TooBusyError from None
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._give_back(writes)
            else:
                lane.give_up(network, mine)
            raise

    def _may(self, writes):
        return self._free > 0 and (not writes or self._writing_free > 0)

    def _grant(self, writes):
        self._free -= 1
        self._writing_free -= writes

    def _give_back(self, writes):
        self._free += 1
        self._writing_free += writes
        # The lanes take turns, too: otherwise many readers would never let a writer through.
        for writing in (self._next_writes, not self._next_writes):
            while self._may(writing) and (waiting := self._lanes[writing].leave()):
                self._next_writes = not writing
                self._grant(writing)
                waiting.set_result(None)


class Lane:
    """Those who wait, by network; the networks take turns, and each keeps its own order."""

    def __init__(self):
        self._networks: OrderedDict[str, deque[asyncio.Future]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

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
        """Let a request go that has not had its turn."""
        queue = self._networks[network]
        queue.remove(future)
        self._count -= 1
        if not queue:
            del self._networks[network]

    def leave(self) -> asyncio.Future | None:
        """Return the future whose turn it is, or None if nobody waits."""
        if not self._networks:
            return None
        network, queue = self._networks.popitem(last=False)
        self._count -= 1
        future = queue.popleft()
        if queue:
            self._networks[network] = queue  # to the end
        return future

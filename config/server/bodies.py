"""Reads what a request sends, before it gets a thread.

A thread that waits for a slow sender serves nobody, so nobody gets one until their words are
here. What may arrive at once is bounded for each network and for this process; each body has a
deadline that grows with its length.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterable
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from django.utils.translation import gettext as _

# Bodies that are arriving at once, from one network and in all.
MOST_OF_ONE_NETWORK, MOST = 32, 512
# A body has so many seconds, and one more for each SLOWEST bytes.
SECONDS, SLOWEST = 10, 16 * 1024
# Bytes of a body that are kept in memory; longer ones go to a file that has no name.
IN_MEMORY = 128 * 1024
# The bytes of those that do, from one network and in all: short words always find room beside them.
MOST_BYTES_OF_ONE_NETWORK, MOST_BYTES = 64 * 1024 * 1024, 256 * 1024 * 1024

# Of a body that is refused for its length, so many bytes are thrown away before the answer, as long
# as they come without such a pause (seconds): a browser that is cut off while it sends shows an
# error of its own instead of our sentence.
THROWN_AWAY, PAUSE = 8 * 1024 * 1024, 1


class BodyError(Exception):
    """This body is not read; ``status`` is the answer's, ``sentence`` says why."""

    def __init__(self, status: int, sentence: str):
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


class Bodies:
    """The bodies that are arriving; all methods run in one event loop, so nothing is locked."""

    def __init__(self):
        self._arriving, self._bytes = Counter(), Counter()  # by network

    async def read(
        self, chunks: AsyncIterable[bytes], most: int, network: str, *, exact: bool = True
    ) -> tuple[BinaryIO, int]:
        """Return ``(file, length)`` of a body, the file at its beginning. Raises BodyError.

        ``most`` is its length in bytes or, if not ``exact``, as many as it may have.
        """
        self._admit(network, most)
        try:
            async with asyncio.timeout(SECONDS + most / SLOWEST):
                return await _all_of(chunks, most, exact)
        except TimeoutError:
            raise BodyError(408, _("What you sent arrived too slowly. Please try again.")) from None
        finally:
            self._release(network, most)

    async def discard(self, chunks: AsyncIterable[bytes], network: str) -> None:
        """Take what arrives of a refused body, and forget it; give up where it would take long."""
        self._admit(network, 0)
        left, arriving = THROWN_AWAY, aiter(chunks)
        try:
            async with asyncio.timeout(SECONDS):
                while left > 0:
                    left -= len(await asyncio.wait_for(anext(arriving), PAUSE))
        except (TimeoutError, StopAsyncIteration):
            return
        finally:
            self._release(network, 0)

    def _admit(self, network, length):
        if (
            self._arriving.total() >= MOST
            or self._arriving[network] >= MOST_OF_ONE_NETWORK
            or (length > IN_MEMORY and not self._has_room_for(network, length))
        ):
            raise BodyError(
                503,
                _("This blog is receiving too much at the moment. Please try again in a minute."),
            )
        self._arriving[network] += 1
        self._bytes[network] += _counted(length)

    def _has_room_for(self, network, length):
        return (
            self._bytes[network] + length <= MOST_BYTES_OF_ONE_NETWORK
            and self._bytes.total() + length <= MOST_BYTES
        )

    def _release(self, network, length):
        self._bytes[network] -= _counted(length)
        self._arriving[network] -= 1
        if not self._arriving[network]:
            del self._arriving[network], self._bytes[network]


def _counted(length):
    return length if length > IN_MEMORY else 0


async def _all_of(chunks, most, exact):
    file, length = SpooledTemporaryFile(IN_MEMORY), 0  # noqa: SIM115  the caller closes it
    try:
        async for chunk in chunks:
            length += len(chunk)
            if length > most:
                raise BodyError(413, _("What you sent is too long for this blog."))
            file.write(chunk)
        if exact and length != most:  # half of somebody's words is not what they wrote
            raise BodyError(400, _("What you sent didn’t arrive completely. Please try again."))
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file, length

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

# Bodies that are arriving at once, from one network and in all; and their bytes in all.
MOST_OF_ONE_NETWORK, MOST = 32, 512
MOST_BYTES = 256 * 1024 * 1024
# A body has so many seconds, and one more for each SLOWEST bytes.
SECONDS, SLOWEST = 10, 16 * 1024
# Bytes of a body that are kept in memory; longer ones go to a file that has no name.
IN_MEMORY = 128 * 1024


class BodyError(Exception):
    """This body is not read; ``status`` is the answer's, ``sentence`` says why."""

    def __init__(self, status: int, sentence: str):
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


class Bodies:
    """The bodies that are arriving; all methods run in one event loop, so nothing is locked."""

    def __init__(self):
        self._arriving = Counter()
        self._bytes = 0

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
            raise BodyError(408, "What you sent arrived too slowly. Please try again.") from None
        finally:
            self._release(network, most)

    def _admit(self, network, length):
        if (
            self._arriving.total() >= MOST
            or self._arriving[network] >= MOST_OF_ONE_NETWORK
            or self._bytes + length > MOST_BYTES
        ):
            raise BodyError(
                503, "Too much is being sent to this blog. Please try again in a minute."
            )
        self._arriving[network] += 1
        self._bytes += length

    def _release(self, network, length):
        self._bytes -= length
        self._arriving[network] -= 1
        if not self._arriving[network]:
            del self._arriving[network]


async def _all_of(chunks, most, exact):
    file, length = SpooledTemporaryFile(IN_MEMORY), 0  # noqa: SIM115  the caller closes it
    try:
        async for chunk in chunks:
            length += len(chunk)
            if length > most:
                raise BodyError(413, "What you sent is too long for this blog.")
            file.write(chunk)
        if exact and length != most:  # half of somebody's words is not what they wrote
            raise BodyError(400, "What you sent did not arrive whole. Please try again.")
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file, length

"""The queue for drawing pictures: one at a time on a machine, so that readers keep a core.

A photograph of 50 megapixels takes seconds of CPU and up to 400 MB while it is made smaller. The
turn is a lock on a file in DATA_DIR, which the system releases when a process dies.
"""

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils.translation import gettext

from accounts.refusal import Refused

FILE = "drawing.lock"
PATIENCE = 20  # seconds that a request waits for its turn: a few photographs
LOOKS_EVERY = 0.05  # seconds; the system has no lock with a deadline
RETRY_AFTER = 10  # seconds
# Threads of one process that draw or wait for their turn. The others are for readers.
MOST_THREADS = 2
places = threading.BoundedSemaphore(MOST_THREADS)


class Busy(Refused):
    """Other pictures are being drawn; nothing was stored. ``retry_after`` is in seconds."""

    retry_after = RETRY_AFTER

    def __init__(self) -> None:
        super().__init__(
            gettext(
                "Other images are being processed, so this one wasn’t saved yet. Please "
                "choose it again in a few seconds. Nothing else is lost."
            )
        )


@contextmanager
def turn() -> Iterator[None]:
    """Context manager: wait for the turn to draw, and have it inside. Raises Busy."""
    if not places.acquire(blocking=False):
        raise Busy
    try:
        with (settings.DATA_DIR / FILE).open("a") as file:
            _lock(file, time.monotonic() + PATIENCE)
            yield
    finally:
        places.release()


def _lock(file, until):
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise Busy from None
        time.sleep(LOOKS_EVERY)

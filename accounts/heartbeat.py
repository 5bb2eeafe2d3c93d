"""Signs of life of the process that does due work, for whoever watches it.

A step that takes long gives one whenever it has got further: each query does it by itself, and so
does each reply of a mail server. Elsewhere, as in tests and requests, nobody listens.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import connection

# Seconds between the signs of :func:`meanwhile`, far fewer than whoever watches waits for one.
SIGNS_EVERY = 5
# The pipes to write into.
watchers: list[int] = []


def beat() -> None:
    """Say that the work got further. It costs next to nothing."""
    for pipe in watchers:
        # Full: the watcher has not looked for a while. Broken: it has ended, and so will we.
        with suppress(OSError):
            os.write(pipe, b".")


def each(items: Iterable) -> Iterator:
    """Yield these, with a sign of life for each: for long work that asks the database little."""
    for item in items:
        beat()
        yield item


@contextmanager
def meanwhile(seconds: float) -> Iterator[None]:
    """Context manager: give signs of life for so many seconds, or until the work inside is done.

    For one long statement, which nobody sees getting further. Once they are over, work that still
    goes on is taken for stuck as any other.
    """
    done, end = threading.Event(), time.monotonic() + seconds

    def give_signs():
        while not done.wait(SIGNS_EVERY) and time.monotonic() < end:
            beat()

    signs = threading.Thread(target=give_signs, name=meanwhile.__name__, daemon=True)
    signs.start()
    try:
        yield
    finally:
        done.set()
        signs.join()


def tell(pipe: int) -> None:
    """Write a byte into this pipe (its file descriptor) at each :func:`beat` from now on.

    Each query that this thread finishes is one, too: a step that reads and writes gets further,
    and one that waits for a lock does not.
    """
    os.set_blocking(pipe, False)
    watchers.append(pipe)
    connection.execute_wrappers.append(and_beat)


def and_beat(execute: Callable, *query: Any) -> Any:
    """Wrapper of queries: give a sign of life after each that succeeded."""
    result = execute(*query)
    beat()
    return result

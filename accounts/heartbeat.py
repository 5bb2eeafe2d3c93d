"""Signs of life of the process that does due work, for whoever watches it.

A step that takes long gives one whenever it has got further: each query does it by itself, and so
does each reply of a mail server. Elsewhere, as in tests and requests, nobody listens.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

from django.db import connection

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

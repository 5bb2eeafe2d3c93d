"""The process of `run_due --forever` that runs beside the server and ends with it.

It has a process group of its own, so that Ctrl+C in a terminal reaches only the server, which
then stops it. A server that is killed stops nothing, so the process checks for its parent itself.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

# The time to finish the mail that is being sent at a stop.
SECONDS_TO_STOP = 15


def start() -> subprocess.Popen | None:
    """Start the process and return it, or None if RUN_DUE is off."""
    if not settings.RUN_DUE:
        return None
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_due", "--forever"]
    return subprocess.Popen(  # noqa: S603  (a command of ours, without a word from outside)
        [*command, "--beside", str(os.getpid())],
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        process_group=0,
    )


def stop(process: subprocess.Popen | None) -> None:
    """Stop what :func:`start` returned."""
    if process is None:
        return
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def due_work() -> Iterator[None]:
    """Context manager: run the process beside the server that runs inside."""
    process = start()
    try:
        yield
    finally:
        stop(process)

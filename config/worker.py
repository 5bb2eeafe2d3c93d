"""The process of `run_due --forever` that runs beside the server and ends with it.

One that ends by itself is started again. It has a process group of its own, so that Ctrl+C in a
terminal reaches only the server, which then stops it. A server that is killed stops nothing, so
the process checks for its parent itself.
"""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

log = logging.getLogger(__name__)

# The time to finish the mail that is being sent at a stop.
SECONDS_TO_STOP = 15
# How often the watcher looks, how long it waits before it starts the process again (twice as long
# each time, up to the second), and how long one has to live for that to begin anew; in seconds.
LOOKS_EVERY, FIRST_PAUSE, LONGEST_PAUSE, LIVED_WELL = 0.5, 1, 60, 60


def start() -> subprocess.Popen:
    """Start the process and return it."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_due", "--forever"]
    return subprocess.Popen(  # noqa: S603  (a command of ours, without a word from outside)
        [*command, "--beside", str(os.getpid())],
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        process_group=0,
    )


def stop(process: subprocess.Popen) -> None:
    """Stop what :func:`start` returned."""
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def due_work() -> Iterator[None]:
    """Context manager: run the process beside the server inside, unless RUN_DUE is off."""
    if not settings.RUN_DUE:
        yield
        return
    stopping = threading.Event()
    watcher = threading.Thread(target=_keep_running, args=[start(), stopping], daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stopping.set()
        watcher.join()


def _keep_running(process, stopping):
    """Start the process again whenever it ends, until ``stopping`` is set; then stop it."""
    began, pause = time.monotonic(), FIRST_PAUSE
    while not stopping.wait(LOOKS_EVERY):
        if process.poll() is None:
            continue
        if time.monotonic() - began > LIVED_WELL:
            pause = FIRST_PAUSE
        log.error("run_due has ended (%s); it is started again in %d s", process.returncode, pause)
        if stopping.wait(pause):
            break
        pause = min(2 * pause, LONGEST_PAUSE)
        try:
            process, began = start(), time.monotonic()
        except OSError:  # no memory, or no room for a process: next time perhaps
            log.exception("run_due could not be started")
    stop(process)

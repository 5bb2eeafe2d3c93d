"""`run_due --forever` beside the server, as a process that ends with it.

It has a process group of its own, so that Ctrl+C in a terminal reaches the server alone, which
then ends it. A server that is killed ends nothing: so it looks itself whether its parent lives.
"""

import os
import subprocess
import sys
from contextlib import contextmanager

from django.conf import settings

# For the mail that is being sent when it is told to stop.
SECONDS_TO_STOP = 15


def start():
    """Start it and return the process, or None where RUN_DUE is off."""
    if not settings.RUN_DUE:
        return None
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_due", "--forever"]
    return subprocess.Popen(  # noqa: S603  (a command of ours, without a word from outside)
        [*command, "--beside", str(os.getpid())],
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        process_group=0,
    )


def stop(process):
    """End what :func:`start` returned."""
    if process is None:
        return
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def due_work():
    """Do what is due beside the server that runs inside this context."""
    process = start()
    try:
        yield
    finally:
        stop(process)

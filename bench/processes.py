"""Processes that the benchmark starts, each ended by its own number, whatever happens.

Each gets a session of its own, so that Ctrl+C reaches the benchmark alone, which then ends
them in order.
"""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from bench import measure

ROOT = Path(__file__).resolve().parents[1]
SECONDS_TO_STOP = 20
_started = []


def start(command, *, environment=None, capture=False, log=None):
    """Start a command in the checkout and return it; ``log`` is a path for what it says."""
    with contextlib.ExitStack() as files:
        out = subprocess.PIPE if capture else files.enter_context(open(log or os.devnull, "ab"))
        running = subprocess.Popen(  # noqa: S603  our own commands, no shell
            [str(part) for part in command],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
        )
    _started.append(running)
    return running


def finish(command, *, environment=None):
    """Run a command to its end and return what it said. Raises RuntimeError where it fails."""
    running = start(command, environment=environment, capture=True)
    told = running.communicate()[0]
    if running.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{told[-3000:]}")
    return told


def stop(running):
    """End a process and those that it started; by force those that do not end."""
    _started.remove(running)
    if running.poll() is not None:
        # It has ended, and its number may be somebody else's by now.
        return
    left = [(pid, born) for pid in measure.family(running.pid) if (born := measure.birth(pid))]
    running.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        running.wait(SECONDS_TO_STOP)
    # The same holds for the others; the time of birth tells.
    while left := [(pid, born) for pid, born in left if measure.birth(pid) == born]:
        for pid, _born in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
    running.wait()


def stop_all():
    """End whatever has not ended."""
    for running in reversed(_started.copy()):
        stop(running)

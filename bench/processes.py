"""Processes that the benchmark starts, each stopped by its pid, whatever happens.

Each gets a session of its own, so that Ctrl+C reaches only the benchmark, which then stops them
in order.
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


def start(
    command: list,
    *,
    environment: dict[str, str] | None = None,
    capture: bool = False,
    log: Path | None = None,
) -> subprocess.Popen:
    """Start a command in the checkout and return its process; ``log`` is a path for its output."""
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


def finish(command: list, *, environment: dict[str, str] | None = None) -> str:
    """Run a command to its end and return its output. Raises RuntimeError if it fails."""
    running = start(command, environment=environment, capture=True)
    output = running.communicate()[0]
    if running.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{output[-3000:]}")
    return output


def stop(running: subprocess.Popen) -> None:
    """Terminate a process and its descendants, and kill those that do not end."""
    _started.remove(running)
    if running.poll() is not None:
        # It has ended, and its pid may belong to another process by now.
        return
    left = [(pid, born) for pid in measure.family(running.pid) if (born := measure.birth(pid))]
    running.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        running.wait(SECONDS_TO_STOP)
    # The same holds for its descendants; their start times identify them.
    while left := [(pid, born) for pid, born in left if measure.birth(pid) == born]:
        for pid, _born in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
    running.wait()


def stop_all() -> None:
    """Stop all processes that have not ended."""
    for running in reversed(_started.copy()):
        stop(running)

"""The process of `run_due --forever` that runs beside the server and ends with it.

One that ends by itself, or gets no further, is ended and started again. It has a process group of
its own, so that Ctrl+C in a terminal reaches only the server, which then stops it. A server that is
killed stops nothing, so the process checks for its parent itself.

It gives a sign of life whenever its work has got further (accounts/heartbeat.py). The watcher hears
it through a pipe and passes it on as the time of a file, which the health check of each worker
process looks at: neither needs the database, which may be what hangs.
"""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

log = logging.getLogger(__name__)

# The time to finish the mail that is being sent at a stop; a process that is stuck gets less.
SECONDS_TO_STOP, SECONDS_IF_STUCK = 15, 5
# How often the watcher looks, how long it waits before it starts the process again (twice as long
# each time, up to the second), and how long one has to live for that to begin anew; in seconds.
LOOKS_EVERY, FIRST_PAUSE, LONGEST_PAUSE, LIVED_WELL = 0.5, 1, 60, 60
# After so many seconds without a sign of life the process is stuck. The longest waits that are none
# have bounds of their own: a mail server's reply 10 s, SQLite's lock 10 s.
STUCK_AFTER = 60
# ... and after so many the health check says so: time for one start that failed, and the next.
LATE_AFTER = 120
# The environment variable by which worker processes know the file.
SIGN_OF_LIFE = "HEARTH_DUE_WORK_SIGN"
FILES = "due-work-"


def gets_on() -> bool:
    """Return whether the process beside this server has got further within LATE_AFTER.

    Also where none is meant to run, or nobody can tell. Called in the server's worker processes.
    """
    try:
        heard = Path(os.environ[SIGN_OF_LIFE]).stat().st_mtime_ns
    except (KeyError, OSError):
        return True
    return time.monotonic_ns() - heard < LATE_AFTER * 10**9


@contextmanager
def due_work() -> Iterator[None]:
    """Context manager: run the process beside the server inside, unless RUN_DUE is off."""
    if not settings.RUN_DUE:
        yield
        return
    stopping = threading.Event()
    with sign_of_life() as file:
        beside = Beside(file)
        beside.start()
        watcher = threading.Thread(target=keep_running, args=[beside, stopping], daemon=True)
        watcher.start()
        try:
            yield
        finally:
            stopping.set()
            watcher.join()


@contextmanager
def sign_of_life() -> Iterator[Path]:
    """Yield the path of the file whose time is that of the last sign of life."""
    # Those of servers that were killed. That of another one that runs is made again at its next.
    for old in settings.DATA_DIR.glob(f"{FILES}*"):
        old.unlink(missing_ok=True)
    file = settings.DATA_DIR / f"{FILES}{os.getpid()}"
    os.environ[SIGN_OF_LIFE] = str(file)
    try:
        yield file
    finally:
        del os.environ[SIGN_OF_LIFE]
        file.unlink(missing_ok=True)


class Beside:
    """The process, and when it last got further. ``file`` is what the health check looks at.

    ``began`` and ``heard`` are times of the monotonic clock, ``signs`` is our end of the pipe.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.process = None
        self.signs = None
        self.began = self.heard = 0.0
        self._pass_on()

    def start(self) -> None:
        """Start the process. One that cannot be started has ended: a line in the log says why."""
        self._close()
        self.process, self.began = None, time.monotonic()
        self.heard = self.began
        try:
            self.signs, theirs = os.pipe()
            os.set_blocking(self.signs, False)
            try:
                self.process = launch(theirs)
            finally:
                os.close(theirs)
        except OSError:  # no memory, or no room for a process or a file: next time perhaps
            log.exception("run_due couldn’t be started")

    def end(self, seconds: float = SECONDS_TO_STOP) -> None:
        """Ask the process to stop, and kill it if it has not after so many seconds."""
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._close()

    def runs(self) -> bool:
        """Hear its signs of life; return whether the process is there."""
        if self._hears():
            self.heard = time.monotonic()
            self._pass_on()
        return self.process is not None and self.process.poll() is None

    def is_stuck(self) -> bool:
        return time.monotonic() - self.heard > STUCK_AFTER

    def lived_well(self) -> bool:
        """Return whether the process, which has ended, was of use for a while."""
        return self.process is not None and self.heard - self.began > LIVED_WELL

    @property
    def how_it_ended(self) -> str:
        return "not started" if self.process is None else str(self.process.returncode)

    def _hears(self):
        if self.signs is None:
            return False
        with suppress(BlockingIOError):  # nothing said
            return bool(os.read(self.signs, 1 << 16))
        return False

    def _pass_on(self):
        # The clock that nobody sets, and that all processes of a machine share.
        now = time.monotonic_ns()
        # A full or broken disk is no reason to stop watching.
        with suppress(OSError):
            self.file.touch()
            os.utime(self.file, ns=(now, now))

    def _close(self):
        if self.signs is not None:
            os.close(self.signs)
        self.signs = None


def launch(pipe: int) -> subprocess.Popen:
    """Start the process, which says in this pipe when it gets further; may raise OSError."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_due", "--forever"]
    return subprocess.Popen(  # noqa: S603  (a command of ours, without a word from outside)
        [*command, "--beside", str(os.getpid()), "--signs", str(pipe)],
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        process_group=0,
        pass_fds=[pipe],
    )


def keep_running(beside: Beside, stopping: threading.Event) -> None:
    """Start the process again whenever it ends or is stuck, until ``stopping``; then end it."""
    pause = FIRST_PAUSE
    while not stopping.wait(LOOKS_EVERY):
        if beside.runs():
            if not beside.is_stuck():
                continue
            log.error("run_due hasn’t made progress for %d s and is being stopped", STUCK_AFTER)
            beside.end(SECONDS_IF_STUCK)
        if beside.lived_well():
            pause = FIRST_PAUSE
        words = "run_due has stopped (%s); it will be restarted in %d s"
        log.error(words, beside.how_it_ended, pause)
        if stopping.wait(pause):
            break
        pause = min(2 * pause, LONGEST_PAUSE)
        beside.start()
    beside.end()

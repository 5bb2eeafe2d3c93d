"""The watcher of the process for due work: dead, stuck, or impossible to start."""

import os
import subprocess
import sys
import threading
import time
from io import BytesIO

import pytest
from django.db import connection

from accounts import heartbeat
from accounts.models import Mail
from accounts.privacy import archive_format
from accounts.privacy.registry import DataSubject
from config import worker
from tests.comments.factories import say

# Says once that it got further, then hangs and does not listen to SIGTERM.
HANGS = """
import os, signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.write(int(sys.argv[1]), b".")
print("hangs", flush=True)
signal.pause()
"""
DIES = "raise SystemExit(3)"


class Steps(threading.Event):
    """A ``stopping`` that notes each pause, takes none longer than a blink, and ends after some."""

    def __init__(self, pauses):
        super().__init__()
        self.left, self.pauses = pauses, []

    def wait(self, seconds=None):
        if seconds == worker.LOOKS_EVERY:
            return super().wait(0.01)
        self.pauses.append(seconds)
        if len(self.pauses) == self.left:
            self.set()
        return self.is_set()


class Said(list):
    """What would be in the log."""

    def error(self, words, *values):
        self.append(words % values)

    exception = error


@pytest.fixture(autouse=True)
def said(monkeypatch):
    said = Said()
    monkeypatch.setattr(worker, "log", said)
    return said


@pytest.fixture
def started(monkeypatch):
    """Start these scripts in turn, the last one again and again; list what was started."""
    processes = []

    def start_instead(*scripts):
        def start(pipe):
            script = scripts[min(len(processes), len(scripts) - 1)]
            command = [sys.executable, "-c", script, str(pipe)]
            process = subprocess.Popen(command, pass_fds=[pipe], stdout=subprocess.PIPE)
            processes.append(process)
            process.stdout.readline()  # until it hangs or has died
            return process

        monkeypatch.setattr(worker, "launch", start)
        return processes

    yield start_instead
    for process in processes:
        process.kill()
        process.communicate()


def watched(tmp_path, pauses):
    beside, steps = worker.Beside(tmp_path / "sign"), Steps(pauses)
    beside.start()
    worker.keep_running(beside, steps)
    return steps.pauses


def test_one_that_dies_is_started_again_after_pauses_that_grow_up_to_a_minute(
    started, tmp_path, said
):
    processes = started(DIES)
    assert watched(tmp_path, 8) == [1, 2, 4, 8, 16, 32, 60, 60]
    assert len(processes) == 8
    assert said[0] == "run_due has stopped (3); it will be restarted in 1 s"


def test_one_that_cannot_be_started_is_tried_again_after_pauses_that_grow(
    monkeypatch, tmp_path, said
):
    def start(pipe):
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(worker, "launch", start)
    files = len(os.listdir("/proc/self/fd")) if sys.platform.startswith("linux") else None
    assert watched(tmp_path, 4) == [1, 2, 4, 8]
    assert "run_due has stopped (not started); it will be restarted in 8 s" in said
    assert "run_due couldn’t be started" in said
    if files:
        assert len(os.listdir("/proc/self/fd")) == files


def test_failed_starts_do_not_begin_anew_after_one_that_lived_for_long(monkeypatch, tmp_path):
    """The pauses grow although the last one that could be started ran for days."""
    starts = []

    def start(pipe):
        starts.append(pipe)
        if len(starts) > 1:
            raise OSError(12, "Cannot allocate memory")
        return subprocess.Popen([sys.executable, "-c", DIES])

    monkeypatch.setattr(worker, "launch", start)
    beside, steps = worker.Beside(tmp_path / "sign"), Steps(4)
    beside.start()
    beside.began -= 100_000
    worker.keep_running(beside, steps)
    assert steps.pauses == [1, 2, 4, 8]


def test_one_that_gets_no_further_is_ended_and_another_started(
    started, monkeypatch, tmp_path, said
):
    monkeypatch.setattr(worker, "STUCK_AFTER", 0.2)
    monkeypatch.setattr(worker, "SECONDS_IF_STUCK", 0.2)
    processes = started(HANGS)
    assert watched(tmp_path, 2) == [1, 2]
    assert [process.returncode for process in processes] == [-9, -9]
    assert "run_due hasn’t made progress for 0 s and is being stopped" in said
    assert "run_due has stopped (-9); it will be restarted in 1 s" in said


def test_one_that_gets_further_is_left_alone_however_long_a_step_takes(tmp_path):
    beside = worker.Beside(tmp_path / "sign")
    beside.signs, theirs = os.pipe()
    os.set_blocking(beside.signs, False)
    beside.heard = time.monotonic() - worker.STUCK_AFTER - 1
    beside.runs()
    assert beside.is_stuck()
    os.write(theirs, b"." * 1000)
    beside.runs()
    assert not beside.is_stuck()
    os.close(theirs)
    beside.end()


def test_a_watcher_that_does_not_listen_holds_up_no_work(monkeypatch, db):
    hears, tells = os.pipe()
    monkeypatch.setattr(heartbeat, "watchers", [])
    heartbeat.tell(tells)
    try:
        for _ in range(100_000):  # more than a pipe holds
            heartbeat.beat()
        os.close(hears)
        heartbeat.beat()
    finally:
        os.close(tells)
        connection.execute_wrappers.remove(heartbeat.and_beat)


def test_each_query_is_a_sign_of_life_and_one_that_fails_is_none(monkeypatch, db):
    signs = []
    monkeypatch.setattr(heartbeat, "beat", lambda: signs.append("."))
    with connection.execute_wrapper(heartbeat.and_beat):
        Mail.objects.exists()
        assert len(signs) == 1
    with pytest.raises(ZeroDivisionError):
        heartbeat.and_beat(lambda *_: 1 / 0, "SELECT", [], False, {})
    assert len(signs) == 1


def test_an_archive_gives_a_sign_of_life_for_each_record_it_reads_and_writes(
    bob, published_post, monkeypatch
):
    post = published_post(comment_mode="open")
    for number in range(30):
        say(post, body=f"Words {number}", user=bob)
    signs = []
    monkeypatch.setattr(heartbeat, "beat", lambda: signs.append("."))
    archive_format.pack(DataSubject.from_user(bob), BytesIO())
    assert len(signs) >= 2 * 30


@pytest.fixture
def sign(monkeypatch):
    """An event that is set by each sign of life."""
    sign = threading.Event()
    monkeypatch.setattr(heartbeat, "beat", sign.set)
    monkeypatch.setattr(heartbeat, "SIGNS_EVERY", 0.01)
    return sign


def test_one_long_statement_gives_signs_of_life_until_it_is_done(sign):
    with heartbeat.meanwhile(60):
        for _ in range(3):
            assert sign.wait(60)
            sign.clear()
    assert heartbeat.meanwhile.__name__ not in {each.name for each in threading.enumerate()}


def test_one_that_never_ends_gives_no_signs_any_more(sign):
    with heartbeat.meanwhile(0):
        for each in threading.enumerate():
            if each.name == heartbeat.meanwhile.__name__:
                each.join()
        assert not sign.is_set()


def test_the_file_of_a_killed_server_is_cleared_away(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    (tmp_path / "due-work-1").touch()
    monkeypatch.delenv(worker.SIGN_OF_LIFE, raising=False)
    with worker.sign_of_life() as file:
        worker.Beside(file)
        assert list(tmp_path.iterdir()) == [file]
        assert worker.gets_on()
    assert list(tmp_path.iterdir()) == []

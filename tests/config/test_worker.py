"""`run_due --forever` beside the server: it does due work, and ends with the server."""

import os
import queue
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.accounts.smtp_server import PostOffice
from tests.conftest import PASSWORD
from tests.house.server import ROOT, Site, Visitor, free_port
from tests.waits import PATIENCE

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="looks into /proc for children"
)


@pytest.fixture
def office():
    with PostOffice() as office:
        yield office


@pytest.fixture
def site(filled_data, tmp_path, office):
    folder = shutil.copytree(filled_data, tmp_path / "data")
    site = Site(folder, WORKERS="1", **office.settings)
    yield site
    if site.process and site.process.poll() is None:
        site.stop()


def ask_for_a_new_password(site):
    # A worker reports its start a moment before it listens.
    with socket.socket() as door:
        while door.connect_ex(("127.0.0.1", site.port)):
            assert site.process.poll() is None
    Visitor().send(f"{site.url}/account/password/reset/", email="bob@example.org")


def gone(process):
    """Wait until a process that is not our child has ended."""
    descriptor = os.pidfd_open(int(process))
    return bool(select.select([descriptor], [], [], PATIENCE)[0])


def test_a_mail_is_sent_while_the_server_runs_and_both_end_together(site, office):
    site.start()
    beside = site.due_work()
    office.hold()
    ask_for_a_new_password(site)
    assert office.reached.wait(PATIENCE)
    office.release()
    assert site.stop() == 0
    assert not Path(f"/proc/{beside}").exists()
    # The worker was stopped while sending: the mail has left, and is marked as sent.
    assert office.to() == ["bob@example.org"]


def test_the_worker_ends_with_a_server_that_is_killed(site):
    beside = site.start().due_work()
    site.stop(signal.SIGKILL, group=True)
    assert gone(beside)


def test_a_worker_that_is_killed_is_started_again(site, office):
    first = site.start().due_work()
    os.kill(int(first), signal.SIGKILL)
    site.hear("run_due has stopped (-9); it will be restarted in 1 s")
    ask_for_a_new_password(site)
    assert office.reached.wait(PATIENCE)
    assert site.due_work() not in {None, first}
    assert site.stop() == 0


def test_ctrl_c_on_the_server_ends_the_worker(site):
    beside = site.start().due_work()
    assert site.stop(signal.SIGINT, group=True) == 0
    assert not Path(f"/proc/{beside}").exists()


def test_due_work_can_be_left_to_cron(data_folder):
    site = Site(data_folder, RUN_DUE="off", WORKERS="1").start()
    assert site.due_work() is None
    # A worker that is told to stop before it serves hears it only after its time to finish.
    assert Visitor().open(f"{site.url}/healthz/")[0] == 200
    assert site.stop() == 0


def test_sigterm_ends_the_worker_cleanly(site):
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run_due", "--forever"], cwd=ROOT, env=site.environment
    )
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()
    # It is ready once it handles the signal: `SigCgt` is the mask of caught signals.
    while not catches(process.pid, signal.SIGTERM):
        assert process.poll() is None
    process.terminate()
    assert process.wait(PATIENCE) == 0
    timer.cancel()


def catches(pid, number):
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return int(caught.split()[1], 16) >> (number - 1) & 1


def test_make_run_shows_mails_in_the_console(data_folder):
    site = Site(data_folder, DEBUG="on", PORT=str(free_port()), WORKERS="1")
    site.url = site.environment["SITE_URL"] = f"http://127.0.0.1:{site.environment['PORT']}"
    site.process = subprocess.Popen(
        [sys.executable, "manage.py", "run"],
        cwd=ROOT,
        env=site.environment | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    site.lines = queue.Queue()
    threading.Thread(target=site._listen, daemon=True).start()
    site.hear("Hearth is at")
    Visitor().send(
        f"{site.url}/account/signup/",
        username="carol",
        email="carol@example.org",
        password1=PASSWORD,
        password2=PASSWORD,
    )
    site.hear("To: carol@example.org")
    beside = site.due_work()
    site.stop()
    assert gone(beside)

"""The process for due work hangs, or dies at every start: mails leave, and health says late."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading

import pytest

from config import worker
from tests.accounts.smtp_server import PostOffice
from tests.conftest import PASSWORD
from tests.house.server import ROOT, Site, Visitor
from tests.waits import wait_until

pytestmark = [
    pytest.mark.faults,
    pytest.mark.xdist_group("faults"),
    pytest.mark.skipif(
        not sys.platform.startswith("linux"), reason="looks into /proc for children"
    ),
]
# A process that hangs is noticed after a minute, health speaks after two; then some for the start.
FOR_ALL = worker.STUCK_AFTER + worker.LATE_AFTER + worker.LONGEST_PAUSE + 120


@pytest.fixture
def office():
    with PostOffice() as office:
        yield office


@pytest.fixture
def site(data_folder, office):
    site = Site(data_folder, WORKERS="1", **office.settings)
    site.fill(slug="lake", password=PASSWORD)
    site.start()
    yield site
    site.stop()


def ask_for_a_new_password(site):
    Visitor().send(f"{site.url}/account/password/reset/", email="bob@example.org")


def test_a_process_that_is_stopped_is_replaced_and_its_mail_leaves_once(site, office):
    """SIGSTOP while it sends: the claim runs out, and another process sends the mail."""
    first = site.due_work()
    os.kill(int(first), signal.SIGSTOP)
    ask_for_a_new_password(site)
    assert site.health() == (200, "ok")
    wait_until(lambda: site.due_work() not in {None, first}, FOR_ALL)
    assert office.reached.wait(FOR_ALL)
    wait_until(office.to, FOR_ALL)
    assert office.to() == ["bob@example.org"]
    assert site.health() == (200, "ok")


ENQUEUE = """
import django
django.setup()
from accounts.mail import outbox
for number in range(30):
    outbox.enqueue_rendered(
        "account/email/login_code", f"p{number:02}@example.org", subject="Code", text="1234"
    )
"""


def test_a_process_that_is_killed_while_it_sends_loses_no_mail_and_repeats_one_at_most(
    site, office
):
    first = site.due_work()
    office.hold()
    subprocess.run([sys.executable, "-c", ENQUEUE], cwd=ROOT, env=site.environment, check=True)
    assert office.reached.wait(FOR_ALL)
    # It has claimed twenty, and waits for the reply to the first one's text.
    os.kill(int(first), signal.SIGKILL)
    office.release()
    wait_until(lambda: site.due_work() not in {None, first}, FOR_ALL)
    # What it had not claimed leaves at once, the rest when its claim runs out.
    wait_until(lambda: len(office.mails) >= 10, FOR_ALL)
    with sqlite3.connect(site.folder / "hearth.sqlite3", timeout=60) as database:
        database.execute("UPDATE accounts_mail SET claimed_until = '2020-01-01 12:00:00'")
    wait_until(lambda: len(set(office.to())) == 30, FOR_ALL)
    wait_until(lambda: not waiting(site), FOR_ALL)
    assert len(office.mails) <= 31
    again = [mail["Message-ID"] for mail in office.mails]
    assert len(set(again)) == 30


def waiting(site):
    with sqlite3.connect(site.folder / "hearth.sqlite3", timeout=60) as database:
        return database.execute(
            "SELECT count(*) FROM accounts_mail WHERE sent_at IS NULL"
        ).fetchone()[0]


def test_health_says_late_with_503_while_no_process_gets_anywhere_and_readers_are_served(
    site, office
):
    stop = threading.Event()

    def kill_each_at_its_start():
        while not stop.wait(0.02):
            with contextlib.suppress(OSError):  # it has just ended
                if child := site.due_work():
                    os.kill(int(child), signal.SIGKILL)

    killer = threading.Thread(target=kill_each_at_its_start)
    killer.start()
    try:
        wait_until(lambda: site.health() == (503, "late"), FOR_ALL)
        assert "By the lake" in Visitor().page(f"{site.url}/posts/lake/")
        ask_for_a_new_password(site)
    finally:
        stop.set()
        killer.join()
    wait_until(lambda: site.health() == (200, "ok"), FOR_ALL)
    wait_until(office.to, FOR_ALL)
    assert office.to() == ["bob@example.org"]

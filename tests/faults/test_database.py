"""A database that is locked, full, gone, hanging or read-only: nothing that was sent is lost."""

import html
import re
import shutil
import socket
import sqlite3
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import psycopg
import pytest

from tests.conftest import PASSWORD
from tests.faults.postgres_server import OwnPostgres
from tests.house.server import Site, Visitor
from tests.waits import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]
OLD = "This page may be a few minutes old, because the blog can’t load anything new right now."
WORDS = "Nobody spoke on the way home, and nobody had to."


class Writer:
    """A guest with the form of a reply open."""

    def __init__(self, site, words=WORDS):
        self.site, self.words, self.visitor = site, words, Visitor()
        self.address = f"{site.url}/posts/lake/reply/"
        self.typed = {"name": "Ana", "body": words}
        self.fields = self._fields(self.visitor.page(self.address)) | self.typed

    def _fields(self, page):
        form = page.split("<main", 1)[1]
        return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))

    def send(self):
        """Send the form; return the status, after redirects."""
        self.status, self.headers, body = self.visitor.open(self.address, self.fields)
        self.page = html.unescape(body.decode())
        return self.status

    def got_their_words_back(self):
        return (
            self.status == 503
            and self.words in self.page
            and self.headers["Retry-After"]
            and "Send again" in self.page
        )

    def send_again(self):
        """Press the button of the page that gave the words back."""
        self.fields = self._fields(self.page) | self.typed
        return self.send()


def started(folder, **environment):
    site = Site(folder, COMMENTS_A_MINUTE="600", WORKERS="1", THREADS="4", **environment)
    site.fill(slug="lake", password=PASSWORD)
    return site.start()


@pytest.fixture
def sqlite_site(served_data, tmp_path):
    site = started(shutil.copytree(served_data, tmp_path / "data"))
    yield site
    assert site.stop() == 0


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a disk of 40 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", disk], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


@pytest.fixture(scope="module")
def postgres():
    server = OwnPostgres()
    yield server
    server.remove()


@pytest.fixture(scope="module")
def postgres_site(postgres, tmp_path_factory):
    key = "only for this test, but long enough to be taken for a key of production 0123456789"
    site = started(
        tmp_path_factory.mktemp("site"),
        DATABASE_URL=postgres.url,
        SECRET_KEY=key,
    )
    yield site
    site.stop()


def warm(site):
    """Read the pages that shall be in memory."""
    for _ in range(2):
        Visitor().page(f"{site.url}/")
        Visitor().page(f"{site.url}/posts/lake/")


def fill_up(path):
    """Write until the disk is full."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 4096):
            pass


def shows_old_pages(site):
    status, headers, body = Visitor().open(f"{site.url}/posts/lake/")
    return status == 200 and OLD in body.decode() and headers["Cache-Control"] == "no-store"


def shows_its_page(site):
    status, _, body = Visitor().open(f"{site.url}/posts/lake/")
    return status == 200 and OLD not in body.decode()


def stored(postgres, writer):
    """How often their words are in the database; a form sent within seconds may wait for review."""
    with psycopg.connect(postgres.url) as data:
        found = data.execute(
            "SELECT count(*) FROM comments_comment WHERE body = %s", [writer.words]
        )
        return found.fetchone()[0]


def test_twelve_writers_behind_a_lock_keep_no_reader_waiting(sqlite_site):
    site = sqlite_site
    writers = [Writer(site, f"{WORDS} {number}") for number in range(12)]
    lock = sqlite3.connect(site.folder / "hearth.sqlite3", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(12) as desks:
        sent = [desks.submit(writer.send) for writer in writers]
        for _ in range(5):
            # From memory, and made for one visitor.
            assert Visitor().open(f"{site.url}/")[0] == 200
            assert Visitor().open(f"{site.url}/posts/lake/reply/")[0] == 200
        assert not all(each.done() for each in sent)  # they were waiting meanwhile
        for each in sent:
            each.result()
    assert [writer.status for writer in writers] == [503] * 12
    assert all(writer.got_their_words_back() for writer in writers)
    lock.execute("ROLLBACK")
    assert [writer.send_again() for writer in writers] == [200] * 12
    with sqlite3.connect(site.folder / "hearth.sqlite3") as data:
        stored = data.execute("SELECT count(DISTINCT body) FROM comments_comment").fetchone()
    assert stored == (12,)


def test_a_full_disk_loses_nothing(served_data, small_disk):
    site = started(shutil.copytree(served_data, small_disk / "data"))
    try:
        writer = Writer(site)
        warm(site)
        filler = small_disk / "filler"
        fill_up(filler)
        writer.send()
        assert writer.got_their_words_back()
        assert Visitor().open(f"{site.url}/posts/lake/")[0] == 200
        filler.unlink()
        assert writer.send_again() == 200
        assert site.stop() == 0
    finally:
        if site.process.poll() is None:
            site.process.kill()


def test_readers_see_what_is_in_memory_while_postgresql_is_gone(postgres, postgres_site):
    site, writer = postgres_site, Writer(postgres_site)
    warm(site)
    postgres.stop()
    try:
        wait_until(lambda: shows_old_pages(site))
        assert Visitor().open(f"{site.url}/search/?q=lake")[0] == 503
        assert Visitor().open(f"{site.url}/healthz/")[0] == 503
        writer.send()
        assert writer.got_their_words_back()
    finally:
        postgres.start()
    wait_until(lambda: shows_its_page(site))
    assert writer.send_again() == 200
    assert stored(postgres, writer) == 1


def test_nobody_waits_for_ever_while_postgresql_hangs(postgres, postgres_site):
    site = postgres_site
    writers = [Writer(site, f"Hanging {number}: {WORDS}") for number in range(3)]
    warm(site)
    postgres.hang()
    try:
        wait_until(lambda: shows_old_pages(site))
        with ThreadPoolExecutor(3) as desks:
            list(desks.map(Writer.send, writers))
        assert all(writer.got_their_words_back() for writer in writers)
        assert shows_old_pages(site)
    finally:
        postgres.go_on()
    wait_until(lambda: shows_its_page(site))
    for writer in writers:
        assert writer.send_again() == 200
    # Whichever of the two tries was stored: once.
    assert [stored(postgres, writer) for writer in writers] == [1, 1, 1]


def test_a_read_only_postgresql_serves_readers(postgres, postgres_site):
    site, writer = postgres_site, Writer(postgres_site, f"Read only: {WORDS}")
    postgres.make("default_transaction_read_only = on")
    try:
        wait_until(lambda: writer.send() == 503)
        assert writer.got_their_words_back()
        assert Visitor().open(f"{site.url}/search/?q=lake")[0] == 200
        assert shows_its_page(site)
    finally:
        postgres.make("default_transaction_read_only = off")
    wait_until(lambda: writer.send_again() == 200)


def test_five_hundred_slow_five_hundred_silent_and_trickling_keep_nobody_waiting(sqlite_site):
    """Readers go on beside 1,700 connections that hold on to theirs."""

    site = sqlite_site
    warm(site)
    host = f"Host: 127.0.0.1:{site.port}\r\n"
    promise = f"POST /posts/lake/reply/ HTTP/1.1\r\n{host}Content-Length: 1000\r\n\r\n".encode()
    idle = f"GET / HTTP/1.1\r\n{host}\r\n".encode()
    begun = f"GET / HTTP/1.1\r\n{host}X-Slow: ".encode()
    stopped = threading.Event()
    with ExitStack() as doors:

        def connect(count, words):
            found = []
            for _ in range(count):
                door = socket.create_connection(("127.0.0.1", site.port))
                doors.enter_context(door)
                door.sendall(words)
                found.append(door)
            return found

        slow, _silent = connect(500, promise), connect(500, promise)
        trickling, _idle = connect(500, begun), connect(200, idle)

        def trickle():
            while not stopped.wait(0.5):
                for door in [*slow, *trickling]:
                    try:
                        door.send(b"a")
                    except OSError:  # refused meanwhile
                        continue

        sender = threading.Thread(target=trickle)
        sender.start()
        try:
            for _ in range(40):
                assert Visitor().open(f"{site.url}/")[0] == 200
                assert Visitor().open(f"{site.url}/posts/lake/reply/")[0] == 200
        finally:
            stopped.set()
            sender.join()

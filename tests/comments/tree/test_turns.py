"""On SQLite the writers of all processes take turns, instead of polling each other out."""

import fcntl
import threading
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from comments.models import Comment
from comments.tree import transactions
from comments.tree.transactions import in_transaction
from tests.comments.factories import say

pytestmark = [
    pytest.mark.both_databases("comments.tree.transactions"),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has locks of rows"),
]


@pytest.fixture
def turn(transactional_db):
    """The file that says whose turn it is."""
    return Path(f"{connection.settings_dict['NAME']}-turn")


def test_a_writer_waits_for_one_of_another_process(turn, published_post, monkeypatch):
    post, waits = published_post(), threading.Event()
    pause = transactions.time.sleep

    def sleep(seconds):
        waits.set()
        pause(seconds)

    def write():
        try:
            in_transaction(lambda: say(post))
        finally:
            connection.close()

    monkeypatch.setattr(transactions.time, "sleep", sleep)
    writer = threading.Thread(target=write)
    # Locks of a file belong to whoever opened it: as good as another process.
    with turn.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        writer.start()
        assert waits.wait(30)
        assert not Comment.objects.exists()
    writer.join(30)
    assert Comment.objects.count() == 1


@pytest.fixture
def impatient(turn, monkeypatch):
    """Who waits gives up after a moment."""
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)


@pytest.mark.usefixtures("impatient")
def test_who_waited_too_long_for_another_process_is_told_so(turn, published_post):
    post = published_post()
    with turn.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(OperationalError, match="database is locked"):
            in_transaction(lambda: say(post))
    in_transaction(lambda: say(post))
    assert Comment.objects.count() == 1


@pytest.mark.usefixtures("impatient")
def test_who_waited_too_long_for_another_thread_is_told_so(published_post):
    post, has_it, ends = published_post(), threading.Event(), threading.Event()

    def hold():
        has_it.set()
        ends.wait(30)

    def write():
        try:
            in_transaction(hold)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    assert has_it.wait(30)
    with pytest.raises(OperationalError, match="database is locked"):
        in_transaction(lambda: say(post))
    ends.set()
    writer.join(30)
    in_transaction(lambda: say(post))
    assert Comment.objects.count() == 1


def test_who_cannot_make_the_file_writes_all_the_same(turn, published_post):
    post = published_post()
    turn.unlink(missing_ok=True)
    turn.mkdir()
    try:
        in_transaction(lambda: say(post))
    finally:
        turn.rmdir()
    assert Comment.objects.count() == 1

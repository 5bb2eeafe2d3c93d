"""A migration that writes the table of comments anew gives no key a second time."""

import sqlite3
from contextlib import closing

import pytest


@pytest.fixture
def highest_key(data_folder):
    """A function that returns the highest key that was ever given, or sets it."""

    def run(new=None):
        with closing(sqlite3.connect(data_folder / "hearth.sqlite3")) as file, file:
            table = "comments_comment"
            if new:
                file.execute("DELETE FROM sqlite_sequence WHERE name = ?", [table])
                file.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", [table, new])
            return file.execute(
                "SELECT seq FROM sqlite_sequence WHERE name = ?", [table]
            ).fetchall()

    return run


def test_the_key_of_a_purged_comment_stays_given(hearth, data_folder, highest_key):
    highest_key(1041)
    for target in ("0003", "0005"):
        done = hearth("manage.py", "migrate", "comments", target, DATA_DIR=data_folder)
        assert done.returncode == 0, done.stderr
        assert highest_key() == [(1041,)]

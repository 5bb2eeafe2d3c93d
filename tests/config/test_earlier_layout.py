"""A database of the earlier layout: refused in one sentence at every start, and left unchanged."""

import socket
import sqlite3
from contextlib import closing

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config.management.commands.migrate import described, has_earlier_layout

pytestmark = pytest.mark.both_databases("config.management.commands.migrate")

EARLIER = [
    ("contenttypes", "0001_initial"),
    ("accounts", "0001_initial"),
    ("accounts", "0002_counter_of_changed_names"),
    ("blog", "0001_initial"),
    ("comments", "0001_initial"),
    ("comments", "0036_discreet_mails_of_accounts"),
]
PRODUCTION = {"DEBUG": "off", "SITE_URL": "http://127.0.0.1:8000"}
SENTENCE = (
    "CommandError: The database {} was created by an earlier version of Hearth that arranged its "
    "tables differently. Nothing in it was changed. Please start with an empty one: set "
    "DATABASE_URL to a new database or, if this was only the demo, delete the folder var/. To "
    "export from the old database, keep it together with the version of Hearth that created it.\n"
)


@pytest.fixture
def database(tmp_path):
    """A function that makes the SQLite file of a `hearth` in which these migrations ran."""

    def make(applied):
        path = tmp_path / "hearth.sqlite3"
        with closing(sqlite3.connect(path)) as file:
            file.executescript(
                "PRAGMA journal_mode=WAL;"
                "CREATE TABLE comments_standing (id integer PRIMARY KEY);"
                "CREATE TABLE django_migrations (id integer PRIMARY KEY AUTOINCREMENT,"
                " app varchar(255) NOT NULL, name varchar(255) NOT NULL, applied datetime NOT NULL)"
            )
            row = "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, '2026-11-01')"
            file.executemany(row, applied)
            file.commit()
        return path

    return make


@pytest.fixture
def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.mark.parametrize(
    ("command", "environment"),
    [
        (["migrate"], {}),
        (["migrate"], PRODUCTION),
        (["migrate", "--prune", "comments"], {}),
        (["run"], {}),
        (["serve"], PRODUCTION),
    ],
)
def test_an_earlier_layout_is_refused_in_one_sentence_and_left_unchanged(
    hearth, database, free_port, command, environment
):
    path = database(EARLIER)
    before = path.read_bytes()
    done = hearth("manage.py", *command, PORT=free_port, **environment)
    assert done.returncode == 1
    assert done.stderr == SENTENCE.format(path)
    assert done.stdout == ""
    assert path.read_bytes() == before


def test_a_new_database_was_migrated_and_an_up_to_date_one_passes(hearth, data_folder):
    with closing(sqlite3.connect(data_folder / "hearth.sqlite3")) as file:
        assert file.execute("SELECT count(*) FROM comments_comment").fetchone() == (0,)
    done = hearth("manage.py", "migrate", "--verbosity=0", DATA_DIR=data_folder)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_database_of_a_later_version_is_not_called_an_earlier_one(db):
    MigrationRecorder(connection).record_applied("comments", "0099_of_a_later_version")
    assert not has_earlier_layout(connection)
    call_command("migrate", verbosity=0)


def test_migrations_removed_by_other_apps_do_not_matter(db):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("blog", "0002_initial_rows")
    recorder.record_applied("mptt", "0001_gone")
    assert not has_earlier_layout(connection)
    recorder.record_applied("blog", "0019_lead_images_to_adopt")
    assert has_earlier_layout(connection)


def test_the_sentence_names_a_server_without_its_password():
    address = {"NAME": "blog", "USER": "hearth", "PASSWORD": "secret", "PORT": 5432}
    assert described(address | {"HOST": "db.example.org"}) == "blog (db.example.org:5432)"
    assert described(address | {"HOST": "", "PORT": ""}) == "blog"

"""The health check /healthz/ names the failing part and nothing else."""

import os
import time

import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from config import health, worker
from config.caching.entry_stores import StoreError
from tests.house.budgets import forget_all_pages

pytestmark = pytest.mark.both_databases("config.health")

SECRET = "host=db.internal password=hidden"


def look(client, **headers):
    answer = client.get("/healthz/", **headers)
    return answer.status_code, answer.json()["status"], answer.json()["parts"]


@pytest.fixture
def failing(monkeypatch):
    """A function that lets a part fail; it knows no others than health does."""

    def fail(name):
        def part():
            raise OperationalError(SECRET)

        (parts,) = (parts for parts in (health.PARTS, health.SPARE) if name in parts)
        monkeypatch.setitem(parts, name, part)

    return fail


def test_a_healthy_site_answers_200(client, db):
    names = ("database", "migrations", "cache", "limits", "due_work")
    assert look(client) == (200, "ok", dict.fromkeys(names, "ok"))


@pytest.mark.parametrize("part", ["cache", "limits"])
def test_a_part_that_can_be_spared_is_late_and_nobody_is_sent_away(client, db, failing, part):
    """A balancer would take out all machines at once."""
    failing(part)
    status, word, parts = look(client)
    assert (status, word) == (200, "late")
    assert {name for name, state in parts.items() if state != "ok"} == {part}
    assert "hidden" not in client.get("/healthz/").text
    failing("database")
    assert look(client)[:2] == (503, "failing")


@pytest.mark.parametrize("part", ["database", "migrations"])
def test_a_failing_part_is_named_and_nothing_more(client, db, failing, part):
    failing(part)
    status, word, parts = look(client)
    assert (status, word) == (503, "failing")
    assert {name for name, state in parts.items() if state == "failing"} == {part}
    assert "hidden" not in client.get("/healthz/").text


def test_a_failing_database_is_reported(client, db, monkeypatch):
    def refuse():
        raise OperationalError(SECRET)

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", refuse)
        status, _, parts = look(client)
    assert (status, parts["database"], parts["cache"]) == (503, "failing", "ok")


def test_limits_counted_in_memory_are_reported(client, db, monkeypatch):
    def fail(*given):
        raise StoreError(SECRET)

    with monkeypatch.context() as patch:
        patch.setattr(caches["default"].kept.store, "run", fail)
        patch.setattr("config.caching.durable_cache.RETRY", 0)
        status, word, parts = look(client)
    assert (status, word, parts["limits"]) == (200, "late", "failing")
    assert look(client)[1] == "ok"


def test_a_cache_that_loses_values_is_unhealthy(client, db, monkeypatch):
    monkeypatch.setattr(type(caches["pages"]), "get", lambda *args, **more: None)
    assert look(client)[2]["cache"] == "failing"


def test_tables_of_an_older_version_are_unhealthy(client, db):
    MigrationRecorder(connection).migration_qs.filter(app="blog").order_by("-id")[0].delete()
    assert look(client)[2]["migrations"] == "failing"


def test_an_older_process_with_newer_tables_is_healthy(client, db):
    MigrationRecorder(connection).record_applied("blog", "9999_of_a_later_version")
    assert look(client)[0] == 200


def test_the_check_answers_on_any_host_and_without_tls(client, db, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert look(client, HTTP_HOST="10.1.2.3:8000")[0] == 200


def test_the_answer_is_not_cached(client, db):
    answer = client.get("/healthz/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_the_check_refuses_post_requests(client, db):
    assert client.post("/healthz/").status_code == 405


@pytest.fixture
def mail_that_waits(db, time_machine):
    """A function that queues a mail, which has then waited for some minutes."""
    from accounts.mail import outbox

    def wait(minutes):
        time_machine.move_to("2030-05-01 12:00Z", tick=False)
        outbox.enqueue("proof", "ada@example.org", address=1)
        time_machine.shift(minutes * 60)

    return wait


def test_a_mail_that_waits_for_nine_minutes_is_healthy(client, mail_that_waits):
    mail_that_waits(9)
    assert look(client)[1] == "ok"


def test_a_mail_that_waits_for_eleven_minutes_is_reported_but_readers_are_served(
    client, mail_that_waits
):
    mail_that_waits(11)
    status, word, parts = look(client)
    assert (status, word) == (200, "late")
    assert {name for name, state in parts.items() if state != "ok"} == {"due_work"}


def test_authors_are_told_in_the_admin_that_mails_wait(mail_that_waits, alice, signed_in):
    desk = signed_in(alice)
    words = "have been waiting for more than 10 minutes"
    assert words not in desk.get("/admin/").text
    mail_that_waits(11)
    forget_all_pages()  # the check is cached for a minute
    # The session expired with the moved clock: sign in again.
    text = signed_in(alice).get("/admin/").text
    assert words in text
    assert "run_due" not in text  # that is for the owner


def test_the_owner_is_told_what_to_check(mail_that_waits, owner, signed_in):
    mail_that_waits(11)
    forget_all_pages()
    text = signed_in(owner).get("/admin/").text
    assert "manage.py run_due" in text


@pytest.fixture
def sign_of_life(tmp_path, monkeypatch):
    """A function that makes the process beside this server silent for so many seconds."""
    file = tmp_path / "sign"
    monkeypatch.setenv(worker.SIGN_OF_LIFE, str(file))
    worker.Beside(file)

    def silent_for(seconds):
        then = time.monotonic_ns() - seconds * 10**9
        os.utime(file, ns=(then, then))

    return silent_for


def test_a_process_for_due_work_that_gets_nowhere_is_late_with_503(client, db, sign_of_life):
    sign_of_life(worker.LATE_AFTER - 10)
    assert look(client)[:2] == (200, "ok")
    sign_of_life(worker.LATE_AFTER + 10)
    status, word, parts = look(client)
    assert (status, word) == (503, "late")
    assert {name for name, state in parts.items() if state != "ok"} == {"due_work"}


def test_a_failing_part_is_named_before_late_work(client, db, sign_of_life, failing):
    sign_of_life(worker.LATE_AFTER + 10)
    failing("database")
    status, word, parts = look(client)
    assert (status, word) == (503, "failing")
    assert (parts["database"], parts["due_work"]) == ("failing", "late")


def test_a_sign_that_cannot_be_read_takes_no_machine_away(client, db, monkeypatch, tmp_path):
    monkeypatch.setenv(worker.SIGN_OF_LIFE, str(tmp_path / "gone"))
    assert look(client)[0] == 200

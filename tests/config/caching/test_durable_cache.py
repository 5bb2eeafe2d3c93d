"""The default cache keeps what protects: shared by processes, never pushed out, bounded."""

import itertools
import json
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from contextlib import closing, contextmanager

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.utils.module_loading import import_string

from config.caching import durable_cache, entry_stores
from tests.threads import at_once

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("config.caching.entry_stores", "config.caching.durable_cache"),
]
KIND = settings.CACHES["default"]["BACKEND"]


@pytest.fixture
def cache():
    """The default cache of the site."""
    return caches["default"]


@pytest.fixture
def small():
    """A function that makes a cache with a bound of its own, emptied, where the default one is."""
    made = []

    def make(most):
        kind, place = import_string(KIND), settings.CACHES["default"]["LOCATION"]
        cache = kind(place, {"KEY_PREFIX": uuid.uuid4().hex})
        memory = LocMemCache(uuid.uuid4().hex, {})
        cache.kept = durable_cache.Kept(kind.store_class(place), most, memory)
        cache.clear()
        made.append(cache)
        return cache

    yield make
    for each in made:
        each.disconnect()


@pytest.mark.parametrize("value", ["y", "", 0, 7, -3, True, None, 1.5, [1.0, 2.0], {"a": ["ü"]}])
def test_a_value_comes_back_as_it_was(cache, value):
    cache.set("a", value, 60)
    assert cache.get("a", "nothing") == value
    assert type(cache.get("a")) is type(value)


def test_what_is_no_json_is_refused_and_not_changed(cache):
    with pytest.raises(TypeError):
        cache.set("a", {1, 2}, 60)
    assert cache.get("a") is None


def test_the_methods_of_a_cache(cache):
    assert cache.add("a", 1, 60)
    assert not cache.add("a", 2, 60)
    assert cache.get("a") == 1
    assert cache.incr("a") == 2
    assert cache.decr("a", 5) == -3
    assert "a" in cache
    assert cache.touch("a", 60)
    assert cache.delete("a")
    assert not cache.delete("a")
    assert not cache.touch("a", 60)
    assert cache.get("a", "gone") == "gone"
    assert cache.get_or_set("a", lambda: 9, 60) == 9
    with pytest.raises(ValueError, match="not found"):
        cache.incr("b")
    cache.set_many({"b": 1, "c": 2}, 60)
    assert cache.get_many(["b", "c", "d"]) == {"b": 1, "c": 2}
    assert cache.get_many([]) == {}
    cache.delete_many(["b", "c"])
    assert cache.get_many(["b", "c"]) == {}
    assert cache.count_many({}) == {}


def test_a_value_expires_and_begins_anew(cache, time_machine):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    assert cache.count_many({"a": 60, "b": 3600}) == {"a": 1, "b": 1}
    assert cache.count_many({"a": 60, "b": 3600}) == {"a": 2, "b": 2}
    cache.set("for ever", 1, None)
    cache.set("at once", 1, 0)
    assert cache.get("at once") is None
    time_machine.shift(61)
    assert cache.get("a") is None
    assert cache.add("a", 5, 1)
    time_machine.shift(2)
    assert cache.count_many({"a": 60, "b": 3600}) == {"a": 1, "b": 3}
    time_machine.shift(10 * 365 * 24 * 3600)
    assert cache.get("for ever") == 1


def test_threads_count_together_without_losing_one(cache):
    def count():
        return [caches["default"].count_many({"a": 60, "b": 60})["a"] for _ in range(25)]

    found = at_once(*[count] * 8)
    assert sorted(itertools.chain(*found)) == list(range(1, 201))
    assert cache.get("b") == 200


PROCESS = """
import sys, time
import django
django.setup()
from django.core.cache import cache
while time.time() < float(sys.argv[1]):
    pass
for _ in range(100):
    cache.count_many({"together": 600})
print(cache.get("together"), cache.is_well)
"""


def test_two_processes_count_together(tmp_path, cache):
    """Each with a connection of its own, as workers and machines have."""
    place = {"DATABASE_URL": ""}
    if not settings.SQLITE:
        from tests.config.test_serve_command import address_of

        name = settings.DATABASES["default"]["NAME"]
        place = {"DATABASE_URL": address_of(name)}
    key = "shared by both, long enough to be taken for a key of production 0123456789"
    environment = {
        "PATH": "/usr/bin:/bin", "ENV_FILE": "none", "DATA_DIR": str(tmp_path), "DEBUG": "off",
        "SITE_URL": "http://localhost", "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": key, "PYTHONPATH": ".", **place,
    }  # fmt: skip
    both = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(time.time() + 3)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [each.communicate()[0].split() for each in both]
    assert "200" in {numbers[0] for numbers in said}
    assert {numbers[1] for numbers in said} == {"True"}


def test_a_file_that_another_process_is_just_making_is_waited_for(tmp_path):
    location = str(tmp_path / "counts.sqlite3")
    with closing(sqlite3.connect(location, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")
        ends = threading.Timer(0.6, lambda: other.execute("COMMIT"))
        ends.start()
        assert entry_stores.SQLiteStore(location).run("SELECT 1").rows == [(1,)]
        ends.join()


def test_the_rows_say_nothing_about_whom_they_count(cache):
    cache.set("allauth:rl:bob@example.org", "bob", 60)
    hashed = cache._key("allauth:rl:bob@example.org", None)
    assert len(hashed) == 64
    assert "bob" not in hashed


def test_another_site_with_another_key_shares_no_counter(cache, settings):
    cache.count_many({"a": 60})
    settings.SECRET_KEY = "of another site, which once had the same database, 0123456789 and so on"
    assert cache.count_many({"a": 60}) == {"a": 1}


def test_the_store_is_bounded_and_the_longest_lived_stay(small):
    cache = small(300)
    cache.set("a limit of an hour", 5, 3600)
    for number in range(3 * durable_cache.PRUNED_AFTER):
        cache.add(f"page {number}", 1, 60)
    store = cache.kept.store
    [(count,)] = store.run(f"SELECT count(*) FROM {entry_stores.TABLE}").rows
    assert int(count) <= 300 + durable_cache.PRUNED_AFTER
    assert cache.get("a limit of an hour") == 5


def test_what_has_expired_is_deleted(small, time_machine):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    cache = small(1000)
    for number in range(100):
        cache.add(f"entry {number}", 1, 60)
    time_machine.shift(61)
    for number in range(durable_cache.PRUNED_AFTER):
        cache.set("another", number, 60)
    [(count,)] = cache.kept.store.run(f"SELECT count(*) FROM {entry_stores.TABLE}").rows
    assert int(count) == 1


@pytest.fixture
def broken(small, monkeypatch):
    """A cache whose store answers nothing, until the function given with it is called."""
    cache = small(1000)
    monkeypatch.setattr(durable_cache, "RETRY", 3600)
    kept, run = cache.kept, cache.kept.store.run
    asked = []

    def fail(*given):
        asked.append(given)
        raise entry_stores.StoreError("it is away")

    kept.store.run = fail

    def mend():
        kept.store.run, kept.failing_until = run, 0

    return cache, asked, mend


def test_a_store_that_fails_is_counted_in_memory_with_one_warning(broken, caplog):
    cache, asked, mend = broken
    assert [cache.count_many({"a": 60})["a"] for _ in range(3)] == [1, 2, 3]
    assert cache.add("b", [1.5], 60)
    assert not cache.add("b", 2, 60)
    assert cache.get_many(["a", "b"]) == {"a": 3, "b": [1.5]}
    assert cache.incr("a") == 4
    assert cache.touch("a", 60)
    cache.set("c", 1, 60)
    assert cache.get("c") == 1
    assert cache.delete("c")
    assert cache.get("c") is None
    assert not cache.is_well
    assert len(asked) == 1  # then it is left alone for a while
    warnings = [each for each in caplog.records if each.name == durable_cache.log.name]
    assert len(warnings) == 1
    assert "each process’s memory" in warnings[0].getMessage()
    mend()
    assert cache.count_many({"a": 60})["a"] == 1
    assert cache.is_well


def test_values_are_stored_as_json(cache):
    cache.set("a", ["y"], 60)
    answer = cache.kept.store.run(
        f"SELECT value FROM {entry_stores.TABLE} WHERE key = %s", [cache._key("a", None)]
    )
    assert json.loads(answer.rows[0][0]) == ["y"]


@contextmanager
def locked():
    """Somebody else holds the store, as a backup or a repair may."""
    place = settings.CACHES["default"]["LOCATION"]
    if settings.SQLITE:
        with closing(sqlite3.connect(place, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    with closing(connection.copy()) as other, other.cursor() as cursor:
        other.set_autocommit(False)
        cursor.execute(f"LOCK TABLE {entry_stores.TABLE} IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


def test_a_locked_store_is_asked_once_and_limits_are_counted_in_memory(small, monkeypatch):
    cache = small(1000)
    cache.kept.store.patience = entry_stores.PATIENCE
    cache.disconnect()
    cache.count_many({"a": 60})
    monkeypatch.setattr(durable_cache, "RETRY", 3600)
    asked, run = [], cache.kept.store.run
    monkeypatch.setattr(cache.kept.store, "run", lambda *given: asked.append(given) or run(*given))
    with locked():
        assert [cache.count_many({"a": 60})["a"] for _ in range(5)] == [1, 2, 3, 4, 5]
        assert cache.add("b", 1, 60)
        assert not cache.is_well
    assert len(asked) == 1
    cache.kept.failing_until = 0
    assert cache.count_many({"a": 60})["a"] == 2  # as it was before
    assert cache.is_well

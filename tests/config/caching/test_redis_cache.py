"""What speeds up is a miss when it fails. tests/faults/test_redis.py has whole sites with it."""

import contextlib
import pickle
import socket
import threading

import pytest
from asgiref.local import Local
from django.core.cache import caches
from django.test import Client

from config.caching import page_cache, redis_cache
from config.caching.redis_cache import Breaker, ForgivingRedisCache
from tests.faults.redis_server import OwnRedis
from tests.threads import at_once

READERS = 8


class Silent:
    """A port that takes connections and answers nothing; ``came`` counts them."""

    def __init__(self):
        self.door, self.came = socket.create_server(("127.0.0.1", 0)), 0
        self.kept = []
        threading.Thread(target=self._open, daemon=True).start()

    def _open(self):
        with contextlib.suppress(OSError):
            while True:
                self.kept.append(self.door.accept())
                self.came += 1

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.door.getsockname()[1]}/0"


@pytest.fixture(autouse=True)
def no_breaker_yet(monkeypatch):
    """A port may be one of an earlier test's server, whose breaker is remembered."""
    monkeypatch.setattr(redis_cache, "breakers", {})


@pytest.fixture
def silent():
    """A server that hangs."""
    server = Silent()
    yield server
    server.door.close()


@pytest.fixture
def own_redis():
    """A Redis of one's own, with room for a few entries."""
    server = OwnRedis("--maxmemory", "2mb", "--maxmemory-policy", "noeviction")
    yield server
    server.kill()


def all_of(cache):
    """Return what every method of a cache says."""
    with pytest.raises(ValueError, match="not found"):
        cache.incr("number")
    cache.set("a", 1, 60)
    cache.delete_many(["a", "b"])
    return (
        cache.get("a"),
        cache.get("a", "a miss"),
        cache.get_many(["a", "b"]),
        cache.add("a", 1, 60),
        cache.set_many({"a": 1, "b": 2}, 60),
        cache.delete("a"),
        cache.touch("a", 60),
        "a" in cache,
        cache.get_or_set("a", lambda: 3, 60),
    )


MISSES = (None, "a miss", {}, True, ["a", "b"], False, False, False, 3)


def test_a_redis_that_hangs_is_asked_once_and_then_left_alone(silent, caplog):
    cache = ForgivingRedisCache(silent.url, {})
    for _ in range(20):
        assert all_of(cache) == MISSES
    assert silent.came == 1
    assert not cache.is_well
    warnings = [each for each in caplog.records if each.name == redis_cache.log.name]
    assert len(warnings) == 1
    # The other threads have caches of their own, and share what this one found out.
    assert all_of(ForgivingRedisCache(silent.url, {})) == MISSES
    assert silent.came == 1


def test_a_redis_that_is_not_there_is_a_miss():
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"redis://127.0.0.1:{door.getsockname()[1]}/0"
    assert all_of(ForgivingRedisCache(url, {})) == MISSES


def test_after_a_pause_one_request_tries_again(silent):
    cache = ForgivingRedisCache(silent.url, {})
    cache.breaker = Breaker(pause=0)
    for number in range(1, 4):
        assert cache.get("a") is None
        assert silent.came == number


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test moves: clock[0] is the monotonic time."""
    now = [1000.0]
    monkeypatch.setattr(redis_cache.time, "monotonic", lambda: now[0])
    return now


def test_during_a_try_the_others_do_not_wait_for_it(clock):
    breaker = Breaker(pause=5)
    assert breaker.lets_through()
    breaker.failed("away")
    assert not breaker.lets_through()
    clock[0] += 6
    assert breaker.lets_through()
    assert not breaker.lets_through()
    breaker.answered("get", began=clock[0])
    assert breaker.lets_through()
    assert breaker.lets_through()


def test_an_answer_that_was_under_way_when_another_failed_says_nothing(clock):
    breaker, began = Breaker(patience=60, pause=5), clock[0]
    clock[0] += 1
    breaker.failed("away")
    clock[0] += 1
    breaker.answered("get", began)
    assert not breaker.lets_through()
    assert not breaker.is_well


def answer(breaker, clock, seconds):
    began = clock[0]
    clock[0] += seconds
    breaker.answered("get", began)


def test_a_slow_redis_is_left_alone_and_single_slow_answers_are_nothing(clock):
    breaker = Breaker(patience=0.1, pause=5)
    for seconds in (0.09, 0.09, 0.001, 0.09, 0.09, 0.001):
        answer(breaker, clock, seconds)
        assert breaker.lets_through()
    for seconds in (0.06, 0.07, 0.06):
        answer(breaker, clock, seconds)
    assert not breaker.lets_through()
    assert not breaker.is_well


def test_a_busy_machine_is_not_taken_for_a_slow_redis(clock):
    """Many threads that wait for their turn at the same time say nothing about Redis."""
    breaker, began = Breaker(patience=0.1, pause=5), clock[0]
    for _ in range(50):
        clock[0] += 0.06
        breaker.answered("get", began)
        assert breaker.lets_through()
    assert breaker.is_well


def test_a_full_redis_is_still_read_and_says_so_once(own_redis, caplog):
    cache = ForgivingRedisCache(own_redis.url, {})
    cache.set("a", "there", 60)
    for number in range(200):
        cache.set(f"filler-{number}", "x" * 50_000, 60)
    # A short entry might still fit where a filler does not.
    own_redis.client.config_set("maxmemory", 1)
    assert not cache.is_well
    assert cache.get("a") == "there"
    assert cache.get("b") is None
    assert cache.add("b", 1, 60)
    assert cache.set_many({"b": 1}, 60) == ["b"]
    assert cache.delete("a")
    assert cache.get("a") is None
    assert not cache.is_well
    told = [each.getMessage() for each in caplog.records if each.name == redis_cache.log.name]
    assert len([words for words in told if "fails" in words]) == 1
    own_redis.client.flushall()
    own_redis.client.config_set("maxmemory", "2mb")
    cache.set("a", 1, 60)
    cache.add("b", 1, 60)
    cache.set_many({"c": 1}, 60)
    assert cache.is_well
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 1, "c": 1}


class OfAnotherVersion:
    pass


def test_an_entry_that_cannot_be_read_is_a_miss(own_redis, monkeypatch):
    cache = ForgivingRedisCache(own_redis.url, {})
    key = cache.make_key("a")
    for stored in (pickle.dumps(OfAnotherVersion()), b"\x80nonsense", b"", b"\x80\x05."):
        own_redis.client.set(key, stored)
        with monkeypatch.context() as gone:
            gone.delattr("tests.config.caching.test_redis_cache.OfAnotherVersion")
            assert cache.get("a", "a miss") == "a miss"
    cache.set("a", 1, 60)
    assert cache.get("a") == 1


def test_the_methods_work_as_djangos_do(own_redis):
    cache = ForgivingRedisCache(own_redis.url, {})
    assert cache.add("a", 1, 60)
    assert not cache.add("a", 2, 60)
    assert cache.incr("a") == 2
    assert "a" in cache
    assert cache.touch("a", 60)
    assert cache.get_many([]) == {}
    assert cache.get_or_set("b", lambda: [1], 60) == [1]
    cache.delete_many(["a"])
    assert cache.get_many(["a", "b"]) == {"b": [1]}
    assert cache.clear()
    assert cache.is_well


@pytest.mark.parametrize(
    ("maxmemory", "policy", "bounded"),
    [
        ("2mb", "noeviction", False),
        ("0", "allkeys-lru", False),
        ("64mb", "allkeys-lru", True),
        ("64mb", "volatile-ttl", True),
    ],
)
def test_whether_redis_has_a_bound_and_makes_room(own_redis, maxmemory, policy, bounded):
    own_redis.client.config_set("maxmemory", maxmemory)
    own_redis.client.config_set("maxmemory-policy", policy)
    assert ForgivingRedisCache(own_redis.url, {}).is_bounded() is bounded


def test_a_redis_that_does_not_say_is_taken_for_bounded(silent):
    assert ForgivingRedisCache(silent.url, {}).is_bounded()


@pytest.fixture
def forgetful(monkeypatch, silent):
    """The site's cache of pages, as it is while Redis hangs; in every thread."""
    assert ForgivingRedisCache(silent.url, {}).get("a") is None
    kinds = {"BACKEND": "config.caching.redis_cache.ForgivingRedisCache", "LOCATION": silent.url}
    monkeypatch.setitem(caches.settings, "pages", kinds)
    monkeypatch.setattr(caches, "_connections", Local(caches.thread_critical))


def test_nobody_waits_for_a_page_that_cannot_be_kept(
    transactional_db, forgetful, published_post, monkeypatch
):
    published_post(slug="lake")
    monkeypatch.setattr(page_cache.time, "sleep", lambda seconds: pytest.fail("it waited"))
    answers = at_once(*[lambda: Client().get("/posts/lake/").status_code] * READERS)
    assert answers == [200] * READERS


def test_who_waited_once_for_a_page_that_was_not_kept_does_not_wait_again(
    client, db, published_post, monkeypatch
):
    """As behind a rendering that failed, or in a cache that is full."""
    published_post(slug="lake")
    cache, waited, looks = caches["pages"], [], []
    monkeypatch.setattr(cache, "add", lambda *given: False)  # somebody else renders it

    def get_many(keys):
        if not any(key.endswith(":rendering") for key in keys):
            return {}
        looks.append(keys)
        return dict.fromkeys(keys[:1]) if len(looks) == 1 else {}  # under way, and over

    monkeypatch.setattr(cache, "get_many", get_many)
    monkeypatch.setattr(page_cache.time, "sleep", waited.append)
    assert client.get("/posts/lake/").status_code == 200
    assert (len(looks), len(waited)) == (2, 1)

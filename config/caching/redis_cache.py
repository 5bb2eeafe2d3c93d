"""Django's Redis cache for what only speeds up: whatever fails there is a miss.

A Redis that is away or hangs costs a process PATIENCE twice at most (to connect, and to be
answered); then it is left alone for PAUSE, and one request after that tries again. One that answers
slowly is left alone, too. One that is full, or takes no writes, is still read.

Only what can be made again belongs here: an answer of this cache may come from before an outage.
django-redis was looked at: it can ignore exceptions, but then each call waits for its own timeout.
"""

import logging
import math
import pickle
import threading
import time
from collections.abc import Callable
from typing import Any

import redis
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)

PATIENCE = 0.1  # seconds
PAUSE = 5
# So many answers, one after another, that take longer than half of PATIENCE are slow. Those at the
# same time count once: then it may be this machine that is busy.
MOST_SLOW = 3
TOLD_EVERY = 60  # seconds: one that is nearly full fails and works in turn
# What an entry raises that another version of Hearth wrote.
UNREADABLE = (pickle.UnpicklingError, AttributeError, EOFError, ImportError, TypeError, ValueError)
READING = {"get", "get_many"}


class Breaker:
    """Whether Redis is asked at the moment; one for all threads of a process."""

    def __init__(self, patience: float = PATIENCE, pause: float = PAUSE) -> None:
        self.patience, self.pause = patience, pause
        self._lock = threading.Lock()
        self._resting_until, self._failed_at = 0.0, 0.0
        self._slow, self._slow_until = 0, 0.0
        # The commands that did not work when they were last sent, and whether that is in the log.
        self._failing: set[str] = set()
        self._told, self._told_at = False, -math.inf

    @property
    def is_well(self) -> bool:
        """Whether nothing failed when it was last asked."""
        return not self._failing

    def lets_through(self) -> bool:
        """Return whether to ask Redis now; after a pause only one thread does."""
        with self._lock:
            now = time.monotonic()
            if now < self._resting_until:
                return False
            if self._resting_until:
                self._resting_until = now + self.pause
            return True

    def answered(self, command: str, began: float) -> None:
        """Note that a command, sent at this monotonic time, worked."""
        with self._lock:
            now = time.monotonic()
            if now - began > self.patience / 2:
                if began >= self._slow_until:
                    self._slow, self._slow_until = self._slow + 1, now
                if self._slow >= MOST_SLOW:
                    self._rest(command, "it answers slowly")
                    return
            else:
                self._slow = 0
            if began < self._failed_at:
                return  # sent before it failed, which says nothing about now
            self._resting_until = 0.0
            if self._failing:
                self._failing -= {command, "all"}
                if not self._failing and self._told:
                    self._told = False
                    log.warning("The page cache is working again.")

    def failed(self, why: object) -> None:
        """Note that it did not answer: leave it alone for a while."""
        with self._lock:
            self._rest("all", why)

    def refused(self, command: str, began: float, why: object) -> None:
        """Note that it answered, but did not do it, as one that is full."""
        with self._lock:
            if began >= self._failed_at:
                self._resting_until = 0.0
            self._note(command, why)

    def _rest(self, command, why):
        self._failed_at = time.monotonic()
        self._resting_until, self._slow = self._failed_at + self.pause, 0
        self._note(command, why)

    def _note(self, command, why):
        now = time.monotonic()
        if not self._failing and now - self._told_at > TOLD_EVERY:
            self._told, self._told_at = True, now
            log.warning("Pages are rendered without the page cache, which fails: %s", why)
        self._failing.add(command)


# By address.
breakers: dict[str, Breaker] = {}


class ForgivingRedisCache(RedisCache):
    """A cache backend for ``settings.CACHES``; LOCATION is the address of Redis or Valkey.

    OPTIONS may have PATIENCE: how many seconds an answer may take.
    """

    def __init__(self, server, params):
        patience = params.get("OPTIONS", {}).get("PATIENCE", PATIENCE)
        options = {"socket_timeout": patience, "socket_connect_timeout": patience}
        # redis-py would try again by itself, for seconds.
        options["retry"] = Retry(NoBackoff(), 0)
        super().__init__(server, params | {"OPTIONS": options})
        self.breaker = breakers.setdefault(str(server), Breaker(patience))

    @property
    def is_well(self) -> bool:
        """Whether Redis did what it was last asked."""
        return self.breaker.is_well

    def is_bounded(self) -> bool:
        """Return whether Redis has a maxmemory, and makes room when that is reached.

        True if it does not say.
        """
        found = self._ask(self._memory, {})
        return "maxmemory" not in found or bool(
            found["maxmemory"] and found["maxmemory_policy"] != "noeviction"
        )

    def _memory(self):
        return self._cache.get_client().info("memory")

    def _ask(self, what: Callable, otherwise: Any, *args: Any) -> Any:
        if not self.breaker.lets_through():
            return otherwise
        began = time.monotonic()
        try:
            answer = what(*args)
        except redis.ResponseError as error:
            self.breaker.refused(what.__name__, began, error)
            return otherwise
        except (redis.RedisError, OSError) as error:
            self.breaker.failed(error)
            return otherwise
        except UNREADABLE as error:
            if what.__name__ not in READING:
                raise
            self.breaker.refused(
                what.__name__, began, f"an entry cannot be read ({type(error).__name__})"
            )
            return otherwise
        self.breaker.answered(what.__name__, began)
        return answer

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        # Whoever asks whether they are the first may go ahead.
        return self._ask(super().add, True, key, value, timeout, version)

    def get(self, key, default=None, version=None):
        return self._ask(super().get, default, key, default, version)

    def get_many(self, keys, version=None):
        return self._ask(super().get_many, {}, keys, version) if keys else {}

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        self._ask(super().set, None, key, value, timeout, version)

    def set_many(self, data, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask(super().set_many, [*data], data, timeout, version)

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask(super().touch, False, key, timeout, version)

    def delete(self, key, version=None):
        return self._ask(super().delete, False, key, version)

    def delete_many(self, keys, version=None):
        self._ask(super().delete_many, None, [*keys], version)

    def has_key(self, key, version=None):
        return self._ask(super().has_key, False, key, version)

    def incr(self, key, delta=1, version=None):
        found = self._ask(super().incr, None, key, delta, version)
        if found is None:
            raise ValueError(f"Key '{key}' not found")
        return found

    def clear(self):
        return self._ask(super().clear, False)

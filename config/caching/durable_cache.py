"""Django's default cache: what protects lives here, and nobody can push it out by reading.

Counters of tries and comments, used codes and the like: small values that all workers share and
that stay until they expire. Rendered pages are in the cache ``pages``, which may lose anything.

Values are JSON (in particular no tuples). Keys are stored as keyed hashes, so a copy of the rows
tells nothing about whom they count. If the store fails, this process counts in memory for RETRY
seconds, says so once in the log, and tries again: nobody is refused, and no page fails.
docs/decisions/0019-what-protects-lasts.md says why this is not Redis.
"""

import json
import logging
import math
import threading
import time
from collections.abc import Mapping

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.utils.crypto import salted_hmac

from config.caching.entry_stores import PATIENCE, TABLE, PostgreSQLStore, SQLiteStore, StoreError

log = logging.getLogger(__name__)

MOST_ENTRIES = 100_000  # some 15 MB
# Expired rows go after so many writes of a process, or seconds.
PRUNED_AFTER, PRUNED_EVERY = 200, 60
RETRY = 5  # seconds
_ROW = "(%s, %s, CAST(%s AS DOUBLE PRECISION))"
_INSERT = f"INSERT INTO {TABLE} (key, value, expires) VALUES "  # noqa: S608
_OVER = " ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires"
# A row that has expired begins anew.
_PLUS = f""" ON CONFLICT (key) DO UPDATE SET
    value = CASE WHEN {TABLE}.expires > %s
        THEN CAST(CAST({TABLE}.value AS BIGINT) + 1 AS TEXT) ELSE excluded.value END,
    expires = CASE WHEN {TABLE}.expires > %s THEN {TABLE}.expires ELSE excluded.expires END"""


def _reading(keys, now):
    marks = ", ".join(["%s"] * len(keys))
    reading = f"SELECT key, value FROM {TABLE} WHERE key IN ({marks}) AND expires > %s"  # noqa: S608
    return reading, [*keys, now]


class Kept:
    """The rows that this process shares with others, and what it has instead while they fail."""

    def __init__(self, store, most_entries, memory):
        self.store, self.most_entries, self.memory = store, most_entries, memory
        self.failing_until, self._is_failing = 0.0, False
        self._writes, self._pruned_at = 0, -math.inf
        self._asking = threading.Lock()

    @property
    def is_well(self) -> bool:
        return not self._is_failing

    def run(self, *statements, writes=False):
        """Run statements with their values; return the ``Answer`` of the last.

        Returns None while the store fails. Whoever waits for another thread waits no longer than
        that one: if the store fails it, it is not asked again.
        """
        with self._asking:
            if time.monotonic() < self.failing_until:
                return None
            try:
                answers = [self.store.run(*statement) for statement in statements]
                if writes and self._is_time_to_prune():
                    self._prune()
            except StoreError as error:
                self._failed(error)
                return None
            if self._is_failing:
                self._is_failing = False
                log.warning("Rate limits are counted in %s again.", self.store.location)
            return answers[-1]

    def disconnect(self):
        with self._asking:
            self.store.close()

    def _failed(self, error):
        self.failing_until = time.monotonic() + RETRY
        if not self._is_failing:
            self._is_failing = True
            log.warning(
                "Rate limits are counted in each process’s memory, because their store (%s) "
                "fails: %s",
                self.store.location,
                error,
            )

    def _is_time_to_prune(self):
        self._writes += 1
        now = time.monotonic()
        if self._writes < PRUNED_AFTER and now - self._pruned_at < PRUNED_EVERY:
            return False
        self._writes, self._pruned_at = 0, now
        return True

    def _prune(self):
        """Delete what has expired; of too many rows those that would expire first."""
        self.store.run(f"DELETE FROM {TABLE} WHERE expires <= %s", [time.time()])  # noqa: S608
        [(count,)] = self.store.run(f"SELECT count(*) FROM {TABLE}").rows  # noqa: S608
        if int(count) > self.most_entries:
            too_many = int(count) - self.most_entries + self.most_entries // 10
            self.store.run(
                f"DELETE FROM {TABLE} WHERE key IN "  # noqa: S608
                f"(SELECT key FROM {TABLE} ORDER BY expires LIMIT %s)",
                [too_many],
            )


_all_kept, _making = {}, threading.Lock()


def _kept(store_class, location, most_entries, patience):
    """Return what all threads of this process share; Django makes a cache for each thread."""
    with _making:
        if location not in _all_kept:
            memory = LocMemCache(
                f"instead of {location}", {"OPTIONS": {"MAX_ENTRIES": most_entries // 10}}
            )
            _all_kept[location] = Kept(store_class(location, patience), most_entries, memory)
        return _all_kept[location]


class DurableCache(BaseCache):
    """A cache backend for ``settings.CACHES``. Subclasses name the store; LOCATION is its place.

    OPTIONS may have MAX_ENTRIES, and PATIENCE: how many seconds a statement may take.
    """

    store_class = SQLiteStore

    def __init__(self, location, params):
        super().__init__(params)
        given = params.get("OPTIONS", {})
        most, patience = given.get("MAX_ENTRIES", MOST_ENTRIES), given.get("PATIENCE", PATIENCE)
        self.kept = _kept(self.store_class, location, most, patience)

    @property
    def is_well(self) -> bool:
        """Whether the store answered when it was last asked."""
        self.get("is it well")
        return self.kept.is_well

    def disconnect(self) -> None:
        """Close the connection of this process; the next call opens another."""
        self.kept.disconnect()

    def count_many(self, spans: Mapping[str, float], version: int | None = None) -> dict[str, int]:
        """Add one to each of ``{key: seconds}``, at once; return the new numbers.

        A key that does not exist, or has expired, counts from one, for so many seconds. If others
        count the same key at this moment, the number may include theirs.
        """
        keys, now = {self._key(key, version): key for key in spans}, time.time()
        values = []
        for hashed in sorted(keys):  # in one order, or two of them might wait for each other
            values += [hashed, "1", now + spans[keys[hashed]]]
        if not keys:
            return {}
        counting = _INSERT + ", ".join([_ROW] * len(keys)) + _PLUS
        values += [now, now]
        if self.kept.store.returns:
            statements = [(f"{counting} RETURNING key, value", values)]
        else:
            statements = [(counting, values), _reading(list(keys), now)]
        answer = self.kept.run(*statements, writes=True)
        if answer is not None:
            return {keys[hashed]: int(value) for hashed, value in answer.rows}
        memory = self.kept.memory
        for hashed, key in keys.items():
            memory.add(hashed, 0, spans[key])
        return {key: memory.incr(hashed) for hashed, key in keys.items()}

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        hashed, expires = self._key(key, version), self._expires(timeout)
        adding = f"{_INSERT}{_ROW}{_OVER} WHERE {TABLE}.expires <= %s"
        values = [hashed, json.dumps(value), expires, time.time()]
        answer = self.kept.run((adding, values), writes=True)
        if answer is None:
            return self.kept.memory.add(hashed, value, timeout)
        return answer.changed == 1

    def get(self, key, default=None, version=None):
        return self.get_many([key], version).get(key, default)

    def get_many(self, keys, version=None):
        hashed = {self._key(key, version): key for key in keys}
        if not hashed:
            return {}
        answer = self.kept.run(_reading(list(hashed), time.time()))
        if answer is None:
            return {hashed[key]: found for key, found in self.kept.memory.get_many(hashed).items()}
        return {hashed[key]: json.loads(value) for key, value in answer.rows}

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        self.set_many({key: value}, timeout, version)

    def set_many(self, data, timeout=DEFAULT_TIMEOUT, version=None):
        new, expires = {self._key(key, version): data[key] for key in data}, self._expires(timeout)
        values = []
        for hashed in sorted(new):
            values += [hashed, json.dumps(new[hashed]), expires]
        setting = _INSERT + ", ".join([_ROW] * len(new)) + _OVER
        if new and self.kept.run((setting, values), writes=True) is None:
            self.kept.memory.set_many(new, timeout)
        return []

    def incr(self, key, delta=1, version=None):
        hashed, now = self._key(key, version), time.time()
        adding = f"""UPDATE {TABLE} SET value = CAST(CAST(value AS BIGINT) + %s AS TEXT)
            WHERE key = %s AND expires > %s"""  # noqa: S608
        answer = self.kept.run((adding, [delta, hashed, now]), _reading([hashed], now))
        if answer is None:
            return self.kept.memory.incr(hashed, delta)
        if not answer.rows:
            raise ValueError(f"Key '{key}' not found")
        return int(answer.rows[0][1])

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        hashed = self._key(key, version)
        touching = f"UPDATE {TABLE} SET expires = %s WHERE key = %s AND expires > %s"  # noqa: S608
        answer = self.kept.run((touching, [self._expires(timeout), hashed, time.time()]))
        if answer is None:
            return self.kept.memory.touch(hashed, timeout)
        return answer.changed == 1

    def delete(self, key, version=None):
        hashed = self._key(key, version)
        deleting = f"DELETE FROM {TABLE} WHERE key = %s AND expires > %s"  # noqa: S608
        answer = self.kept.run((deleting, [hashed, time.time()]))
        # Also what was counted while the store was away.
        return self.kept.memory.delete(hashed) or (answer is not None and answer.changed == 1)

    def clear(self):
        self.kept.memory.clear()
        self.kept.run((f"DELETE FROM {TABLE}",))  # noqa: S608

    def _key(self, key, version):
        given = self.make_key(key, version=version)  # any key will do, as it is hashed
        return salted_hmac("config.caching.durable_cache", given, algorithm="sha256").hexdigest()

    def _expires(self, timeout):
        expires = self.get_backend_timeout(timeout)
        return 1e11 if expires is None else expires  # that is in three thousand years


class PostgreSQLDurableCache(DurableCache):
    """The same in a table of PostgreSQL, shared by all machines; LOCATION is a database alias."""

    store_class = PostgreSQLStore

"""Settings that simulate the moment after a new comment: all cached but the page and one thread.

That is the state for the first reader after a comment. The cache is Hearth's configured one, but
never returns a page, nor the first of a page's threads.
"""

from django.core.cache.backends.locmem import LocMemCache

from config.caching.redis_cache import ForgivingRedisCache
from config.settings import *  # noqa: F403
from config.settings import CACHE_URL, CACHES

# A whole page, and which threads a page has.
FRESH = ("page:", "conversation:")


class AfterComment:
    """A cache mixin that misses what a new comment invalidates."""

    def get(self, key, default=None, version=None):
        return default if key.startswith(FRESH) else super().get(key, default, version)

    def get_many(self, keys, version=None):
        first, *others = keys
        return super().get_many(others if first.startswith("thread:") else keys, version)


class AfterCommentLocMem(AfterComment, LocMemCache):
    pass


class AfterCommentRedis(AfterComment, ForgivingRedisCache):
    pass


_kind = "Redis" if CACHE_URL else "LocMem"
CACHES["pages"]["BACKEND"] = f"{__name__}.AfterComment{_kind}"

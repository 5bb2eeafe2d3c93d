"""Hearth's settings in the moment after a comment: all is cached but the page and one thread.

That is what the first reader finds after somebody wrote. The cache is the one that Hearth has
anyway; it never finds a page, and of the threads of a page never the first.
"""

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

from config.settings import CACHES


class AfterComment:
    """A cache from which a new comment has just taken what it changed."""

    def get(self, key, default=None, version=None):
        return default if key.startswith("page:") else super().get(key, default, version)

    def get_many(self, keys, version=None):
        first, *others = keys
        return super().get_many(others if first.startswith("thread:") else keys, version)


class AfterCommentLocMem(AfterComment, LocMemCache):
    pass


class AfterCommentRedis(AfterComment, RedisCache):
    pass


_kind = CACHES["default"]["BACKEND"].removesuffix("Cache").rpartition(".")[2]
CACHES["default"]["BACKEND"] = f"{__name__}.AfterComment{_kind}"

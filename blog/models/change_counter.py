"""The version numbers by which caches know that something visible has changed.

Nothing is ever removed from a cache: its keys hold these numbers (config/caching/cache_keys.py).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import models

from accounts.models import new_version
from accounts.models.single_row import SingleRow

_pending = threading.local()


class ChangeCounter(SingleRow):
    """Versions that each visible write renews in its own transaction, for cache invalidation.

    ``total`` is new after any change, ``everywhere`` after one of what every page shows. The
    latter is in the key of all that is cached of this database, so it also tells one database
    from another, and from itself before a restore (:meth:`renew`). A transaction locks this row
    last.
    """

    total = models.PositiveBigIntegerField(default=new_version)
    everywhere = models.PositiveBigIntegerField(default=new_version)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="blog_changecounter_one_row"),
        ]

    def __str__(self):
        return str(self.total)

    @classmethod
    @contextmanager
    def counted_once(cls) -> Iterator[None]:
        """Context manager that counts once at the end of a long transaction.

        Locking this row early and others later would deadlock with transactions that lock it last.
        """
        _pending.waits, _pending.counted = True, False
        try:
            yield
        finally:
            _pending.waits = False
        if _pending.counted:
            cls.count(everywhere=True)

    @classmethod
    def count(cls, everywhere: bool = False) -> None:
        """Count a change of something visible; ``everywhere``: of what every page shows."""
        if getattr(_pending, "waits", False):
            _pending.counted = True
            return
        renewed = {"total": new_version()}
        if everywhere:
            renewed["everywhere"] = new_version()
        if not cls.objects.filter(pk=1).update(**renewed):
            cls.get()
            cls.objects.filter(pk=1).update(**renewed)

    @classmethod
    def renew(cls) -> None:
        """Leave behind all that any cache has: this may be another database than it was made of.

        Each start of the server calls it, and ``erase_again``: a backup may have been restored.
        """
        cls.count(everywhere=True)

"""The counters by which caches know that something visible has changed.

Nothing is ever removed from a cache: its keys hold these numbers (config/caching/cache_keys.py).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import models
from django.db.models import F

from accounts.models.single_row import SingleRow

_pending = threading.local()


class ChangeCounter(SingleRow):
    """Counters that each visible write raises in its own transaction, for cache invalidation.

    Counters and not timestamps, because those can be equal, or be committed in another order than
    they were read. A transaction locks this row last.
    """

    total = models.PositiveBigIntegerField(default=0)
    everywhere = models.PositiveBigIntegerField(default=0)

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
        raised = {"total": F("total") + 1}
        if everywhere:
            raised["everywhere"] = F("everywhere") + 1
        if not cls.objects.filter(pk=1).update(**raised):
            cls.get()
            cls.objects.filter(pk=1).update(**raised)

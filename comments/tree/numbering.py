"""The numbers of a post's threads, and the count of the visible ones."""

from django.db import models
from django.db.models import F

from blog.models import Post


class ThreadCounter(models.Model):
    """The last number given to a thread of a post, and how many of its threads are visible.

    No number is given twice. Only :mod:`comments.tree.counters` and code that loads or repairs
    many comments write here, after locking the threads and before locking the post's row.
    """

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="+")
    last = models.PositiveIntegerField(default=0)
    threads = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "comments"

    def __str__(self):
        return str(self.last)

    @classmethod
    def next(cls, post: int, count: int = 1) -> int:
        """Reserve ``count`` numbers of a post (its key) for threads that become visible.

        Returns the last of them. The row stays locked until the transaction ends, so that
        numbers are given without gaps.
        """
        counter, raised = cls.objects.filter(post_id=post), {"last": F("last") + count}
        raised["threads"] = F("threads") + count
        if not counter.update(**raised):
            cls.objects.bulk_create([cls(post_id=post)], ignore_conflicts=True)
            counter.update(**raised)
        return counter.values_list("last", flat=True).get()

    @classmethod
    def count(cls, post: int, appeared: int) -> None:
        """Add ``appeared`` to the count of visible threads; negative when threads disappeared."""
        if appeared:
            cls.objects.filter(post_id=post).update(threads=F("threads") + appeared)

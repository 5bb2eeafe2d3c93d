"""Numbers a post's threads, and counts the visible ones."""

from django.db import models
from django.db.models import F

from blog.models import Post


class ThreadCounter(models.Model):
    """The last number given to a thread of a post, as none is given twice, and a count.

    ``threads`` counts those that readers see. Only :mod:`comments.tree.counters` and what loads or
    mends many comments write here, after the locks of threads and before the post's row.
    """

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="+")
    last = models.PositiveIntegerField(default=0)
    threads = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "comments"

    def __str__(self):
        return str(self.last)

    @classmethod
    def next(cls, post, count=1):
        """Reserve ``count`` numbers of a post (its key) for threads that appear for the first time.

        Returns the last of them. The row stays locked until the transaction ends, so that
        numbers follow one another.
        """
        row, raised = cls.objects.filter(post_id=post), {"last": F("last") + count}
        raised["threads"] = F("threads") + count
        if not row.update(**raised):
            cls.objects.bulk_create([cls(post_id=post)], ignore_conflicts=True)
            row.update(**raised)
        return row.values_list("last", flat=True).get()

    @classmethod
    def count(cls, post, appeared):
        """Add to the count of visible threads; ``appeared`` is below zero where some went."""
        if appeared:
            cls.objects.filter(post_id=post).update(threads=F("threads") + appeared)

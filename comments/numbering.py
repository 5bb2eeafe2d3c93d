"""The numbers of threads: each post counts its own."""

from django.db import models
from django.db.models import F

from blog.models import Post


class Numbering(models.Model):
    """The last number given to a thread of a post: numbers are never given twice."""

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="+")
    last = models.PositiveIntegerField(default=0)

    def __str__(self):
        return str(self.last)

    @classmethod
    def next(cls, post, count=1):
        """Reserve ``count`` numbers of a post (its key) until the transaction ends.

        Returns the last of them. The row stays locked, so that numbers follow one another.
        """
        row = cls.objects.filter(post_id=post)
        if not row.update(last=F("last") + count):
            cls.objects.bulk_create([cls(post_id=post)], ignore_conflicts=True)
            row.update(last=F("last") + count)
        return row.get().last

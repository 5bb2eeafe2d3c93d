"""In which order comments became visible: what is new to somebody who has read up to one of them.

The key of a comment does not tell: a held one is approved after others that came later. Nor
does a time: two transactions can be committed in another order than their clocks were read,
and what lies between would never be news to anybody. So each comment that becomes visible
gets a row here, written when the row of its post is locked until the end of the transaction:
for one post, keys of rows are committed in their own order.
"""

from django.db import models

from blog.models import Post


class AppearanceQuerySet(models.QuerySet):
    def latest_key(self, post):
        """Return a queryset of the key of the comment that became visible last, if any."""
        return self.filter(post=post).order_by("-pk").values("comment_id")[:1]


class Appearance(models.Model):
    """A comment became visible. Comments from another system, loaded as a whole, have none."""

    post = models.ForeignKey(Post, models.CASCADE, db_index=False, related_name="+")
    comment = models.OneToOneField(
        "comments.Comment", models.CASCADE, related_name="appearance", verbose_name="comment"
    )

    objects = AppearanceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["post", "id"], name="comment_appearance")]

    def __str__(self):
        return str(self.pk)

    @classmethod
    def note(cls, comment, post, again=False, using=None):
        """Write down that a comment (its key) became visible; ``again`` if it was so before.

        Called after ``post.touch()`` in the same transaction: see above.
        """
        rows = cls.objects.using(using)
        if again:
            rows.filter(comment_id=comment).delete()
        rows.create(comment_id=comment, post_id=post)

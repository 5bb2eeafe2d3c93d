"""The order in which comments became visible, to tell what is new since one of them.

The key of a comment does not tell: a held one is approved after others that came later. Nor
does a time: two transactions can be committed in another order than their clocks were read,
and what lies between would never be news to anybody. So each comment that becomes visible
gets a row here, written when the row of its post is locked until the end of the transaction:
for one post, keys of rows are committed in their own order.

What was hidden and comes back gets another row and keeps its first: who saw it the first time has
read up to there and no further.
"""

from django.db import models

from blog.database_functions import Columns
from blog.models import Post


def cursor(comment, place, again):
    """Return what to ask with for what is newer than this row, as the text of an address.

    It is the key of the comment; of one that came ``again``, the key of the row besides.
    """
    return f"{comment}&place={place}" if again else str(comment)


def cursor_of(found):
    """Return the :func:`cursor` of what ``latest_of`` found, 0 for nothing."""
    return cursor(*found) if found else 0


class VisibilityEventQuerySet(models.QuerySet):
    def latest_of(self, post):
        """Return a queryset of what became visible last, for :func:`cursor_of`."""
        return (
            self.filter(post=post)
            .order_by("-pk")
            .values_list(Columns("comment", "pk", "again"))[:1]
        )


class VisibilityEvent(models.Model):
    """A comment became visible. Comments from another system, loaded as a whole, have none."""

    post = models.ForeignKey(Post, models.CASCADE, db_index=False, related_name="+")
    comment = models.ForeignKey(
        "comments.Comment", models.CASCADE, related_name="appearances", verbose_name="comment"
    )
    again = models.BooleanField(default=False)

    objects = VisibilityEventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["post", "id"], name="comment_appearance")]

    def __str__(self):
        return str(self.pk)

    @classmethod
    def note(cls, comment, post, again=False, using=None):
        """Write down that a comment (its key) became visible; ``again`` if it was so before.

        Called after ``post.touch()`` in the same transaction: see above.
        """
        cls.objects.using(using).create(comment_id=comment, post_id=post, again=again)

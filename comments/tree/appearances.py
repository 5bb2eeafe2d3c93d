"""The order in which comments became visible, for listing what is new since one of them.

The key of a comment does not give that order: a held comment is approved after others with higher
keys. Nor does a time: two transactions can commit in another order than their clocks were read,
and a comment in between would never be new for anybody. So each comment that becomes visible gets
a row here, written while the row of its post is locked until the end of the transaction: within
one post, rows are committed in the order of their keys.

A comment that was hidden and becomes visible again gets another row and keeps its first: whoever
saw it the first time has read up to there and no further.
"""

from collections.abc import Sequence
from typing import Self

from django.db import models

from blog.database.functions import Columns
from blog.models import Post


def cursor(comment: int, place: int | None, again: bool) -> str:
    """Return the query value that asks for comments newer than this event.

    It is the key of the comment; for one that became visible ``again``, ``place`` too, the key of
    the event.
    """
    return f"{comment}&place={place}" if again else str(comment)


def cursor_of(event: Sequence | None) -> str | int:
    """Return the :func:`cursor` of the row that ``latest_of`` returned, 0 for None."""
    return cursor(*event) if event else 0


class VisibilityEventQuerySet(models.QuerySet):
    def latest_of(self, post: int) -> Self:
        """Return a queryset of a post's latest event, as a row for :func:`cursor_of`."""
        return (
            self.filter(post=post)
            .order_by("-pk")
            .values_list(Columns("comment", "pk", "again"))[:1]
        )


class VisibilityEvent(models.Model):
    """One time that a comment became visible. Comments loaded in bulk have none."""

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
    def note(cls, comment: int, post: int, again: bool = False, using: str | None = None) -> None:
        """Record that a comment became visible; ``again`` if it had been visible before.

        Takes keys. Call it after ``Post.touch()`` in the same transaction, which locks the post.
        """
        cls.objects.using(using).create(comment_id=comment, post_id=post, again=again)

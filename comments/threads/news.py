"""New comments of a post: those that became visible after one that a reader has seen.

They are the same for everybody: pending comments are not news. ``after`` is the key of a comment;
:mod:`comments.tree.appearances` gives the order, not the keys. A comment that was hidden in between
became visible more than once: ``after`` alone means the first time, and ``place`` (the key of a
``VisibilityEvent``) names another one.
"""

import re
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from blog.models import Post
from comments import policy
from comments.models import Comment, ConversationSettings, VisibilityEvent
from comments.policy import Viewer
from comments.threads import thread
from comments.threads.nodes import CommentNode, NodeBuilder
from comments.tree.appearances import cursor

# Comments listed or shown at once; readers who missed more reload the page.
MOST = 50
# What the values of ``after`` and ``place`` look like; they fit into the integers of databases.
KEY = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)


class NoSuchConversationError(LookupError):
    """The conversation is hidden, or the comment was never visible in it."""


@dataclass
class News:
    """New comments, in the order in which they became visible.

    ``count`` is how many there are, ``keys`` those of the first MOST. ``last`` and ``place`` (None
    if the last one became visible for the first time) are the ``after`` and ``place`` of the next
    request; ``cursor`` is both as a query value. ``nodes``, if requested, has parents before their
    replies.
    """

    is_open: bool
    last: int
    place: int | None
    count: int
    keys: list[int]
    nodes: list[CommentNode] = field(default_factory=list)

    @property
    def cursor(self) -> str:
        return cursor(self.last, self.place, self.place is not None)


def news(post: Post, after: int, place: int | None = None, shown: bool = False) -> News:
    """Return the ``News`` of a post since the comment ``after`` (a key; 0: since the beginning).

    ``place`` is the ``VisibilityEvent`` of that comment to count from, if not its first. With
    ``shown``, nodes are included. Three queries, a fourth if there are more than MOST, two more
    for nodes. Raises NoSuchConversationError.
    """
    settings = ConversationSettings.get()
    mode = policy.mode_of(post, settings)
    if mode is policy.Mode.HIDDEN:
        raise NoSuchConversationError
    new = _since(post, after, place)
    rows = list(new.values_list("pk", "appearances__pk", "appearances__again")[: MOST + 1])
    count = new.count() if len(rows) > MOST else len(rows)
    rows = rows[:MOST]
    last, at, again = rows[-1] if rows else (after, place, place is not None)
    keys = [row[0] for row in rows]
    result = News(policy.takes_answers(mode), last, at if again else None, count, keys)
    if shown and keys:
        result.nodes = _nodes(post, keys, settings, result.is_open)
    return result


def is_place(comment: int, place: int) -> bool:
    """Return whether :func:`news` of this comment begins elsewhere with this ``place`` (keys)."""
    again = VisibilityEvent.objects.filter(pk=place, comment=comment, again=True)
    return again.exists()


def _nodes(post, keys, settings, takes_answers):
    """Return nodes that each name whom they answer, since a page may insert them anywhere."""
    rows = list(thread.rows(Comment.objects.filter(pk__in=keys)))
    word = settings.word_for_a_reader
    builder = NodeBuilder.for_page(post, Viewer(), settings, takes_answers)
    builder.reserve(rows)
    nodes = [node for row in rows for node in builder.nodes([row])]
    thread.name_missing_parents(nodes, word)
    return nodes


def _since(post, after, place):
    """Return a queryset of the new comments, in the order in which they became visible."""
    since = 0
    if after:
        seen = Comment.objects.filter(pk=after, post=post, approved_at__isnull=False)
        times = list(seen.values_list("appearances__pk", "appearances__again"))
        if not times:
            raise NoSuchConversationError
        first = next((key for key, again in times if again is False), 0)
        since = place if place and any(key == place for key, _again in times) else first
    # Each comment once, at the last time that it became visible.
    later = VisibilityEvent.objects.filter(
        comment=OuterRef("pk"), pk__gt=OuterRef("appearances__pk")
    )
    new = Comment.objects.approved()
    new = new.filter(~Exists(later), post=post, appearances__pk__gt=since)
    return new.order_by("appearances__pk")

"""The comments that became visible after one that a reader has seen.

The same for everybody: pending comments are not news. ``after`` is the key of a comment; what came
later is told by :mod:`comments.tree.appearances`, not by keys. A comment that was hidden and came
back became visible more than once: ``after`` alone means the first time, ``place`` (the key of a
``VisibilityEvent``) says which one a reader has seen.
"""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from comments import policy
from comments.models import Comment, ConversationSettings, VisibilityEvent
from comments.policy import Viewer
from comments.threads import thread
from comments.threads.nodes import CommentNode, NodeBuilder
from comments.tree.appearances import cursor

# Comments that are named or shown at once; who missed more opens the page again.
MOST = 50


class NoSuchConversationError(LookupError):
    """The conversation is hidden, or the comment was never seen in it."""


@dataclass
class News:
    """What is new, in the order in which it appeared.

    ``keys`` are those of ``count`` new comments (MOST at most), ``last`` and ``place`` (None
    where it is the first time) are what to ask with for what comes after these, ``cursor`` is
    the same as the text of an address. ``nodes`` are the comments themselves, parents before their
    replies, where they were asked for.
    """

    is_open: bool
    last: int
    place: int | None
    count: int
    keys: list[int]
    nodes: list[CommentNode] = field(default_factory=list)

    @property
    def cursor(self):
        return cursor(self.last, self.place, self.place is not None)


def news(post, after, place=None, shown=False):
    """Return the ``News`` of a post since the comment ``after`` (a key; 0: since the beginning), or
    since the time ``place`` that it came back.

    With ``shown``, its nodes too. Three queries, a fourth where there is more than MOST, two
    more for nodes. Raises NoSuchConversationError.
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
    found = News(policy.takes_answers(mode), last, at if again else None, count, keys)
    if shown and keys:
        found.nodes = _nodes(post, keys, settings, found.is_open)
    return found


def _nodes(post, keys, settings, takes_answers):
    """Each says whom it answers, since it may come to stand anywhere on a page."""
    rows = list(thread.rows(Comment.objects.filter(pk__in=keys)))
    word = settings.word_for_a_reader
    builder = NodeBuilder.of(post, Viewer(), settings, takes_answers)
    builder.reserve(rows)
    found = [node for row in rows for node in builder.nodes([row])]
    thread.name_missing_parents(found, word)
    return found


def _since(post, after, place):
    """Return a queryset of the new comments, in the order in which they appeared."""
    since = 0
    if after:
        seen = Comment.objects.filter(pk=after, post=post, approved_at__isnull=False)
        times = list(seen.values_list("appearances__pk", "appearances__again"))
        if not times:
            raise NoSuchConversationError
        first = next((key for key, again in times if again is False), 0)
        since = place if place and any(key == place for key, _again in times) else first
    # Each once, at the last time that it appeared.
    later = VisibilityEvent.objects.filter(
        comment=OuterRef("pk"), pk__gt=OuterRef("appearances__pk")
    )
    new = Comment.objects.approved()
    new = new.filter(~Exists(later), post=post, appearances__pk__gt=since)
    return new.order_by("appearances__pk")

"""What became visible in a conversation after a comment that somebody has seen.

The same for everybody: what waits is nobody's news. ``after`` is the key of a comment; what
came later is told by :mod:`comments.appearing`, not by keys.
"""

from dataclasses import dataclass, field

from comments import policy, thread
from comments.models import Comment, ConversationSettings
from comments.nodes import Builder, Node
from comments.viewer import Viewer

# Comments that are named or shown at once; who missed more opens the page again.
MOST = 50


class NoSuchConversationError(LookupError):
    """The conversation is hidden, or the comment was never seen in it."""


@dataclass
class News:
    """What is new, in the order in which it appeared.

    ``keys`` are those of ``count`` new comments (MOST at most), ``last`` is what to ask with
    for what comes after these. ``nodes`` are the comments themselves, parents before their
    replies, where they were asked for.
    """

    is_open: bool
    last: int
    count: int
    keys: list[int]
    nodes: list[Node] = field(default_factory=list)


def news(post, after, shown=False):
    """Return the ``News`` of a post since the comment ``after`` (a key; 0: since the beginning).

    With ``shown``, its nodes too. Three queries, a fourth where there is more than MOST, two
    more for nodes. Raises NoSuchConversationError.
    """
    settings = ConversationSettings.get()
    mode = policy.mode_of(post, settings)
    if mode is policy.Mode.HIDDEN:
        raise NoSuchConversationError
    new = _since(post, after)
    keys = list(new.values_list("pk", flat=True)[: MOST + 1])
    count = new.count() if len(keys) > MOST else len(keys)
    keys = keys[:MOST]
    found = News(policy.takes_answers(mode), keys[-1] if keys else after, count, keys)
    if shown and keys:
        found.nodes = _nodes(post, keys, settings, found.is_open)
    return found


def _nodes(post, keys, settings, takes_answers):
    """Each says whom it answers, since it may come to stand anywhere on a page."""
    rows = list(thread.rows(Comment.objects.filter(pk__in=keys)))
    word = settings.word_for_a_reader
    builder = Builder.of(post, Viewer(), settings, takes_answers)
    builder.reserve(rows)
    found = [node for row in rows for node in builder.nodes([row])]
    thread.name_the_absent(found, word)
    return found


def _since(post, after):
    """Return a queryset of the new comments, in the order in which they appeared."""
    place = 0
    if after:
        seen = Comment.objects.filter(pk=after, post=post, approved_at__isnull=False)
        found = list(seen.values_list("appearance__pk", flat=True))
        if not found:
            raise NoSuchConversationError
        place = found[0] or 0
    new = Comment.objects.approved().filter(post=post, appearance__pk__gt=place)
    return new.order_by("appearance__pk")

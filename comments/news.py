"""What became visible in a conversation after a comment that somebody has seen.

The same for everybody: what waits is nobody's news. ``after`` is the key of a comment; what
came later is told by :mod:`comments.appearing`, not by keys.
"""

from dataclasses import dataclass, field

from comments import policy, thread
from comments.appearing import Appearance
from comments.models import Comment, ConversationSettings
from comments.nodes import Builder
from comments.viewer import Viewer

# Comments that are named or shown at once; who missed more opens the page again.
MOST = 50


class NoSuchConversationError(LookupError):
    """The conversation is hidden, or the comment was never seen in it."""


@dataclass
class News:
    """``keys`` of what is new in the order in which it appeared (MOST at most), of ``count``."""

    is_open: bool
    last: int
    count: int = 0
    keys: list[int] = field(default_factory=list)


def news(post, after):
    """Return the ``News`` of a post since the comment ``after`` (a key; 0: since the beginning).

    ``last`` is what to ask with the next time. Three queries, a fourth where there is more
    than MOST. Raises NoSuchConversationError.
    """
    mode, new = _since(post, after)
    keys = list(new.values_list("pk", flat=True)[: MOST + 1])
    latest = Appearance.objects.latest_key(post.pk).values_list("comment_id", flat=True)
    last = (latest.first() if keys else None) or after
    count = new.count() if len(keys) > MOST else len(keys)
    return News(policy.takes_answers(mode), last, count, keys[:MOST])


def new_comments(post, after):
    """Return nodes of the first MOST new comments, parents before their replies.

    Each says whom it answers, since it may come to stand anywhere on a page. Raises
    NoSuchConversationError.
    """
    settings = ConversationSettings.get()
    mode, new = _since(post, after, settings)
    keys = list(new.values_list("pk", flat=True)[:MOST])
    rows = list(thread.rows(Comment.objects.filter(pk__in=keys)))
    builder = Builder(
        post,
        Viewer(),
        settings.display_depth,
        policy.takes_answers(mode),
        settings.word_for_a_reader,
    )
    builder.reserve(rows)
    found = [builder.nodes([row])[0] for row in rows]
    thread.name_the_absent(found, builder.reader_word)
    return found


def _since(post, after, settings=None):
    """Return ``(mode, queryset)``: what is new in the order in which it appeared."""
    mode = policy.mode_of(post, settings or ConversationSettings.get())
    if mode is policy.Mode.HIDDEN:
        raise NoSuchConversationError
    place = 0
    if after:
        seen = Comment.objects.filter(pk=after, post=post, approved_at__isnull=False)
        found = list(seen.values_list("appearance__pk"))
        if not found:
            raise NoSuchConversationError
        place = found[0][0] or 0
    new = Comment.objects.approved().filter(post=post, appearance__pk__gt=place)
    return mode, new.order_by("appearance__pk")

"""The comments of one post in an order in which they can be inserted: parents first.

The parents given in the file are not trusted: they can be missing, belong to another post, come
after their replies, or form a cycle. Nothing here is recursive, so that a thread may be a thousand
levels deep.
"""

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from blog.importers.records import Comment

LAST = datetime.max.replace(tzinfo=UTC)  # where a comment without a date is sorted


@dataclass(frozen=True, slots=True)
class PlacedComment:
    """A comment with the id of its parent (None at the top level) and its level from 1."""

    comment: Comment
    parent: int | None
    level: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a comment is not placed as in the file.

    ``kind`` is one of "duplicate" (left out), and "missing parent", "parent on another
    post", "own parent", "circle", "reply to a ping" (all moved to the top level).
    """

    kind: str
    comment_id: int
    parent: int


@dataclass(slots=True)
class OrderedComments:
    """``comments`` in tree order, ``problems``, and ``skipped``: the numbers by type."""

    comments: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    skipped: Counter = field(default_factory=Counter)


def order_comments(
    comments: Iterable[Comment], elsewhere: Container[int] = frozenset()
) -> OrderedComments:
    """Return the OrderedComments of one post.

    ``elsewhere`` contains the ids of other posts' comments. Each comment follows its parent;
    siblings are sorted by date, then id. A cycle is broken at its earliest comment. Pings and other
    types that are not comments are counted and left out.
    """
    done = OrderedComments()
    kept, skipped = _sorted_out(comments, elsewhere, done)
    parents = {
        comment.id: _parent(comment, kept, skipped, elsewhere, done) for comment in kept.values()
    }
    _open_circles(kept, parents, done)
    _place(kept, parents, done)
    return done


def _sorted_out(comments, elsewhere, done):
    kept, skipped = {}, set()
    for comment in comments:
        if comment.id in kept or comment.id in skipped or comment.id in elsewhere:
            done.problems.append(Problem("duplicate", comment.id, comment.parent))
        elif comment.is_talk:
            kept[comment.id] = comment
        else:
            skipped.add(comment.id)
            done.skipped[comment.type] += 1
    return kept, skipped


def _parent(comment, kept, skipped, elsewhere, done):
    if comment.parent == 0:
        return None
    if comment.parent == comment.id:
        kind = "own parent"
    elif comment.parent in kept:
        return comment.parent
    elif comment.parent in skipped:
        kind = "reply to a ping"
    else:
        kind = "parent on another post" if comment.parent in elsewhere else "missing parent"
    done.problems.append(Problem(kind, comment.id, comment.parent))
    return None


def _open_circles(kept, parents, done):
    """Move the earliest comment of each cycle to the top level."""
    settled = set()
    for start in parents:
        path, seen, here = [], set(), start
        while here is not None and here not in settled and here not in seen:
            path.append(here)
            seen.add(here)
            here = parents[here]
        if here in seen:
            first = min(path[path.index(here) :], key=lambda pk: _when(kept[pk]))
            done.problems.append(Problem("circle", first, parents[first]))
            parents[first] = None
        settled.update(path)


def _place(kept, parents, done):
    replies = {}
    for comment in sorted(kept.values(), key=_when, reverse=True):
        replies.setdefault(parents[comment.id], []).append(comment)
    waiting = [(comment, 1) for comment in replies.get(None, ())]
    while waiting:
        comment, level = waiting.pop()
        done.comments.append(PlacedComment(comment, parents[comment.id], level))
        waiting.extend((reply, level + 1) for reply in replies.get(comment.id, ()))


def _when(comment):
    return (comment.date or LAST, comment.id)

"""Which rows of each thread a page shows: its beginning, and what stands around a comment in it.

A thread may hold 2,000 comments, and no page shows them all: where a comment stands far down,
the page has the first replies, how many are left out, and a window of rows around it.
"""

from types import MappingProxyType
from typing import NamedTuple

from django.db.models import Count, Q, Subquery

from comments import nodes, thread
from comments.appearing import Appearance
from comments.models import Comment
from comments.numbering import Numbering

# Steps of lft before and after a comment; each row takes one or two, so 50 rows at most.
BEFORE, AFTER = 40, 9
BEFORE_OWN = 8  # before a comment that waits: only its writer sees it, and she knows the rest


class Window(NamedTuple):
    """Rows from ``first`` to ``last`` (both lft) are shown, around the one at ``goal``."""

    first: int
    goal: int
    last: int


def around(lft):
    """Return the ``Window`` in which a reader finds the comment that she was led to."""
    return Window(lft - BEFORE, lft, lft + AFTER)


def before_own(lft):
    """Return the smaller ``Window`` in which a writer finds her own comment that waits."""
    return Window(lft - BEFORE_OWN, lft, lft)


class Excerpt(NamedTuple):
    """Rows of one thread in tree order: all with lft up to ``width``, and those of its windows."""

    rows: list
    width: int
    windows: list

    def pieces(self, viewer, shown):
        """Return lists of rows that this viewer sees, with something left out in between.

        The first begins at the root and ends after ``shown`` replies, or at its last goal.
        """
        first, *others = [
            (span.goal, nodes.prune(self._between(span.first, span.last), viewer))
            for span in self._spans()
        ]
        beginning = nodes.cut(first[1], viewer, shown, first[0])
        return [beginning, *(rows for _goal, rows in others if rows)]

    def _spans(self):
        """Return the beginning and the windows, as one where they meet."""
        spans = [Window(1, 0, self.width)]
        for window in sorted(self.windows):
            last = spans[-1]
            if window.first > last.last + 1:
                spans.append(window)
            else:
                ends = max(last.goal, window.goal), max(last.last, window.last)
                spans[-1] = Window(last.first, *ends)
        return spans

    def _between(self, first, last):
        return [row for row in self.rows if first <= row.lft <= last]

    def is_short(self, shown):
        """Whether more rows have to be read to show as many replies as there are or should be."""
        root = self.rows[0]
        seen = thread.approved(self._between(1, self.width))
        return root.rght > self.width and seen < min(root.visible_count, shown + 1)


class Part(NamedTuple):
    """The threads of a post that one page shows: from ``first`` on, before ``end``."""

    newest_first: bool
    first: int
    end: int

    def roots(self, post):
        """Return a queryset of the keys of their first comments; ``post`` is a key, too."""
        found = Comment.objects.threads_of(post).values("pk")
        return found.order_by("-number" if self.newest_first else "number")[self.first : self.end]


def read(post, part, shown, windows):
    """Return ``({root: Excerpt}, first row)`` for a ``Part`` of a post (a key).

    ``windows`` is ``{root: list}``. The first row also says how many threads the post has
    (``thread_count``) and what became visible ``last``; it is None where the part is empty. One
    query, and another for threads in which many hidden comments stand before the replies.
    """
    # Row i of a thread in tree order has an lft of at most 2i + 1.
    width = 2 * (shown + 1) + thread.SLACK
    counts = {
        "thread_count": Subquery(Numbering.objects.filter(pk=post).values("threads")),
        "last": Subquery(Appearance.objects.latest_of(post)),
    }
    rows = list(_rows(part.roots(post), width, windows, counts))
    found = new = _excerpts(rows, width, windows)
    while short := [key for key, excerpt in new.items() if excerpt.is_short(shown)]:
        width *= 4
        new = _excerpts(_rows(short, width, windows), width, windows)
        found |= new
    return found, rows[0] if rows else None


def _rows(roots, width, windows, more=MappingProxyType({})):
    reach = Q(lft__lte=width)
    for key, around_goals in windows.items():
        for window in around_goals:
            reach |= Q(tree_id=key, lft__range=(window.first, window.last))
    found = Comment.objects.filter(reach, tree_id__in=roots).annotate(**more)
    return thread.rows(found, *more)


def _excerpts(rows, width, windows):
    rows_of = {}
    for row in rows:
        rows_of.setdefault(row.tree_id, []).append(row)
    return {key: Excerpt(rows, width, windows.get(key, ())) for key, rows in rows_of.items()}


def left_out(pieces_of):
    """Return ``{root: {key of the row before: how many visible ones are left out after it}}``.

    ``pieces_of`` is ``{root: pieces}``. No query where nothing is left out, else one.
    """
    gaps = {
        f"gap{before.pk}": (root, before.pk, Q(tree_id=root, lft__gt=before.lft, lft__lt=after.lft))
        for root, pieces in pieces_of.items()
        for before, after in zip(
            [rows[-1] for rows in pieces], [rows[0] for rows in pieces[1:]], strict=False
        )
    }
    counted = {root: {} for root in pieces_of}
    if not gaps:
        return counted
    anywhere = Q()
    for _root, _key, gap in gaps.values():
        anywhere |= gap
    counts = {name: Count("pk", filter=gap) for name, (_root, _key, gap) in gaps.items()}
    found = Comment.objects.approved().filter(anywhere).aggregate(**counts)
    for name, (root, key, _gap) in gaps.items():
        counted[root][key] = found[name]
    return counted

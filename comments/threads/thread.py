"""Reading threads: their rows, and the part of them that is shown.

A thread's whole beginning is loaded and pruned in Python (see :mod:`comments.threads.nodes`).
"""

from dataclasses import dataclass, field
from math import log2
from types import MappingProxyType
from typing import NamedTuple

from django.db.models import Count, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from comments.models import Comment, ThreadCounter, VisibilityEvent
from comments.threads import nodes
from comments.threads.nodes import CommentNode

# Rows read beyond those shown, for hidden ones among them.
SLACK = 8
# Letters that would take as much room as a comment's name, date, and links do on a phone.
BESIDE_WORDS = 140
FIRST_STEP, STEPS = 350, 12  # letters; number of steps


class NoSuchPageError(LookupError):
    """There is no such page of this conversation, or nothing on it for this viewer."""


@dataclass(slots=True)
class Thread:
    """Nodes that one ``_thread.html`` shows, and what was cut away after them."""

    nodes: list[CommentNode] = field(default_factory=list)
    replies: int = 0  # in the whole thread, all that everybody sees; 0 where it cannot be folded
    more: int = 0
    more_url: str = ""
    html: str = ""  # finished, where it came from the cache or goes there

    __getitem__ = object.__getattribute__

    @property
    def has_replies(self):
        """Whether the template still has a list of replies to close."""
        return bool(self.nodes) and self.nodes[-1].depth > 0

    @property
    def name(self):
        """Who began it; empty where that comment is not shown."""
        return self.nodes[0].name

    @property
    def size(self):
        """About how much room it takes, as a step: each is half as much again, nearly, as the one
        before. ``static/css/comments/conversation.css`` says how high they are.
        """
        letters = sum(BESIDE_WORDS + len(node.body_html) for node in self.nodes)
        return min(STEPS, max(1, 1 + round(2 * log2(letters / FIRST_STEP))))

    @property
    def replies_label(self):
        return ngettext("%(count)s reply", "%(count)s replies", self.replies) % {
            "count": self.replies
        }

    @property
    def collapse_label(self):
        """What a screen reader says of the press that folds the replies."""
        words = {"replies": self.replies_label, "name": self.name}
        if not self.name:
            return gettext("%(replies)s, fold or unfold") % words
        return gettext("%(replies)s to %(name)s, fold or unfold") % words

    @property
    def folds(self):
        """Whether a press closes the replies, and another opens them."""
        return self.replies > 0 and self.has_replies


def rows(comments, *more):
    """Return these comments (a queryset) as rows of ``nodes.COLUMNS`` and ``more`` annotations, in
    tree order.
    """
    found = comments.with_support().with_lock().order_by("tree_id", "lft")
    return found.values_list(*nodes.COLUMNS, *more, named=True)


def approved(rows):
    """Return how many of the rows everybody sees."""
    return sum(row.status == Comment.Status.APPROVED for row in rows)


def of(builder, rows, top, visible, left_out=()):
    """Return a ``Thread`` of these rows below the comment ``top`` (a key).

    ``visible`` counts the approved comments from the first row to the end of the branch,
    ``left_out`` (``{key: count}``) those that are missing after a row.
    """
    thread = Thread(builder.nodes(rows))
    gaps = dict(left_out)
    for node in thread.nodes:
        if gaps.get(node.pk):
            _go_on(node, top, node.pk, gaps[node.pk])
    _go_on(thread, top, rows and rows[-1].pk, visible - approved(rows) - sum(gaps.values()))
    return thread


def _go_on(place, top, last, count):
    """Let a thread or a node say how many come after the comment ``last`` and where they are."""
    if last and count > 0:
        place.more, place.more_url = count, reverse("comments:after", args=[top, last])


def name_missing_parents(shown, reader_word):
    """Name whom nodes answer when that comment stands on another page: one query at most."""
    keys = {node.addressee_key for node in shown if node.addressee_key}
    if not keys:
        return
    found = {row.pk: row for row in rows(Comment.objects.approved().filter(pk__in=keys))}
    for node in shown:
        if row := found.get(node.addressee_key):
            node.answers = nodes.name_of(row, reader_word)


# Steps of lft before and after a comment; each row takes one or two, so 50 rows at most.
BEFORE, AFTER = 40, 9
BEFORE_OWN = 8  # before a pending comment: its writer knows the context


class RowRange(NamedTuple):
    """Rows from ``first`` to ``last`` (both lft) are shown, around the one at ``goal``."""

    first: int
    goal: int
    last: int


def range_around(lft):
    """Return the ``RowRange`` to show around a linked comment."""
    return RowRange(lft - BEFORE, lft, lft + AFTER)


def range_before_own(lft):
    """Return the smaller ``RowRange`` to show before a writer's own pending comment."""
    return RowRange(lft - BEFORE_OWN, lft, lft)


class ThreadSlice(NamedTuple):
    """Rows of one thread in tree order: all with lft up to ``width``, and those of its windows."""

    rows: list
    width: int
    windows: list

    def pieces(self, viewer, shown):
        """Return lists of rows that this viewer sees, with something left out in between.

        The first begins at the root and ends after ``shown`` replies, or at its last goal.
        """
        first, *others = [
            (span.goal, nodes.prune_hidden(self._between(span.first, span.last), viewer))
            for span in self._spans()
        ]
        beginning = nodes.truncate(first[1], viewer, shown, first[0])
        return [beginning, *(rows for _goal, rows in others if rows)]

    def _spans(self):
        """Return the beginning and the windows, as one where they meet."""
        spans = [RowRange(1, 0, self.width)]
        for window in sorted(self.windows):
            last = spans[-1]
            if window.first > last.last + 1:
                spans.append(window)
            else:
                ends = max(last.goal, window.goal), max(last.last, window.last)
                spans[-1] = RowRange(last.first, *ends)
        return spans

    def _between(self, first, last):
        return [row for row in self.rows if first <= row.lft <= last]

    def needs_more_rows(self, shown):
        """Whether more rows have to be read to show as many replies as there are or should be."""
        root = self.rows[0]
        seen = approved(self._between(1, self.width))
        return root.rght > self.width and seen < min(root.visible_count, shown + 1)


class PageSlice(NamedTuple):
    """The threads of a post that one page shows: from ``first`` on, before ``end``."""

    newest_first: bool
    first: int
    end: int

    def roots(self, post):
        """Return a queryset of the keys of their first comments; ``post`` is a key, too."""
        found = Comment.objects.threads_of(post).values("pk")
        return found.order_by("-number" if self.newest_first else "number")[self.first : self.end]


def read(post, part, shown, windows):
    """Return ``({root: ThreadSlice}, first row)`` for a ``PageSlice`` of a post (a key).

    ``windows`` is ``{root: list}``. The first row also says how many threads the post has
    (``thread_count``) and what became visible ``last``; it is None where the part is empty. One
    query, and another for threads in which many hidden comments stand before the replies.
    """
    # Row i of a thread in tree order has an lft of at most 2i + 1.
    width = 2 * (shown + 1) + SLACK
    counts = {
        "thread_count": Subquery(ThreadCounter.objects.filter(pk=post).values("threads")),
        "last": Subquery(VisibilityEvent.objects.latest_of(post)),
    }
    rows = list(_rows(part.roots(post), width, windows, counts))
    found = new = _excerpts(rows, width, windows)
    while short := [key for key, excerpt in new.items() if excerpt.needs_more_rows(shown)]:
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
    return rows(found, *more)


def _excerpts(rows, width, windows):
    rows_of = {}
    for row in rows:
        rows_of.setdefault(row.tree_id, []).append(row)
    return {key: ThreadSlice(rows, width, windows.get(key, ())) for key, rows in rows_of.items()}


def omitted_counts(pieces_of):
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

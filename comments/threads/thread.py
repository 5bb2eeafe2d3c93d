"""Reading threads: their rows, and the part of them that is shown.

The beginning of a thread is loaded with its hidden comments, and pruned in Python (see
:mod:`comments.threads.nodes`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log2
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import ngettext

from comments.models import Comment, ThreadCounter, VisibilityEvent
from comments.policy import Viewer
from comments.threads import nodes
from comments.threads.nodes import CommentNode, NodeBuilder

# Rows read beyond those shown, for hidden ones among them.
SLACK = 8
# The space of a comment's name, date and links on a phone, in letters of text.
BESIDE_WORDS = 140
FIRST_STEP, STEPS = 350, 12  # letters; number of steps


class NoSuchPageError(LookupError):
    """There is no such page of this conversation, or nothing on it for this viewer."""


@dataclass(slots=True)
class Thread:
    """The nodes of a thread that ``_thread.html`` shows, and how many replies follow them."""

    nodes: list[CommentNode] = field(default_factory=list)
    replies: int = 0  # approved ones in the whole thread; 0 if it cannot be collapsed
    more: int = 0
    more_url: str = ""
    html: str = ""  # rendered, if it came from the cache or goes there

    __getitem__ = object.__getattribute__

    @property
    def has_replies(self) -> bool:
        """Whether the template still has a list of replies to close."""
        return bool(self.nodes) and self.nodes[-1].depth > 0

    @property
    def name(self) -> str:
        """The name of the first comment's writer; empty if that comment is not shown."""
        return self.nodes[0].name

    @property
    def size(self) -> int:
        """The step of its approximate height, from 1 to STEPS; each is about 1.4 times the last.

        ``static/css/comments/conversation.css`` has the heights.
        """
        letters = sum(BESIDE_WORDS + len(node.body_html) for node in self.nodes)
        return min(STEPS, max(1, 1 + round(2 * log2(letters / FIRST_STEP))))

    @property
    def replies_label(self) -> str:
        return ngettext("%(count)s reply", "%(count)s replies", self.replies) % {
            "count": self.replies
        }

    @property
    def collapse_label(self) -> str:
        """The accessible name of the control that collapses the replies; empty if it has one."""
        if not self.name:
            return ""
        return ngettext(
            "%(count)s reply to %(name)s", "%(count)s replies to %(name)s", self.replies
        ) % {"count": self.replies, "name": self.name}

    @property
    def is_collapsible(self) -> bool:
        """Whether the replies can be collapsed."""
        return self.replies > 0 and self.has_replies


def rows(comments: QuerySet, *more: str) -> QuerySet:
    """Return these comments as rows of ``nodes.COLUMNS`` and ``more``, in tree order.

    ``more`` are names of annotations.
    """
    ordered = comments.with_support().with_lock().order_by("tree_id", "lft")
    return ordered.values_list(*nodes.COLUMNS, *more, named=True)


def approved(rows: Iterable) -> int:
    """Return how many of the rows are of approved comments."""
    return sum(row.status == Comment.Status.APPROVED for row in rows)


def build(
    builder: NodeBuilder,
    rows: Sequence,
    top: int,
    visible: int,
    left_out: Mapping[int, int] = MappingProxyType({}),
) -> Thread:
    """Return a ``Thread`` of these rows of the branch of the comment ``top`` (a key).

    ``visible`` counts the approved comments from the first row to the end of the branch,
    ``left_out`` (``{key: count}``) those left out after the row with this key.
    """
    thread = Thread(builder.nodes(rows))
    gaps = dict(left_out)
    for node in thread.nodes:
        if gaps.get(node.pk):
            _go_on(node, top, node.pk, gaps[node.pk])
    _go_on(thread, top, rows and rows[-1].pk, visible - approved(rows) - sum(gaps.values()))
    return thread


def _go_on(place, top, last, count):
    """Set on a thread or a node how many replies follow the comment ``last``, and their URL."""
    if last and count > 0:
        place.more, place.more_url = count, reverse("comments:after", args=[top, last])


def name_missing_parents(shown: Iterable[CommentNode], reader_word: str) -> None:
    """Set whom nodes answer if that comment is not on the page; one query at most."""
    keys = {node.addressee_key for node in shown if node.addressee_key}
    if not keys:
        return
    parents = {row.pk: row for row in rows(Comment.objects.approved().filter(pk__in=keys))}
    for node in shown:
        if row := parents.get(node.addressee_key):
            node.shown_addressee = nodes.name_of(row, reader_word)


# Steps of lft before and after a linked comment. Rows differ by at least one: 50 rows at most.
BEFORE, AFTER = 40, 9
BEFORE_OWN = 8  # before a pending comment: its writer knows the context


class RowRange(NamedTuple):
    """A range of rows to show, from ``first`` to ``last``, around ``target``; all are lft."""

    first: int
    target: int
    last: int


def range_around(lft: int) -> RowRange:
    """Return the ``RowRange`` to show around a linked comment."""
    return RowRange(lft - BEFORE, lft, lft + AFTER)


def range_before_own(lft: int) -> RowRange:
    """Return the smaller ``RowRange`` to show before a writer's own pending comment."""
    return RowRange(lft - BEFORE_OWN, lft, lft)


class ThreadSlice(NamedTuple):
    """The rows read of one thread, in tree order.

    They are all those with an lft up to ``up_to``, and those in its ``ranges``.
    """

    rows: list
    up_to: int
    ranges: Collection[RowRange]

    def parts(self, viewer: Viewer, shown: int) -> list[list]:
        """Return lists of consecutive rows that this viewer may see, with gaps in between.

        The first begins at the root and ends after ``shown`` replies, or at its last target.
        """
        first, *others = [
            (span.target, nodes.prune_hidden(self._between(span.first, span.last), viewer))
            for span in self._spans()
        ]
        beginning = nodes.truncate(first[1], viewer, shown, first[0])
        return [beginning, *(rows for _goal, rows in others if rows)]

    def _spans(self):
        """Return the ranges of the beginning and the ranges, merged where they meet."""
        spans = [RowRange(1, 0, self.up_to)]
        for wanted in sorted(self.ranges):
            last = spans[-1]
            if wanted.first > last.last + 1:
                spans.append(wanted)
            else:
                ends = max(last.target, wanted.target), max(last.last, wanted.last)
                spans[-1] = RowRange(last.first, *ends)
        return spans

    def _between(self, first, last):
        return [row for row in self.rows if first <= row.lft <= last]

    def needs_more_rows(self, shown: int) -> bool:
        """Return whether more rows have to be read to show ``shown`` replies, or all there are."""
        root = self.rows[0]
        seen = approved(self._between(1, self.up_to))
        return root.rght > self.up_to and seen < min(root.visible_count, shown + 1)


class PageSlice(NamedTuple):
    """The threads of a post that one page shows: from ``first`` up to, not including, ``end``."""

    newest_first: bool
    first: int
    end: int

    def roots(self, post: int) -> QuerySet:
        """Return a queryset of the keys of their roots; ``post`` is a key, too."""
        keys = Comment.objects.threads_of(post).values("pk")
        return keys.order_by("-number" if self.newest_first else "number")[self.first : self.end]


def read(
    post: int, part: PageSlice, shown: int, ranges: Mapping[int, Collection[RowRange]]
) -> tuple[dict[int, ThreadSlice], Any]:
    """Return ``({root: ThreadSlice}, first row)`` for a part of a post (a key).

    The first row also has the post's ``thread_count`` and ``last``, its latest visibility event;
    it is None if the part is empty. One query, and further ones for threads with many hidden
    comments before their replies.
    """
    # Row i of a thread in tree order has an lft of at most 2i + 1.
    up_to = 2 * (shown + 1) + SLACK
    counts = {
        "thread_count": Subquery(ThreadCounter.objects.filter(pk=post).values("threads")),
        "last": Subquery(VisibilityEvent.objects.latest_of(post)),
    }
    rows = list(_rows(part.roots(post), up_to, ranges, counts))
    slices = new = _slices(rows, up_to, ranges)
    while short := [key for key, each in new.items() if each.needs_more_rows(shown)]:
        up_to *= 4
        new = _slices(_rows(short, up_to, ranges), up_to, ranges)
        slices |= new
    return slices, rows[0] if rows else None


def _rows(roots, up_to, ranges, more=MappingProxyType({})):
    reach = Q(lft__lte=up_to)
    for key, wanted in ranges.items():
        for each in wanted:
            reach |= Q(tree_id=key, lft__range=(each.first, each.last))
    comments = Comment.objects.filter(reach, tree_id__in=roots).annotate(**more)
    return rows(comments, *more)


def _slices(rows, up_to, ranges):
    rows_of = {}
    for row in rows:
        rows_of.setdefault(row.tree_id, []).append(row)
    return {key: ThreadSlice(rows, up_to, ranges.get(key, ())) for key, rows in rows_of.items()}


def omitted_counts(parts_of: Mapping[int, list[list]]) -> dict[int, dict[int, int]]:
    """Return ``{root: {key: count}}``: how many approved comments each gap leaves out.

    ``key`` is that of the row before the gap; ``parts_of`` is ``{root: parts}`` of
    :meth:`ThreadSlice.parts`. One query if there is a gap, else none.
    """
    gaps = {
        f"gap{before.pk}": (root, before.pk, Q(tree_id=root, lft__gt=before.lft, lft__lt=after.lft))
        for root, parts in parts_of.items()
        for before, after in zip(
            [rows[-1] for rows in parts], [rows[0] for rows in parts[1:]], strict=False
        )
    }
    counted = {root: {} for root in parts_of}
    if not gaps:
        return counted
    anywhere = Q()
    for _root, _key, gap in gaps.values():
        anywhere |= gap
    counts = {name: Count("pk", filter=gap) for name, (_root, _key, gap) in gaps.items()}
    totals = Comment.objects.approved().filter(anywhere).aggregate(**counts)
    for name, (root, key, _gap) in gaps.items():
        counted[root][key] = totals[name]
    return counted

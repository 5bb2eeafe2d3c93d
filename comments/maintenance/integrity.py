"""Integrity check of the tree: stored values, compared with what follows from ``parent``.

One pass over all comments in tree order finds the threads with faults; only those are recomputed
from their parent links and compared field by field. Memory grows with the largest thread and the
number of posts, not with the number of comments.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.models import Post
from comments.models import Comment, ThreadCounter
from comments.tree import guards, nested_sets
from comments.tree import repair as tree_repair
from comments.tree.status import Status

CHUNK = 5000  # rows held at a time
COLUMNS = (
    "pk parent_id tree_id lft rght level post_id status visible_count number"  # of a Row
).split()


class Row(NamedTuple):
    """The columns that the check reads of a comment."""

    pk: int
    parent: int | None
    tree_id: int
    lft: int
    rght: int
    level: int
    post: int
    status: int
    visible_count: int
    number: int | None


@dataclass(frozen=True)
class Difference:
    """One stored value that is wrong. Has keys and numbers only, never a text."""

    what: str  # "comment" or "post"
    key: int
    field: str
    found: Any
    expected: Any

    def __str__(self):
        return f"{self.what} {self.key}: {self.field} is {self.found}, expected {self.expected}"


class Check:
    """Checks all conversations, or that of one post, and collects what to repair.

    Reads from one snapshot of the database, so that comments can be written meanwhile.
    """

    def __init__(self, post: int | None = None):
        self.post = post
        self.comments = self.threads = self.posts = 0
        self.broken = set()  # roots whose threads differ from their parent links
        self.miscounted = set()  # posts
        self._lost = {}  # cycles of keys, and orphans, that no root reaches
        self._visible, self._seen = Counter(), Counter()  # comments and threads, by post
        self._last, self._threads = {}, {}  # number given and threads counted, by post

    def differences(self) -> Iterator[Difference]:
        """Yield each ``Difference``; the other attributes are complete afterwards."""
        with _snapshot(Comment.objects._get_connection()):
            for post, last, threads in ThreadCounter.objects.values_list("pk", "last", "threads"):
                self._last[post], self._threads[post] = last, threads
            suspects = self._strays()
            for tree_id, group in groupby(self._rows(), key=lambda row: row.tree_id):
                rows = list(group)
                self.comments += len(rows)
                if tree_id in suspects or any(nested_sets.faults(row[:7] for row in rows)):
                    suspects.add(tree_id)
                else:
                    yield from self._counts(rows)
            yield from self._suspects(sorted(suspects))
            yield from self._posts()

    @property
    def lost(self) -> list[list[int]]:
        """Groups of comments that no root reaches; one of each has to become a root."""
        return list(self._lost.values())

    # -- the pass ------------------------------------------------------------------------

    def _comments(self):
        everything = Comment.objects.plain()
        if self.post is None:
            return everything
        roots = everything.filter(post=self.post, parent=None).values("pk")
        return everything.filter(Q(post=self.post) | Q(tree_id__in=roots))

    def _rows(self):
        ordered = self._comments().order_by("tree_id", "lft", "pk").values_list(*COLUMNS)
        return map(Row._make, ordered.iterator(chunk_size=CHUNK))

    def _strays(self):
        """Return both trees of each reply whose tree is not its parent's."""
        replies = self._comments().exclude(parent=None)
        pairs = replies.exclude(tree_id=F("parent__tree_id")).values_list(
            "tree_id", "parent__tree_id"
        )
        trees = set()
        for pair in pairs.iterator(chunk_size=CHUNK):
            trees.update(tree for tree in pair if tree is not None)
        return trees

    def _counts(self, rows):
        """Compare the counts stored on the rows of one thread, whose root comes first."""
        root = rows[0]
        visible = sum(row.status == Status.APPROVED for row in rows)
        self.threads += 1
        self._visible[root.post] += visible
        self._seen[root.post] += visible > 0
        for difference in self._count_differences(root, rows, visible):
            self.broken.add(root.pk)
            yield difference

    def _count_differences(self, root, rows, visible):
        if root.visible_count != visible:
            yield Difference("comment", root.pk, "visible_count", root.visible_count, visible)
        for row in rows:
            if row is not root and row.visible_count:
                yield Difference("comment", row.pk, "visible_count", row.visible_count, 0)
        last = self._last.get(root.post, 0)
        if visible and root.number is None:
            yield Difference("comment", root.pk, "number", None, "one, since it is visible")
        if (root.number or 0) > last:
            yield Difference("comment", root.pk, "number", root.number, f"at most {last}")

    # -- threads with faults ---------------------------------------------------------------

    def _suspects(self, trees):
        """Recompute, by parent links, the threads that the rows of these trees belong to."""
        done = set()
        for tree in trees:
            keys = set(Comment.objects.plain().filter(tree_id=tree).values_list("pk", flat=True))
            links = _links(keys)
            ends, rings = nested_sets.ends(links)
            for end in sorted(set(ends.values())):
                if links[end] is not None:
                    yield from _unreached(key for key in keys if ends[key] == end)
                    self._lost[end] = rings.get(end, [end])
                elif end not in done:
                    done.add(end)
                    yield from self._thread(end)

    def _thread(self, root):
        self.broken.add(root)
        links = tree_repair.rows_by_parent_links(Comment.objects, root)
        children = tree_repair.children_in_order(links)
        moved = nested_sets.flatten(root, children, guards.MAX_LEVEL)
        rows = {row.pk: row for row in _read(links)}
        for key, place in nested_sets.number(root, children).items():
            yield from _place_differences(rows[key], moved, (root, *place), rows[root].post)
        first = rows.pop(root)
        yield from self._counts([first, *rows.values()])

    # -- posts -----------------------------------------------------------------------------

    def _posts(self):
        posts = Post.objects.order_by("pk")
        if self.post is not None:
            posts = posts.filter(pk=self.post)
        for key, stored in posts.values_list("pk", "comment_count").iterator(chunk_size=CHUNK):
            self.posts += 1
            kept = {
                "comment_count": (stored, self._visible[key]),
                "threads": (self._threads.get(key, 0), self._seen[key]),
            }
            for field, (found, expected) in kept.items():
                if found != expected:
                    self.miscounted.add(key)
                    yield Difference("post", key, field, found, expected)


def repair_tree(check: Check) -> list[str]:
    """Repair what a finished check has found; return sentences about what was done.

    Each thread and each post is repaired in a transaction of its own, under its lock, from what is
    stored by then: writers wait for milliseconds, and comments written meanwhile are counted.
    """
    manager = Comment.objects
    freed = [key for group in check.lost if (key := tree_repair.make_root(manager, group))]
    alone = _("Comment %d was in no thread; it is now a top-level comment.")
    done = [alone % key for key in freed]
    for root in sorted(check.broken):
        try:
            places = tree_repair.rebuild_thread(manager, root)
        except Comment.DoesNotExist:
            continue  # purged meanwhile
        done.append(
            ngettext(
                "Thread %(key)d: repaired %(count)d wrong place.",
                "Thread %(key)d: repaired %(count)d wrong places.",
                places,
            )
            % {"key": root, "count": places}
        )
    threads = manager.plain().filter(pk__in=[*freed, *check.broken])
    for post in sorted(check.miscounted | set(threads.values_list("post_id", flat=True))):
        tree_repair.recount_post(manager, post)
        done.append(_("Post %d: recounted.") % post)
    return done


@contextmanager
def _snapshot(connection):
    """Read one snapshot of the database inside; atomic() would block SQLite's writers."""
    if connection.in_atomic_block:
        yield
        return
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if postgresql else "BEGIN")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def _links(keys):
    """Return ``{key: parent}`` of these comments and their ancestors."""
    links, wanted = {}, set(keys)
    while wanted:
        batch = [wanted.pop() for _ in range(min(len(wanted), tree_repair.BATCH))]
        found = dict(Comment.objects.plain().filter(pk__in=batch).values_list("pk", "parent_id"))
        links.update(found)
        wanted.update(parent for parent in found.values() if parent and parent not in links)
        wanted.difference_update(batch)
    return links


def _read(keys):
    keys = list(keys)
    for start in range(0, len(keys), tree_repair.BATCH):
        rows = Comment.objects.plain().filter(pk__in=keys[start : start + tree_repair.BATCH])
        yield from map(Row._make, rows.values_list(*COLUMNS))


def _unreached(keys):
    for key in sorted(keys):
        yield Difference("comment", key, "thread", "none", "one that reaches it")


def _place_differences(row, moved, place, post):
    if row.pk in moved:
        yield Difference("comment", row.pk, "parent", row.parent, f"{moved[row.pk]}, less deep")
    for field, expected in zip(guards.TREE_FIELDS, place, strict=True):
        found = getattr(row, field)
        if found != expected:
            yield Difference("comment", row.pk, field, found, expected)
    if row.post != post:
        yield Difference("comment", row.pk, "post", row.post, post)

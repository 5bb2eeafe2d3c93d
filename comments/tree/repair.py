"""Repairs threads from their parent links, under the threads' locks.

``parent`` is authoritative: everything else stored about a thread (places, post, counts, number)
is recomputed from it, and only differences are written. The functions take the manager of
comments; :mod:`comments.maintenance.integrity` finds what to repair.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import models, transaction
from django.db.models.functions import Coalesce

from blog.models import Post
from comments.tree import bulk_insert, counters, guards, nested_sets
from comments.tree.guards import TREE_FIELDS
from comments.tree.numbering import ThreadCounter
from comments.tree.status import Status

BATCH = 900  # SQLite's older builds take 999 parameters in a statement


def rebuild_thread(manager: models.Manager, root: int) -> int:
    """Recompute the thread of ``root`` (a key); return how many places were wrong.

    Keeps the present order of siblings. Follows ``parent`` alone, so that it also finds rows with
    a wrong tree_id. Comments that are too deep move up and keep the comment they answer as
    ``reply_to``. Raises DoesNotExist when there is no such thread.
    """
    with transaction.atomic(using=manager.db):
        stored = _lock(manager, root)
        post = manager.plain().values_list("post_id", flat=True).get(pk=root)
        children = children_in_order(stored)
        _lift(manager, nested_sets.flatten(root, children, guards.MAX_LEVEL))
        places = {
            key: (root, *place)
            for key, place in nested_sets.number(root, children).items()
            if stored[key][1:5] != (root, *place)
        }
        bulk_insert.write_places(manager, places)
        below = manager.plain().filter(tree_id=root)
        below.exclude(post=post).update(post=post)
        sync_thread_counter(manager, post)
        visible = sum(status == Status.APPROVED for *_, status in stored.values())
        counters.recount(manager, root, post, visible)
        Post(pk=post).touch()
        return len(places)


def _lock(manager, root):
    """Lock the thread and every other that its rows are stored under; return its rows."""
    while True:
        point = transaction.savepoint(using=manager.db)
        stored = rows_by_parent_links(manager, root)
        trees = {tree for _, tree, *_ in stored.values()} | {root}
        roots = manager.plain().filter(pk__in=trees).order_by("pk")
        list(roots.select_for_update(no_key=True).values_list("pk"))
        if root not in stored or stored[root][0] is not None:
            transaction.savepoint_rollback(point, using=manager.db)
            raise manager.model.DoesNotExist("There is no such thread.")
        if stored == rows_by_parent_links(manager, root):
            transaction.savepoint_commit(point, using=manager.db)
            return stored
        transaction.savepoint_rollback(point, using=manager.db)


def rows_by_parent_links(manager: models.Manager, root: int) -> dict[int, tuple]:
    """Return ``{key: (parent, tree_id, lft, rght, level, status)}`` of a root and all below it."""
    columns = ("pk", "parent_id", *TREE_FIELDS, "status")
    rows = list(manager.plain().filter(pk=root).values_list(*columns))
    found = {}
    while rows:
        found.update((row[0], row[1:]) for row in rows)
        keys, rows = [row[0] for row in rows], []
        for start in range(0, len(keys), BATCH):
            below = manager.plain().filter(parent__in=keys[start : start + BATCH])
            rows += below.exclude(pk=root).values_list(*columns)
    return found


def children_in_order(rows: Mapping[int, tuple]) -> dict[int, list[int]]:
    """Return ``{key: [its replies]}``, siblings ordered by their present lft.

    ``rows`` are those of :func:`rows_by_parent_links`.
    """
    children = defaultdict(list)
    for key, (parent, _, lft, *_) in rows.items():
        children[parent].append((lft, key))
    return {key: [reply for _, reply in sorted(below)] for key, below in children.items()}


def _lift(manager, moved):
    for key, above in moved.items():
        manager.plain().filter(pk=key).update(reply_to=Coalesce("reply_to", "parent"), parent=above)


def make_root(manager: models.Manager, keys: Iterable[int]) -> int | None:
    """Make the oldest of these orphaned or cyclic comments the root of a thread of its own.

    Returns its key, or None when they were repaired meanwhile.
    """
    rows = manager.plain().filter(pk__in=keys)
    with transaction.atomic(using=manager.db):
        trees = manager.plain().filter(pk__in=rows.values("tree_id")).order_by("pk")
        list(trees.select_for_update(no_key=True).values_list("pk"))
        links = {row.pk: row for row in rows.order_by("pk").select_for_update(no_key=True)}
        above = {row.parent_id for row in links.values()}
        ring = above <= links.keys()
        orphan = not manager.plain().filter(pk__in=above).exists()
        if not links or not (ring or orphan):
            return None
        oldest = min(links.values(), key=lambda row: (row.created_at, row.pk)).pk
        manager.plain().filter(pk=oldest).update(
            parent=None, tree_id=oldest, lft=1, rght=2, level=0, visible_count=0
        )
        rebuild_thread(manager, oldest)
        return oldest


def sync_thread_counter(manager: models.Manager, post: int) -> None:
    """Raise a post's ``ThreadCounter`` to the highest number given, so that none is given twice."""
    counter = ThreadCounter.objects.filter(post_id=post)
    with transaction.atomic(using=manager.db):
        counter.select_for_update(no_key=True).get_or_create(post_id=post)
        numbers = manager.plain().filter(post=post).aggregate(highest=models.Max("number"))
        highest = numbers["highest"] or 0
        counter.filter(last__lt=highest).update(last=highest)


def recount_post(manager: models.Manager, post: int) -> None:
    """Recount a post's visible comments and threads.

    With both rows locked, a writer who has adjusted the counts has committed, and one who has not
    will add to ours: all write to these two rows last, to the ``ThreadCounter`` first.
    """
    comments, counter = manager.plain().filter(post=post), ThreadCounter.objects.filter(pk=post)
    with transaction.atomic(using=manager.db):
        list(counter.select_for_update(no_key=True).values_list("pk"))
        list(Post.objects.filter(pk=post).select_for_update(no_key=True).values_list("pk"))
        threads = comments.filter(parent=None, visible_count__gt=0).count()
        counter.update(threads=threads)
        visible = comments.filter(status=Status.APPROVED).count()
        Post.objects.filter(pk=post).update(comment_count=visible)
        Post(pk=post).touch()

"""The manager of comments: the only code that writes their tree.

Every top-level comment is the root of a tree of its own whose ``tree_id`` is its key. ``parent``
is authoritative; lft, rght and level follow from it. Writers to one thread are serialized by a
lock on its root row (``SELECT ... FOR NO KEY UPDATE``; on SQLite ``BEGIN IMMEDIATE`` does it); new
top-level comments need no lock. django-mptt leaves locking to us, and some of its methods would
break the tree: they raise :class:`StructureError` here. See docs/decisions/0002-the-tree.md.
"""

from typing import NamedTuple

from django.db import models, transaction
from mptt.exceptions import InvalidMove

from comments.tree import counters, repair, search_index
from comments.tree.guards import (
    GUARDED,
    MAX_LEVEL,
    MAX_THREAD,
    TREE_FIELDS,
    GuardedManager,
    GuardedQuerySet,
    LockedError,
    StructureError,
)
from comments.tree.status import Status

# A comment and the root of its thread, each as a Place. Plain SQL, since a join along tree_id is
# no relation that a queryset knows.
PLACE = """
    SELECT c.id, c.lft, c.rght, c.level, c.post_id, c.status, c.locked_at IS NOT NULL,
           r.id, r.lft, r.rght, r.level, r.post_id, r.status, r.locked_at IS NOT NULL
    FROM {table} c JOIN {table} r ON r.id = c.tree_id WHERE c.id = %s
"""

__all__ = [
    "GUARDED",
    "MAX_LEVEL",
    "GuardedQuerySet",
    "LockedError",
    "StructureError",
    "ThreadManager",
]


class Place(NamedTuple):
    """What a new reply has to know of a comment; ``post`` is a key."""

    key: int
    lft: int
    rght: int
    level: int
    post: int
    status: int
    locked: bool


class ThreadManager(GuardedManager):
    """mptt's manager with locks: a write keeps the tree consistent, or nothing is written."""

    # -- locks ---------------------------------------------------------------------------

    def plain(self) -> models.QuerySet:
        """Return an unguarded, unordered queryset of all comments, for writes to the tree."""
        return models.QuerySet(self.model, using=self._get_connection().alias)

    def lock_threads(self, *keys: int) -> dict[int, int]:
        """Lock the threads that hold these comments until the transaction ends.

        Takes keys of comments; returns ``{key: tree_id}``. Root rows are locked in ascending
        order. If a comment was moved during the wait, the locks are released and taken again,
        because waiting for a smaller root while holding a larger one could deadlock.
        Raises DoesNotExist, and locks nothing, when a comment is gone; TransactionManagementError
        outside ``atomic()``. Needs READ COMMITTED: reads after the lock must see what its former
        holder committed.
        """
        if self._all_is_locked():
            return self._trees_of(keys)
        connection = self._get_connection()
        while True:
            point = transaction.savepoint(using=connection.alias)
            trees = self.plain().filter(pk__in=keys).values("tree_id")
            roots = self.plain().filter(pk__in=trees).order_by("pk")
            rows = roots.select_for_update(no_key=True).values_list("pk", flat=True)
            locked = set(rows)
            # A statement of its own, to see what was committed during the wait.
            try:
                found = self._trees_of(keys)
            except self.model.DoesNotExist:
                transaction.savepoint_rollback(point, using=connection.alias)
                raise
            if locked == set(found.values()):
                transaction.savepoint_commit(point, using=connection.alias)
                return found
            transaction.savepoint_rollback(point, using=connection.alias)

    def _all_is_locked(self):
        """Return whether the transaction itself is the lock: SQLite's BEGIN IMMEDIATE."""
        connection = self._get_connection()
        if not connection.in_atomic_block:
            raise transaction.TransactionManagementError("lock_threads() outside of atomic()")
        return not connection.features.has_select_for_update

    def _trees_of(self, keys):
        found = dict(self.plain().filter(pk__in=keys).values_list("pk", "tree_id"))
        if len(found) < len(set(keys)):
            raise self.model.DoesNotExist("A comment of this thread is gone.")
        return found

    # -- placing a new comment -----------------------------------------------------------

    def attach(self, comment: models.Model, below_visible: bool = False) -> bool:
        """Make the place of ``comment`` (not stored yet), as the last reply to its parent.

        Locks the thread; sets the fields of the tree, parent, post and, when the limits of depth
        or size put it elsewhere than below the comment it answers, ``reply_to``. Returns whether
        that one is visible, and so the thread. Raises DoesNotExist when it is gone. With
        ``below_visible``, for readers' replies, it also raises DoesNotExist when it is not
        visible or on another post, and LockedError when the thread is locked.
        """
        if not self._all_is_locked():
            self.lock_threads(comment.parent_id)
        answered, root = self._place_of(comment.parent_id)
        visible = answered.status == Status.APPROVED
        if below_visible and not (visible and answered.post == comment.post_id):
            raise self.model.DoesNotExist("Readers do not see what is answered.")
        if below_visible and root.locked:
            raise LockedError
        parent = answered
        if root.rght // 2 >= MAX_THREAD:
            parent = root
        elif answered.level >= MAX_LEVEL:
            above = self.plain().filter(tree_id=root.key, lft__lt=answered.lft)
            above = above.filter(rght__gt=answered.rght, level=MAX_LEVEL - 1)
            parent, _root = self._place_of(above.values_list("pk", flat=True).get())
        comment.parent_id, comment.post_id = parent.key, answered.post
        if parent.key != answered.key:
            comment.reply_to_id = answered.key
        self._create_space(2, parent.rght - 1, root.key)
        comment.tree_id, comment.level = root.key, parent.level + 1
        comment.lft, comment.rght = parent.rght, parent.rght + 1
        return visible

    def _place_of(self, key):
        """Return the ``Place`` of a comment and of its root, in one statement."""
        connection = self._get_connection()
        with connection.cursor() as cursor:
            cursor.execute(PLACE.format(table=self.model._meta.db_table), [key])
            row = cursor.fetchone()
        if row is None:
            raise self.model.DoesNotExist("A comment of this thread is gone.")
        return Place(*row[:7]), Place(*row[7:])

    def insert_node(
        self,
        node,
        target,
        position="last-child",
        save=False,
        allow_existing_pk=False,
        refresh_target=True,
    ):
        """Place a new root (mptt's hook): its tree_id is its key. Replies: :meth:`attach`."""
        if target is not None:
            raise StructureError("a reply gets its place where it is saved")
        node.pk = node.pk or self.next_key()
        node.lft, node.rght, node.level, node.tree_id, node.parent = 1, 2, 0, node.pk, None
        if save:
            node.save()
        return node

    def next_key(self) -> int:
        """Return an unused key from the database's own sequence."""
        connection = self._get_connection()
        table = self.model._meta.db_table
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # As the INSERT does by itself; comments.imports.primary_keys counts on this order.
                cursor.execute(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE")
                cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
                return cursor.fetchone()[0]
            # Under the write lock of BEGIN IMMEDIATE; the INSERT moves the counter on.
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            return (cursor.fetchone() or (0,))[0] + 1

    # -- moving --------------------------------------------------------------------------

    def move_node(
        self, node: models.Model, target: models.Model | None, position: str = "last-child"
    ) -> None:
        """Move a comment and its replies below ``target``, or make it a thread (``None``).

        Raises InvalidMove if ``target`` is below ``node``, StructureError if it belongs to another
        post or the thread would become too deep.
        """
        self._refuse_other_than_last(position)
        alias = self._get_connection().alias
        with transaction.atomic(using=alias):
            self.lock_threads(*{place.pk for place in (node, target) if place is not None})
            self._refresh_tree_fields(node, include_parent=True)
            if target is None and node.parent_id is None:
                return
            if target is not None:
                self._refresh_tree_fields(target)
                if target.post_id != node.post_id:
                    raise StructureError("a thread belongs to one post")
                self._refuse_too_deep(node, target)
            old_tree = node.tree_id
            self._move_node(node, target, position="last-child")
            self.plain().filter(pk=node.pk).update(parent_id=node.parent_id)
            counters.after_move(self, node, old_tree)

    def _make_child_root_node(self, node, new_tree_id=None):
        return super()._make_child_root_node(node, node.pk)

    def _move_root_node(self, node, target, position):
        if target.tree_id == node.tree_id:
            raise InvalidMove("A thread cannot be moved below itself.")
        # Before mptt's own statement, since the constraint on roots is checked at once.
        self.plain().filter(pk=node.pk).update(parent=target, number=None)
        return super()._move_root_node(node, target, position)

    def _refuse_too_deep(self, node, target):
        deepest = self._branch(node).aggregate(level=models.Max("level"))["level"]
        if target.level + 1 + deepest - node.level > MAX_LEVEL:
            raise StructureError("the conversation would become too deep")

    # -- removing ------------------------------------------------------------------------

    def purge(self, node: models.Model) -> int:
        """Delete a comment and its replies for good; moderation hides instead.

        Returns how many comments were deleted. Raises DoesNotExist when it is gone already,
        StructureError while one of them has an open care case (:mod:`comments.care`).
        """
        with transaction.atomic(using=self._get_connection().alias):
            trees = self.lock_threads(node.pk, *self._answering_from_elsewhere(node.pk))
            self._refresh_tree_fields(node)
            gone = self._branch(node)
            if gone.filter(care_cases__isnull=False, care_cases__closed_at=None).exists():
                raise StructureError("somebody has still to look at it: close the care case first")
            visible = counters.before_purge(self, gone)
            keys = list(gone.values_list("pk", flat=True))
            search_index.remove_from_index(keys)
            gone.delete()
            self._close_gap(node.rght - node.lft + 1, node.rght, node.tree_id)
            for tree in set(trees.values()) - {node.tree_id}:
                counters.changed(self, tree, node.post_id)
            counters.changed(self, node.tree_id, node.post_id, visible=-visible)
            return len(keys)

    def _branch(self, node):
        return self.plain().filter(tree_id=node.tree_id, lft__gte=node.lft, rght__lte=node.rght)

    def _answering_from_elsewhere(self, key):
        """Return keys of comments in other threads whose ``reply_to`` is in this branch.

        A move put them there, and a purge writes to them.
        """
        node = self.plain().filter(pk=key).only(*TREE_FIELDS).first()
        if node is None:
            return []
        referring = self.plain().filter(reply_to__in=self._branch(node).values("pk"))
        return list(referring.exclude(tree_id=node.tree_id).values_list("pk", flat=True))

    # -- repair --------------------------------------------------------------------------

    def rebuild_thread(self, root: int) -> int:
        """Recompute the thread of ``root`` (a key) from its parent links.

        See :func:`comments.tree.repair.rebuild_thread`.
        """
        return repair.rebuild_thread(self, root)

    def partial_rebuild(self, tree_id: int, **kwargs: object) -> int:
        """Rebuild a thread (mptt's name for :meth:`rebuild_thread`)."""
        return self.rebuild_thread(tree_id)

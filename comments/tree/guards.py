"""Blocks the operations of Django and mptt that would break a tree of comments.

mptt leaves locking to the application, renumbers trees while they are being read and has ways
around its own ``save()``. Each such operation raises :class:`StructureError` here and names the
right one. See docs/decisions/0002-the-tree.md.
"""

from mptt.managers import TreeManager
from mptt.querysets import TreeQuerySet

# Deeper replies are attached to their ancestor at the level above. Python's own stack, which
# some of mptt's functions use, holds about a thousand.
MAX_LEVEL = 100
# A reply near the top of a thread rewrites every row after it; above this size replies are
# attached to the root, where they cost one row.
MAX_THREAD = 2000
TREE_FIELDS = ("tree_id", "lft", "rght", "level")
# What only comments.tree.manager and the counters beside it may write to a stored comment.
GUARDED = frozenset(
    {"parent", "parent_id", "post", "post_id", "number", "version", "visible_count", *TREE_FIELDS}
)


class StructureError(Exception):
    """An operation would have changed the tree other than through its manager."""


class LockedError(Exception):
    """A moderator has locked the thread against new replies."""


class GuardedQuerySet(TreeQuerySet):
    """A queryset that refuses bulk writes which would break a tree."""

    def delete(self):
        raise StructureError("delete() leaves gaps in the tree: use Comment.objects.purge(comment)")

    delete.alters_data = True
    delete.queryset_only = True

    def update(self, **values):
        if GUARDED & values.keys():
            raise StructureError("the place of a comment is not for update(): use move_node()")
        return super().update(**values)

    update.alters_data = True

    def bulk_create(self, *args, **kwargs):
        raise StructureError("bulk_create() gives no places: use comments.imports.bulk_load")

    bulk_create.alters_data = True


class GuardedManager(TreeManager):
    """mptt's manager with its unsafe methods blocked."""

    def _refuse_other_than_last(self, position):
        if position != "last-child":
            raise StructureError("replies are appended, in the order of their arrival")

    def _get_next_tree_id(self):
        raise StructureError("the tree_id of a thread is the key of its root")

    def _make_sibling_of_root_node(self, node, target, position):
        raise StructureError("threads have no order by hand")

    def rebuild(self, *args, **kwargs):
        raise StructureError("rebuild() would renumber every tree_id: use rebuild_thread()")

    def build_tree_nodes(self, *args, **kwargs):
        raise StructureError("load many comments with comments.imports.bulk_load")

    def disable_mptt_updates(self):
        raise StructureError("load many comments with comments.imports.bulk_load")

    delay_mptt_updates = disable_mptt_updates

"""Locking a thread against new replies. Its comments and reactions stay.

The lock is stored on the root comment. Writers can still withdraw their comments and take their
names off them.
"""

from django.utils import timezone

from accounts.models import User
from comments.models import Comment, audit_log
from comments.tree import counters
from comments.tree.transactions import in_transaction

Act = audit_log.Act


def lock(comment_key: int, who: User) -> int | None:
    """Lock the thread that holds the comment with this key.

    Returns the audit log key, or None if it was locked already. Raises DoesNotExist if the
    comment is gone.
    """
    return in_transaction(lambda: _put(comment_key, who, Act.LOCK))


def unlock(comment_key: int, who: User) -> int | None:
    """Allow replies in that thread again; see :func:`lock`."""
    return in_transaction(lambda: _put(comment_key, who, Act.UNLOCK))


def _put(comment_key, who, act):
    tree = Comment.objects.lock_threads(comment_key)[comment_key]
    root = Comment.objects.only("status", "post_id").get(pk=tree)
    if not set_lock(tree, root.post_id, locked=act is Act.LOCK):
        return None
    return audit_log.add_action(root, act, who).pk


def set_lock(tree: int, post: int, *, locked: bool) -> bool:
    """Lock or unlock the root with this key, on the post with that key; return whether it changed.

    The caller holds the database lock of the thread.
    """
    root = Comment.objects.filter(pk=tree, locked_at__isnull=locked)
    changed = root.update(locked_at=timezone.now() if locked else None)
    if changed:
        counters.changed(Comment.objects, tree, post)
    return bool(changed)

"""Locking a thread: nobody answers in it any more. What stands there stays, and so does support.

The root of a thread holds the lock. Its writers can still take their words back, and their names
off them.
"""

from django.utils import timezone

from comments.models import Comment, audit_log
from comments.tree import counters
from comments.tree.transactions import in_transaction

Act = audit_log.Act


def lock(comment_key, who):
    """Lock the thread in which the comment of this key stands.

    Returns the key of the row of the log, None where it was locked already. Raises DoesNotExist
    when the comment is gone.
    """
    return in_transaction(lambda: _put(comment_key, who, Act.LOCK))


def unlock(comment_key, who):
    """Let people answer in that thread again; see :func:`lock`."""
    return in_transaction(lambda: _put(comment_key, who, Act.UNLOCK))


def _put(comment_key, who, act):
    tree = Comment.objects.lock_threads(comment_key)[comment_key]
    root = Comment.objects.only("status", "post_id").get(pk=tree)
    if not set_lock(tree, root.post_id, locked=act is Act.LOCK):
        return None
    return audit_log.add_action(root, act, who).pk


def set_lock(tree, post, *, locked):
    """Write it to the root of this key, on the post of that one; return whether it was otherwise.

    The caller holds the lock of the thread.
    """
    root = Comment.objects.filter(pk=tree, locked_at__isnull=locked)
    changed = root.update(locked_at=timezone.now() if locked else None)
    if changed:
        counters.changed(Comment.objects, tree, post)
    return bool(changed)

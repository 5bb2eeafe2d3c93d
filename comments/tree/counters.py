"""Denormalized counts of comments and threads, so that no page has to count.

On a thread's root row: ``visible_count`` (approved comments in the thread) and
``version`` (new after every change; part of cache keys). On the post's ``ThreadCounter``:
how many of its threads have a visible comment. On the post: ``comment_count``. All are
written under the lock of the thread and in this order, so that two writers can never
deadlock.
"""

from django.db import models

from accounts.models import new_version
from blog.models import Post, RemovedSource
from comments.tree.numbering import ThreadCounter
from comments.tree.status import Status


def changed(
    manager: models.Manager, tree: int, post: int, visible: int = 0, seen: bool = False
) -> None:
    """Record a change of a thread; ``visible`` is the change in its count of visible comments.

    ``tree`` is the root's key, which may be gone already; ``post`` the post's key. ``seen``:
    the caller knows that the thread has visible comments before and after.
    """
    root = manager.plain().filter(pk=tree)
    values = _of_thread(root, post, visible) if visible and not seen else {}
    root.update(version=new_version(), visible_count=models.F("visible_count") + visible, **values)
    Post(pk=post).touch(comments=visible)


def _of_thread(root, post, visible):
    # With a deleted root, all visible comments of its thread are gone.
    before, number = root.values_list("visible_count", "number").first() or (-visible, 0)
    return _came_or_went(post, number, before, before + visible)


def _came_or_went(post, number, before, after):
    """Count a thread that appeared or disappeared; return its ``{"number": n}`` if it had none."""
    if after and number is None:
        return {"number": ThreadCounter.next(post)}
    ThreadCounter.count(post, bool(after) - bool(before))
    return {}


def recount(manager: models.Manager, tree: int, post: int, visible: int | None = None) -> None:
    """Recount a thread, under its lock; ``tree`` is the root's key.

    ``visible`` is the count of approved comments, if the caller knows it.
    """
    thread, root = manager.plain().filter(tree_id=tree), manager.plain().filter(pk=tree)
    if visible is None:
        visible = thread.filter(status=Status.APPROVED).count()
    thread.exclude(pk=tree).exclude(visible_count=0).update(visible_count=0)
    before, number = root.values_list("visible_count", "number").get()
    values = _came_or_went(post, number, before, visible)
    root.update(version=new_version(), visible_count=visible, **values)


def after_move(manager: models.Manager, node: models.Model, old_tree: int) -> None:
    """Recount the two threads that a move has changed; the post's count stays the same."""
    if old_tree == node.pk != node.tree_id:
        # That thread is gone: its root is a reply now, counted in the other one.
        was_seen = manager.plain().filter(pk=node.pk, visible_count__gt=0).exists()
        ThreadCounter.count(node.post_id, -was_seen)
    else:
        recount(manager, old_tree, node.post_id)
    if node.tree_id != old_tree:
        recount(manager, node.tree_id, node.post_id)
    Post(pk=node.post_id).touch()


def _record(source, number, post):
    kind = RemovedSource.Kind.COMMENT
    return RemovedSource(kind=kind, source=source, source_id=number, post_id=post)


def before_purge(manager: models.Manager, gone: models.QuerySet) -> int:
    """Record the keys and sources of these rows and clear references to them.

    Returns how many were visible. A key is never reused (comments.imports.primary_keys), as links
    and cached pages rely on it; it is kept as a ``RemovedSource`` with an empty source. The post
    is kept beside it where readers have met the comment: its address leads to the conversation.
    """
    keys, records = gone.values("pk"), []
    for row in gone.values("pk", "source", "source_id", "post_id", "approved_at"):
        post = row["post_id"] if row["approved_at"] else None
        numbers = [("", str(row["pk"]))]
        numbers += [(row["source"], row["source_id"])] if row["source"] else []
        records += [_record(source, number, post) for source, number in numbers]
    RemovedSource.objects.bulk_create(records, ignore_conflicts=True)
    manager.plain().filter(reply_to__in=keys).exclude(pk__in=keys).update(reply_to=None)
    return gone.filter(status=Status.APPROVED).count()

"""Numbers that are kept beside the comments, so that no page has to count.

On a thread's root row: ``visible_count`` (approved comments in the thread) and
``version`` (raised by every change, the key of what is cached). On the post:
``comment_count``. All are written under the lock of the thread, the post last, so that
two writers can never wait for each other in a circle.
"""

from django.apps import apps
from django.db import models

from blog.models import GoneSource, Post

APPROVED = 1  # Comment.Status.APPROVED; this module stands below the model


def changed(manager, tree, post, visible=0):
    """Say that a thread's page changed, and by how many visible comments.

    ``tree`` is the root's key, which may be gone already; ``post`` the post's key.
    """
    manager.plain().filter(pk=tree).update(
        version=models.F("version") + 1, visible_count=models.F("visible_count") + visible
    )
    Post(pk=post).touch(comments=visible)


def number_thread(manager, tree, post):
    """Give a thread its number when something in it becomes visible for the first time."""
    root = manager.plain().filter(pk=tree, number=None)
    if root.exists():
        root.update(number=apps.get_model("comments", "Numbering").next(post))


def recount(manager, tree, post, visible=None):
    """Count a thread again, under its lock; ``tree`` is the root's key.

    ``visible``: the count of approved comments where the caller knows it.
    """
    thread = manager.plain().filter(tree_id=tree)
    if visible is None:
        visible = thread.filter(status=APPROVED).count()
    thread.exclude(pk=tree).exclude(visible_count=0).update(visible_count=0)
    manager.plain().filter(pk=tree).update(version=models.F("version") + 1, visible_count=visible)
    if visible:
        number_thread(manager, tree, post)


def after_move(manager, node, old_tree):
    """Count again in the two threads that a move has changed; the post has as many as before."""
    for tree in {old_tree, node.tree_id}:
        if tree == node.pk != node.tree_id:
            continue  # that thread is no more: its root is a reply now, counted with the others
        recount(manager, tree, node.post_id)
    Post(pk=node.post_id).touch()


def before_purge(manager, gone):
    """Remember the rows' keys and sources, cut what points at them; return how many were visible.

    A key is never used again (comments.keys): links and cached pages go by it. It is kept
    with an empty source, as of a comment of this blog itself.
    """
    kind, keys = GoneSource.Kind.COMMENT, gone.values("pk")
    GoneSource.remember(kind, gone)
    here = [GoneSource(kind=kind, source="", source_id=str(row["pk"])) for row in keys]
    GoneSource.objects.bulk_create(here, ignore_conflicts=True)
    manager.plain().filter(reply_to__in=keys).exclude(pk__in=keys).update(reply_to=None)
    return gone.filter(status=APPROVED).count()

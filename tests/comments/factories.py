"""Helpers that build conversations, break them by hand, and check them."""

from django.db import connection

from comments.maintenance.integrity import Check
from comments.models import Comment
from comments.tree.status import Status


def say(post, parent=None, status=Status.APPROVED, **fields):
    """Store a comment of a guest through the model's own save()."""
    comment = Comment(
        post=post,
        parent_id=parent.pk if parent else None,
        **{"name": "Wren", "body": "Thank you for this.", "status": status, **fields},
    )
    comment.save()
    return comment


def differences(post=None):
    """Return all that check_comment_tree finds, as the lines that it prints."""
    return [str(difference) for difference in Check(post).differences()]


def outline(post):
    """Return the conversation as nested lists of keys: ``[[1, [2], [3, [4]]], [5]]``."""
    whole, open_lists = [], []
    rows = Comment.objects.filter(post=post).order_by("tree_id", "lft")
    for key, level in rows.values_list("pk", "level"):
        node = [key]
        del open_lists[level:]
        (open_lists[-1] if open_lists else whole).append(node)
        open_lists.append(node)
    return whole


def write_by_hand(key, **columns):
    """Change columns of one comment with plain SQL, bypassing all our guards."""
    assignments = ", ".join(f"{name} = %s" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE comments_comment SET {assignments} WHERE id = %s", [*columns.values(), key]
        )


def stored(comment):
    """Return a comment, read anew from the database."""
    return Comment.objects.get(pk=comment.pk)

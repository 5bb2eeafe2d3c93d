"""Noting that a comment has become visible, in the transaction in which it does: one row.

Who is to hear of it is found later, by :mod:`comments.subscriptions.fan_out`, so that no writer and no moderator
waits for that, however many follow.
"""

from django.utils import timezone

from comments.models import (
    Comment,
    NotificationJob,
    VisibilityEvent,
)
from comments.tree import counters, search_index
from comments.tree.status import Status


def queue_notifications(comment, due_at=None, first=True):
    """Let followers be told of a comment, from ``due_at`` on, at once if None.

    Only the ``first`` time that it becomes visible is news. What was hidden and comes back is
    announced if it was hidden before anybody was told. Nobody is told of what an import brought,
    nor of what was disowned: its writer would hear of it too, as nobody knows who she is.
    """
    if comment.disowned:
        return
    due_at = due_at or timezone.now()
    if not first:
        NotificationJob.objects.filter(comment=comment.pk).update(due_at=due_at)
    elif not comment.source:
        # In one statement, which leaves a row that is there alone.
        row = NotificationJob(comment_id=comment.pk, due_at=due_at)
        NotificationJob.objects.bulk_create([row], ignore_conflicts=True)


def cancel_notifications(comment):
    """Let nobody more be told of a comment."""
    NotificationJob.objects.filter(comment=comment.pk).delete()


def change_status(comment, after, tree, mails_due_at=None, **values):
    """Write the new status, what follows from it and ``values`` besides.

    The caller holds the lock of the thread, whose root's key is ``tree``. Followers are told from
    ``mails_due_at`` on.
    """
    visible = (after == Status.APPROVED) - (comment.status == Status.APPROVED)
    values["status"] = after
    if after == Status.APPROVED and not comment.approved_at:
        values["approved_at"] = timezone.now()
    Comment.objects.filter(pk=comment.pk).update(**values)
    if after == Status.APPROVED:
        search_index.update_index(Comment.objects.filter(pk=comment.pk))
    elif visible:
        search_index.remove_from_index([comment.pk])
    if visible > 0:
        queue_notifications(comment, mails_due_at, first=not comment.approved_at)
    counters.changed(Comment.objects, tree, comment.post_id, visible)
    if visible > 0:
        VisibilityEvent.note(comment.pk, comment.post_id, again=comment.approved_at is not None)

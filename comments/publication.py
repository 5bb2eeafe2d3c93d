"""Changing a comment's status, and queueing the notifications of subscribers.

Only a ``NotificationJob`` is written with the change itself; :mod:`comments.subscriptions.fan_out`
finds the subscribers later, so that no request waits for it.
"""

from datetime import datetime

from django.utils import timezone

from comments.models import (
    Comment,
    NotificationJob,
    VisibilityEvent,
)
from comments.tree import counters, search_index
from comments.tree.status import Status


def queue_notifications(
    comment: Comment, due_at: datetime | None = None, first: bool = True
) -> None:
    """Queue the notifications about a comment, due at ``due_at`` or now.

    Subscribers are notified only the ``first`` time a comment becomes visible; when it becomes
    visible again, an unfinished job is rescheduled. Imported and disowned comments notify nobody:
    the writer of a disowned one is unknown, and would be notified too.
    """
    if comment.disowned:
        return
    due_at = due_at or timezone.now()
    if not first:
        NotificationJob.objects.filter(comment=comment.pk).update(due_at=due_at)
    elif not comment.source:
        # In one statement, which leaves an existing row alone.
        job = NotificationJob(comment_id=comment.pk, due_at=due_at)
        NotificationJob.objects.bulk_create([job], ignore_conflicts=True)


def cancel_notifications(comment: Comment) -> None:
    """Cancel the notifications about a comment that were not sent yet."""
    NotificationJob.objects.filter(comment=comment.pk).delete()


def change_status(
    comment: Comment,
    after: int,
    tree: int,
    mails_due_at: datetime | None = None,
    **values: object,
) -> None:
    """Store the new status ``after`` with other ``values``, and update all that depends on it.

    The caller holds the lock of the thread with root key ``tree``. Notifications are due at
    ``mails_due_at``.
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

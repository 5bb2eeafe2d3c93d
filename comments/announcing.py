"""Noting that a comment has become visible, in the transaction in which it does: one row.

Who is to hear of it is found later, by :mod:`comments.notify`, so that no writer and no moderator
waits for that, however many follow.
"""

from django.utils import timezone

from comments.followers import Announcement


def announce(comment, due_at=None, first=True):
    """Let followers be told of a comment, from ``due_at`` on, at once if None.

    Only the ``first`` time that it becomes visible is news. What was hidden and comes back is
    announced if it was hidden before anybody was told. Nobody is told of what an import brought,
    nor of what was disowned: its writer would hear of it too, as nobody knows who she is.
    """
    if comment.disowned:
        return
    due_at = due_at or timezone.now()
    if not first:
        Announcement.objects.filter(comment=comment.pk).update(due_at=due_at)
    elif not comment.source:
        # In one statement, which leaves a row that is there alone.
        row = Announcement(comment_id=comment.pk, due_at=due_at)
        Announcement.objects.bulk_create([row], ignore_conflicts=True)


def be_silent(comment):
    """Let nobody more be told of a comment."""
    Announcement.objects.filter(comment=comment.pk).delete()

"""Helpers of spam tests: read findings, and set reputations and settings."""

from comments.models import CheckResult, Comment, ConversationSettings, Phrase, Reputation
from comments.models.standing import key_of
from comments.tree.status import QueuePriority, Status

TENDER = (
    "My mother died in March, and I still set out two cups. Thank you for writing about the coat; "
    "I laughed and cried at once."
)


def newest():
    """Return the comment that was stored last."""
    return Comment.objects.order_by("-pk").first()


def found(comment):
    """Return ``{name of a check: reason}`` from the card of a comment."""
    rows = CheckResult.objects.filter(comment=comment.pk)
    return {row.check_name: row.reason for row in rows}


def is_public(comment):
    """Return whether the comment is public and has no findings."""
    return comment.status == Status.APPROVED and not comment.held_because and not found(comment)


def is_held(comment, *checks, queue_priority=QueuePriority.USUAL):
    """Return whether the comment is held in this lane by exactly these checks."""
    return (comment.status, comment.queue_priority, set(found(comment))) == (
        Status.PENDING,
        queue_priority,
        set(checks),
    )


def give(kind, user=None, address=None, **fields):
    """Create a reputation directly; moderators do so through comments.moderation.writers."""
    return Reputation.objects.create(kind=kind, key=key_of(user, address), **fields)


def listed(kind, *texts, **fields):
    """Put phrases on one of the owner's lists."""
    return [Phrase.objects.create(kind=kind, text=text, **fields) for text in texts]


def change_settings(**fields):
    row = ConversationSettings.get()
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()

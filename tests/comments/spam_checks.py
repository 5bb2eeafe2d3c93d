"""How tests look at what the checks found, and bring writers and settings into a state."""

from comments.models import CheckResult, Comment, ConversationSettings, Phrase, Reputation
from comments.models.standing import key_of
from comments.tree.status import QueuePriority, Status

TENDER = (
    "My mother died in March, and I still set out two cups. Thank you for writing about the coat; "
    "I laughed and cried at once."
)


def newest():
    """The comment that was stored last."""
    return Comment.objects.order_by("-pk").first()


def found(comment):
    """``{name of a check: reason}`` of what stands on the card of a comment."""
    rows = CheckResult.objects.filter(comment=comment.pk)
    return {row.check_name: row.reason for row in rows}


def is_public(comment):
    """Whether everybody reads it, and nothing was found about it."""
    return comment.status == Status.APPROVED and not comment.held_because and not found(comment)


def is_held(comment, *checks, lane=QueuePriority.USUAL):
    """Whether it waits in this lane, for these checks alone."""
    return (comment.status, comment.lane, set(found(comment))) == (
        Status.PENDING,
        lane,
        set(checks),
    )


def give(kind, user=None, address=None, **fields):
    """Give a writer a reputation by hand; comments.moderation.writers is how moderators do it."""
    return Reputation.objects.create(kind=kind, key=key_of(user, address), **fields)


def listed(kind, *texts, **fields):
    """Put phrases on one of the owner's lists."""
    return [Phrase.objects.create(kind=kind, text=text, **fields) for text in texts]


def change_settings(**fields):
    row = ConversationSettings.get()
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()

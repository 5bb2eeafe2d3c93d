"""Answering from a card, as the moderator who is signed in."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import posting
from comments.models import ModerationAction
from comments.queue import deciding
from comments.queue.deciding import RefusedError, Told
from comments.status import Status
from comments.transactions import in_transaction

NOT_SHOWN = gettext_lazy(
    "This comment is not shown, so it cannot be answered. Nothing was changed."
)


def answer(comment, who, body, token, seen=None):
    """Post an answer below this comment and return ``Told``.

    ``seen``: approve the comment first, if it waits and is as the card knew it (``Card.seen``);
    None where it is visible already. Both happen or neither. What somebody removed does not come
    back by being answered. Raises RefusedError.
    """
    return in_transaction(lambda: _answer(comment, who, body, token, seen))


def _answer(comment, who, body, token, seen):
    approved = ()
    if seen is not None:
        if comment.status != Status.PENDING:
            raise RefusedError(NOT_SHOWN)
        approved = deciding.decide(comment.pk, ModerationAction.Act.APPROVE, who, seen).actions
    words = posting.Answer(
        post=comment.post_id, parent=comment.pk, user=who, data={"body": body}, token=token
    )
    try:
        posting.post_comment(words)
    except posting.NotAcceptedError as refusal:
        raise RefusedError(refusal.sentence) from None
    name = {"name": deciding.name_of(comment.pk)}
    if seen is None:
        return Told(_("Answered: %(name)s’s comment.") % name)
    return Told(_("Approved and answered: %(name)s’s comment.") % name, approved)

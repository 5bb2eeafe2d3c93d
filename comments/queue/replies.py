"""Answering from a card, as the moderator who is signed in."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.refusal import Refused
from comments.models import ModerationAction
from comments.posting import create
from comments.queue import actions
from comments.queue.actions import ActionResult
from comments.tree.status import Status
from comments.tree.transactions import in_transaction

NOT_SHOWN = gettext_lazy(
    "This comment is not shown, so it cannot be answered. Nothing was changed."
)


def answer(comment, who, body, token, seen=None):
    """Post an answer below this comment and return an ``ActionResult``.

    ``seen``: approve the comment first, if it waits and is as the card knew it (``Card.seen``);
    None where it is visible already. Both happen or neither. What somebody removed does not come
    back by being answered. Raises Refused.
    """
    return in_transaction(lambda: _answer(comment, who, body, token, seen))


def _answer(comment, who, body, token, seen):
    approved = ()
    if seen is not None:
        if comment.status != Status.PENDING:
            raise Refused(NOT_SHOWN)
        approved = actions.decide(comment.pk, ModerationAction.Act.APPROVE, who, seen).actions
    words = create.Answer(
        post=comment.post_id, parent=comment.pk, user=who, data={"body": body}, token=token
    )
    create.post_comment(words)
    name = {"name": actions.name_of(comment.pk)}
    if seen is None:
        return ActionResult(_("Answered: %(name)s’s comment.") % name)
    return ActionResult(_("Approved and answered: %(name)s’s comment.") % name, approved)

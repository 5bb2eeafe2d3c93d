"""Replying to a comment from its card, as the signed-in moderator."""

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
    "This comment isn’t visible, so you can’t reply to it. Nothing was changed."
)


def answer(comment, who, body, token, version=None):
    """Post a reply to this comment and return an ``ActionResult``.

    With ``version`` (``Card.version``), first approve the comment if it is pending and unchanged
    since; None if it is visible already. Both happen or neither. Replying never restores a removed
    comment. Raises Refused.
    """
    return in_transaction(lambda: _answer(comment, who, body, token, version))


def _answer(comment, who, body, token, version):
    approved = ()
    if version is not None:
        if comment.status != Status.PENDING:
            raise Refused(NOT_SHOWN)
        approved = actions.decide(comment.pk, ModerationAction.Act.APPROVE, who, version).actions
    words = create.Answer(
        post=comment.post_id, parent=comment.pk, user=who, data={"body": body}, token=token
    )
    create.post_comment(words)
    name = {"name": actions.name_of(comment.pk)}
    if version is None:
        return ActionResult(_("Replied to %(name)s’s comment.") % name)
    return ActionResult(_("Approved %(name)s’s comment and replied to it.") % name, approved)

"""The mail that tells a writer their comment was removed, sent to verified addresses only.

It is due when the undo window has passed, and dropped if the decision was undone. It never quotes
the comment; a discreet one names neither people nor titles.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.mail import links, outbox
from accounts.mail.compose import EmailContent, named
from accounts.models import Address
from blog.models import Blog
from comments.audit_log import history
from comments.guests import emails, receipt_tokens
from comments.models import Comment, ModerationAction

NAME = "removal"


def enqueue_removal_mail(comment: Comment, action: ModerationAction, due_at: datetime) -> None:
    """Put the mail about this act into the outbox, if there is an address for it."""
    if comment.disowned or not (email := emails.address_of(comment)):
        return
    if comment.receipt_made_at is None:
        receipt_tokens.renew(comment)  # the mail leads to a link
    once = f"{NAME}:{action.pk}"
    outbox.enqueue(NAME, email, due_at=due_at, once=once, comment=comment.pk, action=action.pk)


@named(_("decision about a comment"))
def removal(comment: int, action: int) -> EmailContent | None:
    """Render the removal mail (keys of both). One of ``settings.EMAILS``."""
    rows = Comment.objects.select_related("post", "user", "verified_address")
    removed = rows.filter(pk=comment).first()
    act = removed and history.deciding_action(removed)
    holds = act and act.pk == action and removed.receipt_made_at
    email = holds and emails.address_of(removed)
    if not email or Address.objects.has_stopped(email):
        return None
    discreet = removed.user.discreet if removed.user else removed.verified_address.discreet
    made_at = removed.receipt_made_at.isoformat()
    link = links.make_link(emails.OpenReceipt.name, comment=removed.pk, made_at=made_at)
    details = {
        "blog": Blog.get().title,
        "title": removed.post.title if removed.post.is_public else "",
        "reason": act.reason,
    }
    return EmailContent(
        {"link": link, "discreet": discreet} | ({} if discreet else details), discreet=discreet
    )

"""The mail that tells a writer that her comment is not shown, to a proved address only.

It is due once nobody can take the decision back by a press any more, and is not sent if somebody
did. No word of the comment stands in it; a discreet one names nobody and no title either.
"""

from django.utils.translation import gettext_lazy as _

from accounts.mail import links, outbox
from accounts.mail.compose import EmailContent, named
from accounts.models import Address
from blog.models import Blog
from comments.audit_log import history
from comments.guests import receipt_email, receipt_tokens
from comments.models import Comment

NAME = "removal"


def enqueue_removal_mail(comment, action, due_at):
    """Post the mail about this act (a row of the log), where there is an address for it."""
    if comment.disowned or not (email := receipt_email.address_of(comment)):
        return
    if comment.receipt_made_at is None:
        receipt_tokens.renew(comment)  # the mail leads to a link
    once = f"{NAME}:{action.pk}"
    outbox.enqueue(NAME, email, due_at=due_at, once=once, comment=comment.pk, action=action.pk)


@named(_("decision about a comment"))
def removal(comment, action):
    """The mail itself. One of ``settings.EMAILS``."""
    found = Comment.objects.select_related("post", "user", "proved_address").filter(pk=comment)
    found = found.first()
    act = found and history.deciding_action(found)
    holds = act and act.pk == action and found.receipt_made_at
    email = holds and receipt_email.address_of(found)
    if not email or Address.objects.has_stopped(email):
        return None
    discreet = found.user.discreet if found.user else found.proved_address.discreet
    made_at = found.receipt_made_at.isoformat()
    link = links.make_link(receipt_email.OpenReceipt.name, comment=found.pk, made_at=made_at)
    named = {
        "blog": Blog.get().title,
        "title": found.post.title if found.post.is_public else "",
        "reason": act.reason,
    }
    return EmailContent(
        {"link": link, "discreet": discreet} | ({} if discreet else named), discreet=discreet
    )

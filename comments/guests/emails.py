"""The mail with a link to a receipt, sent on request and to verified addresses only.

Always discreet: it names nobody, and its link shows nothing until a button is pressed.
"""

from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.mail import links, outbox
from accounts.mail.compose import EmailContent, named
from accounts.models import EmailLink
from comments.guests import receipt_tokens
from comments.models import Comment


def address_of(comment):
    """Return the verified address of the comment's writer, or None."""
    if comment.user_id:
        verified = EmailAddress.objects.filter(user=comment.user_id, verified=True)
        return verified.order_by("-primary", "pk").values_list("email", flat=True).first()
    address = comment.verified_address
    return address.email if address and address.verified_at and not address.stopped_at else None


def send_receipt(comment):
    """Send the mail, once a day for each comment; return whether there is an address for it."""
    email = address_of(comment)
    if email and comment.receipt_made_at is None:
        receipt_tokens.renew(comment)  # an account's comment never had a link
    if email:
        once = f"receipt:{comment.pk}:{timezone.now():%Y-%m-%d}"
        outbox.enqueue("receipt", email, once=once, comment=comment.pk)
    return bool(email)


@named(_("private link to a comment’s status page"))
def receipt(comment):
    """Render the mail. One of ``settings.EMAILS``."""
    written = Comment.objects.select_related("verified_address").filter(pk=comment).first()
    if written is None or written.receipt_made_at is None or not address_of(written):
        return None
    made_at = written.receipt_made_at.isoformat()
    link = links.make_link(OpenReceipt.name, comment=comment, made_at=made_at)
    return EmailContent({"link": link}, discreet=True)


class OpenReceipt(links.LinkAction):
    """Open the receipt. One of ``settings.LINK_ACTIONS``.

    Only the hash of a private link is stored, so this makes a new one, unless the link was renewed
    or deleted since the mail was written. So it gives no more access than the link it replaces.
    """

    name = "receipt"
    lifetime = receipt_tokens.LIFE
    once = False
    title = _("What you wrote")
    question = _(
        "Choose View to see it. You’ll get a new private link; any earlier one stops working."
    )
    button = _("View")
    done = _("There’s nothing here anymore.")

    def act(self, link):
        """Return the URL of the receipt, or None if the mail is out of date."""
        # Locked: of two presses at once, the later one counts.
        link = EmailLink.objects.select_for_update().get(pk=link.pk)
        made_at = parse_datetime(link.arguments.get("made_at", ""))
        comment = made_at and receipt_tokens.find_current(link.arguments["comment"], made_at)
        if not comment:
            return None
        token = receipt_tokens.renew(comment)
        link.arguments["made_at"] = comment.receipt_made_at.isoformat()
        link.save(update_fields=["arguments"])
        return reverse("comments:receipt", args=[comment.pk, token])

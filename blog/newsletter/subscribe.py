"""Starting, changing and ending subscriptions to new posts by mail.

With an account, a subscription starts at once. A guest's is pending until they have followed the
link in the confirmation mail and confirmed the subscription on the page behind it, so that typing
somebody else's address causes no mail but that one.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.mail import address_proofs, mailboxes
from accounts.mail.mailboxes import Recipient
from accounts.models import Address, User
from accounts.privacy import erase
from accounts.privacy.registry import DataSubject
from blog.models import Subscription

Rhythm = Subscription.Rhythm
# The purpose of pass tokens for the subscription page; see accounts.mail.mailboxes.
PURPOSE = "subscription"


def subscription_of(mailbox: Recipient) -> Subscription | None:
    """Return the subscription of a recipient, confirmed or pending, or None."""
    rows = Subscription.objects.exclude(pk__in=Subscription.objects.expired().values("pk"))
    return rows.filter(subscriber=mailbox.key).select_related("user", "address").first()


def subscribe_account(user: User, rhythm: str, discreet: bool) -> None:
    """Subscribe an account, or change its preferences.

    This overrides an earlier stop of all mails: the address is verified and the user signed in.
    """
    mailbox = Recipient(user=user)
    with transaction.atomic():
        if email := mailbox.email:
            address_proofs.resume_mail(email)
        save_preferences(mailbox, rhythm, discreet)
        end_subscriptions(key for key in mailbox.keys_of_same_email if key != mailbox.key)


def subscribe_guest(email: str, rhythm: str, discreet: bool) -> None:
    """Store a guest's subscription as pending, and send the confirmation mail.

    A confirmed subscription of that address stays unchanged: anybody may have typed it. Raises
    ValidationError for an invalid address.
    """
    with transaction.atomic():
        address = address_proofs.get_or_create_address(email)
        _note(Recipient(address=address), rhythm, discreet)
        address_proofs.request_proof(address, again=True)


def _note(mailbox, rhythm, discreet):
    """Store a pending subscription.

    The conditions of the updates exclude one that is confirmed, perhaps at this very moment.
    """
    own = Subscription.objects.filter(subscriber=mailbox.key)
    own.expired().delete()
    # Discretion holds for all mails to an address; somebody who types it must not lower it.
    discreet = discreet or bool(mailbox.address.verified_at and mailbox.address.discreet)
    values = {"address": mailbox.address, "rhythm": rhythm, "discreet": discreet}
    _row, is_new = own.get_or_create(subscriber=mailbox.key, defaults=values)
    if not is_new:
        waits = own.filter(confirmed_at=None)
        waits.update(created_at=timezone.now(), **({"discreet": True} if discreet else {}))


def next_url(address: Address) -> str | None:
    """Return the path of the page that confirms this address's pending subscription, or None.

    One of ``settings.ADDRESS_VERIFIED_HOOKS``. Verifying the address does not confirm it: somebody
    else may have typed the address.
    """
    waits = address.subscriptions.waiting().exists()
    return page_path(Recipient(address=address)) if waits else None


def page_path(mailbox: Recipient) -> str:
    """Return the path of the subscription page of a recipient.

    It contains a pass token: only call it for somebody who just used a link in a mail to them.
    """
    return reverse("blog:subscription", args=[mailboxes.make_pass_token(mailbox, PURPOSE)])


def recipient_from_token(given: str) -> Recipient | None:
    """Return the recipient of a pass token, or None if it is invalid or has expired."""
    return mailboxes.from_token(given, PURPOSE)


def save_preferences(mailbox: Recipient, rhythm: str, discreet: bool) -> None:
    """Create or change a confirmed subscription.

    Only for authenticated recipients: signed in, or with a link from a mail to them.
    """
    now = timezone.now()
    with transaction.atomic():
        row = subscription_of(mailbox)
        values = {"rhythm": rhythm, "discreet": discreet}
        values |= {"user": mailbox.user, "address": mailbox.address}
        values["refused_at"] = None
        values["confirmed_at"] = (row and row.confirmed_at) or now
        if row and row.confirmed_at and (row.rhythm, rhythm) == (Rhythm.WEEKLY, Rhythm.AT_ONCE):
            values["weekly_until"] = now
        Subscription.objects.update_or_create(subscriber=mailbox.key, defaults=values)
        mailbox.set_discreet(discreet)


def unsubscribe(mailbox: Recipient) -> None:
    """End all subscriptions of the recipient's e-mail address; queued mails are not sent."""
    end_subscriptions(mailbox.keys_of_same_email)


def end_subscriptions(keys: Iterable[str]) -> None:
    """End the subscriptions of these recipient keys.

    One of ``settings.UNSUBSCRIBE_HOOKS``.
    """
    Subscription.objects.filter(subscriber__in=list(keys)).delete()


def mark_refused(email: str, at: datetime | None) -> None:
    """Mark the subscriptions of a mailbox that refuses mails. One of ``settings.REFUSAL_HOOKS``."""
    own = Subscription.objects.filter(subscriber__in=mailboxes.recipient_keys_at(email))
    own.mark_refused(at)


def subscribing(subject: DataSubject) -> Iterator[dict]:
    """Yield a person's subscriptions for their data export; see ``accounts.privacy.registry``."""
    rows = Subscription.objects.filter(subscriber__in=erase.recipient_keys(subject))
    for row in rows.order_by("pk"):
        yield {
            _("New posts by email"): row.get_rhythm_display(),
            _("Requested"): row.created_at,
            _("Confirmed"): row.confirmed_at,
        }


def subscriber_counts() -> tuple[int, int]:
    """Return the numbers of subscribers ``(at once, weekly)`` who can get mail."""
    numbers = Subscription.objects.receiving().aggregate(
        at_once=Count("pk", filter=Q(rhythm=Rhythm.AT_ONCE)),
        weekly=Count("pk", filter=Q(rhythm=Rhythm.WEEKLY)),
    )
    return numbers["at_once"], numbers["weekly"]

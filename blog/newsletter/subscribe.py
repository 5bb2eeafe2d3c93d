"""Getting new posts by mail: how that begins, changes and ends.

With an account it begins at once. A guest's wish waits until she has pressed the button of the mail
that asks whether the address is hers, and then said on the page behind it that she wishes for this:
whoever types somebody's address gets her no mail but that one.
"""

from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.mail import address_proofs, mailboxes
from accounts.mail.mailboxes import Recipient
from accounts.privacy import erase
from blog.models import Subscription

Rhythm = Subscription.Rhythm
# What the pass to the page about one's own mails is for; see accounts.mail.mailboxes.
PURPOSE = "subscription"


def subscription_of(mailbox):
    """Return the ``Subscription`` of a ``Mailbox``, confirmed or not, or None."""
    rows = Subscription.objects.exclude(pk__in=Subscription.objects.expired().values("pk"))
    return rows.filter(subscriber=mailbox.key).select_related("user", "address").first()


def subscribe_account(user, rhythm, discreet):
    """Let somebody with an account get new posts, or change how.

    Whoever stopped all mails before wishes for these: her address is proved, and she is signed in.
    """
    mailbox = Recipient(user=user)
    with transaction.atomic():
        if email := mailbox.email:
            address_proofs.resume_mail(email)
        save_preferences(mailbox, rhythm, discreet)
        end_subscriptions(key for key in mailbox.keys_of_same_email if key != mailbox.key)


def subscribe_guest(email, rhythm, discreet):
    """Note the wish of a guest, and ask by mail whether it is hers.

    What she gets already is changed by nothing that somebody types. Raises ValidationError for what
    is no address.
    """
    with transaction.atomic():
        address = address_proofs.get_or_create_address(email)
        _note(Recipient(address=address), rhythm, discreet)
        address_proofs.request_proof(address, again=True)


def _note(mailbox, rhythm, discreet):
    """Keep a wish until it is confirmed. No stranger changes one that is there already.

    What was confirmed, in this very moment perhaps, is left alone by the conditions of the updates.
    """
    own = Subscription.objects.filter(subscriber=mailbox.key)
    own.expired().delete()
    # All mails to one person are alike: nobody's typing may suggest others to her than she chose.
    discreet = discreet or bool(mailbox.address.proved_at and mailbox.address.discreet)
    values = {"address": mailbox.address, "rhythm": rhythm, "discreet": discreet}
    _row, is_new = own.get_or_create(subscriber=mailbox.key, defaults=values)
    if not is_new:
        waits = own.filter(confirmed_at=None)
        waits.update(created_at=timezone.now(), **({"discreet": True} if discreet else {}))


def next_url(address):
    """Return the path of the page that asks about the wish of this address, where one waits.

    One of ``settings.ADDRESS_PROVED_HOOKS``. The press itself confirms none: anybody may have typed
    it.
    """
    waits = address.subscriptions.waiting().exists()
    return page_path(Recipient(address=address)) if waits else None


def page_path(mailbox):
    """Return the path of the page on which the owner of a mailbox chooses.

    It holds a pass: call it for who has just pressed the button of a mail to her.
    """
    return reverse("blog:subscription", args=[mailboxes.make_pass_token(mailbox, PURPOSE)])


def recipient_from_token(given):
    """Return the ``Mailbox`` that a pass was made for just now, or None."""
    return mailboxes.from_token(given, PURPOSE)


def save_preferences(mailbox, rhythm, discreet):
    """Let the owner of a mailbox get new posts in this way from now on.

    For who is known for certain: signed in, or come by a mail to her.
    """
    now = timezone.now()
    with transaction.atomic():
        row = subscription_of(mailbox)
        values = {"rhythm": rhythm, "discreet": discreet}
        values |= {"user": mailbox.user, "address": mailbox.address}
        values["confirmed_at"] = (row and row.confirmed_at) or now
        if row and row.confirmed_at and (row.rhythm, rhythm) == (Rhythm.WEEKLY, Rhythm.AT_ONCE):
            values["weekly_until"] = now
        Subscription.objects.update_or_create(subscriber=mailbox.key, defaults=values)
        mailbox.set_discreet(discreet)


def unsubscribe(mailbox):
    """Send new posts no more, to whichever of her mailboxes; what waits is not sent."""
    end_subscriptions(mailbox.keys_of_same_email)


def end_subscriptions(keys):
    """End the subscriptions of the mailboxes of these keys.

    One of ``settings.UNSUBSCRIBE_HOOKS``.
    """
    Subscription.objects.filter(subscriber__in=list(keys)).delete()


def subscribing(subject):
    """Yield how somebody gets new posts, for their archive; see ``accounts.privacy.inventory``."""
    rows = Subscription.objects.filter(subscriber__in=erase.recipient_keys(subject))
    for row in rows.order_by("pk"):
        yield {
            _("New posts by mail"): row.get_rhythm_display(),
            _("Asked for"): row.created_at,
            _("Confirmed"): row.confirmed_at,
        }


def subscriber_counts():
    """Return ``(at_once, weekly)``: how many get new posts. Who they are is nobody's to see."""
    numbers = Subscription.objects.receiving().aggregate(
        at_once=Count("pk", filter=Q(rhythm=Rhythm.AT_ONCE)),
        weekly=Count("pk", filter=Q(rhythm=Rhythm.WEEKLY)),
    )
    return numbers["at_once"], numbers["weekly"]

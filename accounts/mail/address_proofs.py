"""Addresses of people without an account, and the mail that proves one.

A typed address proves nothing; it counts once the link that was mailed to it has been pressed.
Until then it gets that one mail, once a day at most, which names nobody and says nothing.
"""

from contextlib import suppress
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.email_normalization import email_key, normalize_email
from accounts.mail import links, outbox
from accounts.mail.compose import EmailContent, named
from accounts.models import Address, StoppedAddress

# Whoever types a stranger's address again and again sends her one mail a day.
BETWEEN_PROOFS = timedelta(days=1)


def get_or_create_address(text):
    """Return the ``Address`` of a typed one, made at need. Raises ValidationError.

    Whoever stopped all mails before her address was erased has stopped them still.
    """
    email = normalize_email(text)
    key = email.casefold()
    defaults = {"email": email, "stopped_at": lambda: mail_stopped_at(key)}
    return Address.objects.get_or_create(key=key, defaults=defaults)[0]


def mail_stopped_at(email):
    """Return when the owner of an address stopped all mails, or None."""
    rows = Address.objects.filter(key=email_key(email), stopped_at__isnull=False)
    erased = StoppedAddress.of(email_key(email))
    return next((row.stopped_at for rows in (rows, erased) for row in rows), None)


def resume_mail(email):
    """Let mails go to an address again whose owner, known for certain, wishes for some."""
    Address.objects.filter(key=email_key(email), stopped_at__isnull=False).update(stopped_at=None)
    StoppedAddress.of(email_key(email)).delete()


def stop_mail(email):
    """Let no mail leave any more that comes because its owner follows something.

    Mails that wait in the outbox already are dropped when they come up.
    """
    with suppress(ValidationError):  # an account's that is too long for a row of its own
        Address.objects.filter(pk=get_or_create_address(email).pk).update(stopped_at=timezone.now())


def users_with_address(email):
    """Return the keys of the accounts whose mails go to this address, however it is spelt."""
    found = EmailAddress.objects.filter(verified=True, email__iexact=email)
    people = verified_addresses(found.values("user_id"))
    return [user for user, own in people.items() if email_key(own) == email_key(email)]


def verified_addresses(users):
    """Return ``{key of user: address}`` where mails to these accounts go: proved ones alone."""
    rows = EmailAddress.objects.filter(user__in=users, verified=True).order_by("primary", "-pk")
    return dict(rows.values_list("user_id", "email"))


@transaction.atomic
def request_proof(address, again=False):
    """Post the mail that proves an address, if it needs one; return whether it was posted.

    With ``again`` also to an address that was proved before: whether it is hers who asks now is
    another question. Nothing goes to an address that had one within a day.
    """
    now = timezone.now()
    quiet = Q(asked_at=None) | Q(asked_at__lte=now - BETWEEN_PROOFS)
    # One update decides, so that two requests at once post one mail.
    asking = Address.objects.all() if again else Address.objects.needing_proof()
    asked = asking.filter(quiet, pk=address.pk).update(asked_at=now)
    if asked:
        outbox.enqueue("proof", address.email, address=address.pk, again=again)
    return bool(asked)


@named(_("confirmation of an address"))
def proof(address, again=False):
    """The mail that asks whether an address is its reader's. One of ``settings.EMAILS``."""
    asking = Address.objects.all() if again else Address.objects.needing_proof()
    found = asking.filter(pk=address).first()
    if found is None:
        return None
    # Discreet whatever was chosen: nobody knows yet who reads it.
    return EmailContent({"link": links.make_link(ProveAddress.name, address=found)}, discreet=True)


class ProveAddress(links.LinkAction):
    """Pressing proves that one reads what goes there. One of ``settings.LINK_ACTIONS``."""

    name = "prove"
    lifetime = timedelta(days=3)
    title = _("Confirm your address")
    question = _("Press the button to confirm that this address is yours.")
    button = _("Confirm")
    done_title = _("Your address is confirmed")

    def act(self, link):
        """Note the proof; whoever stopped all mails and asked anew wishes for them again.

        Then whatever waited for it (``settings.ADDRESS_PROVED_HOOKS``) has its turn; the first path
        that one of these returns is where she goes next.
        """
        now = timezone.now()
        Address.objects.filter(pk=link.address_id, proved_at=None).update(proved_at=now)
        # Who answers one mail may be asked again at once: nobody else can make it more than one.
        Address.objects.filter(pk=link.address_id).update(stopped_at=None, asked_at=None)
        address = Address.objects.get(pk=link.address_id)
        StoppedAddress.of(address.key).delete()
        return next_url(address)


def next_url(address):
    """Return the path of the first page on which something waits for whoever proved an address.

    Each page asks again when its own is decided, and so leads to the next; None at the end.
    """
    ways = (import_string(path)(address) for path in settings.ADDRESS_PROVED_HOOKS)
    return next(filter(None, ways), None)

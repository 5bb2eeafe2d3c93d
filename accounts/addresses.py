"""Addresses of people without an account, and the mail that proves one.

A typed address proves nothing; it counts once the link that was mailed to it has been pressed.
Until then it gets that one mail, once a day at most, which names nobody and says nothing.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import links, outbox
from accounts.letters import Letter
from accounts.models import Address
from accounts.spelling import normal

# Whoever types a stranger's address again and again sends her one mail a day.
BETWEEN_PROOFS = timedelta(days=1)


def known(text):
    """Return the ``Address`` of a typed one, made at need. Raises ValidationError."""
    email = normal(text)
    return Address.objects.get_or_create(key=email.casefold(), defaults={"email": email})[0]


@transaction.atomic
def ask_for_proof(address):
    """Post the mail that proves an address, if it needs one; return whether it was posted.

    Nothing goes to an address that had one within a day.
    """
    now = timezone.now()
    quiet = Q(asked_at=None) | Q(asked_at__lte=now - BETWEEN_PROOFS)
    # One update decides, so that two requests at once post one mail.
    asked = Address.objects.needing_proof().filter(quiet, pk=address.pk).update(asked_at=now)
    if asked:
        outbox.post("proof", address.email, address=address.pk)
    return bool(asked)


def proof(address):
    """The mail that asks whether an address is its reader's. One of ``settings.MAILS``."""
    found = Address.objects.needing_proof().filter(pk=address).first()
    if found is None:
        return None
    # Discreet whatever was chosen: nobody knows yet who reads it.
    return Letter({"link": links.make(ProveAddress.name, address=found)}, discreet=True)


class ProveAddress(links.Action):
    """Pressing proves that one reads what goes there. One of ``settings.LINK_ACTIONS``."""

    name = "prove"
    lifetime = timedelta(days=3)
    title = _("Confirm your address")
    question = _("Press the button to confirm that this address is yours.")
    button = _("Confirm")
    done_title = _("Your address is confirmed")

    def act(self, link):
        """Note the proof; whoever stopped all mails and asked anew wishes for them again."""
        now = timezone.now()
        Address.objects.filter(pk=link.address_id, proved_at=None).update(proved_at=now)
        Address.objects.filter(pk=link.address_id).update(stopped_at=None)


class StopMails(links.Action):
    """Pressing ends every mail that comes because somebody follows something, at once.

    Also pressed by mail programs themselves (RFC 8058). One of ``settings.LINK_ACTIONS``.
    """

    name = "stop"
    # A mail may lie for long before somebody has had enough.
    lifetime = timedelta(days=365)
    once = False
    title = _("No more mails")
    question = _("Press the button, and no more of these mails come.")
    button = _("Stop these mails")
    done_title = _("No more of these mails will come")

    def act(self, link):
        """Note it; mails that wait in the outbox already are dropped when they come up."""
        Address.objects.filter(pk=link.address_id).update(stopped_at=timezone.now())

"""Verification of guests' e-mail addresses.

A typed address proves nothing; it counts once the link that was mailed to it has been pressed.
Until then it gets only that one mail, at most once a day, which names nobody.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.mail import links, outbox, refusals
from accounts.mail.compose import EmailContent, named
from accounts.models import Address, StoppedAddress
from accounts.text.email_normalization import email_key, normalize_email

# Whoever keeps typing a stranger's address sends them one mail a day.
BETWEEN_PROOFS = timedelta(days=1)


def get_or_create_address(text: str) -> Address:
    """Return the ``Address`` of a typed address, created if needed. Raises ValidationError.

    If all mails were stopped before the address was erased, they remain stopped.
    """
    email = normalize_email(text)
    key = email.casefold()
    defaults = {"email": email, "stopped_at": lambda: mail_stopped_at(key)}
    return Address.objects.get_or_create(key=key, defaults=defaults)[0]


def mail_stopped_at(email: str) -> datetime | None:
    """Return when the owner of an address stopped all mails, or None if they did not."""
    rows = Address.objects.filter(key=email_key(email), stopped_at__isnull=False)
    erased = StoppedAddress.of(email_key(email))
    return next((row.stopped_at for rows in (rows, erased) for row in rows), None)


def resume_mail(email: str) -> None:
    """Allow mails to an address again. Call it only for its verified owner."""
    Address.objects.filter(key=email_key(email), stopped_at__isnull=False).update(stopped_at=None)
    StoppedAddress.of(email_key(email)).delete()
    refusals.forget(email)


def stop_mail(email: str) -> None:
    """Stop all subscription mails to an address.

    Those already in the outbox are dropped when they come up.
    """
    with suppress(ValidationError):  # an account's address that is too long for an Address
        Address.objects.filter(pk=get_or_create_address(email).pk).update(stopped_at=timezone.now())


def users_by_address(emails: Iterable[str]) -> dict[str, list[int]]:
    """Return ``{email_key: pks}`` of the accounts whose mails go to these, in any spelling."""
    same = reduce(or_, (Q(email__iexact=email) for email in emails), Q(pk__in=[]))
    found = EmailAddress.objects.filter(same, verified=True)
    users = {email_key(email): [] for email in emails}
    for user, own in verified_addresses(found.values("user_id")).items():
        users.get(email_key(own), []).append(user)
    return users


def verified_addresses(users: QuerySet | Iterable[int]) -> dict[int, str]:
    """Return ``{user pk: address}``: where mails to these accounts go, verified addresses only."""
    rows = EmailAddress.objects.filter(user__in=users, verified=True).order_by("primary", "-pk")
    return dict(rows.values_list("user_id", "email"))


@transaction.atomic
def request_proof(address: Address, again: bool = False) -> bool:
    """Enqueue the verification mail of an address if it needs one; return whether it was enqueued.

    With ``again`` also if the address was verified before: that does not prove that whoever asks
    now owns it. An address gets at most one such mail a day.
    """
    now = timezone.now()
    quiet = Q(asked_at=None) | Q(asked_at__lte=now - BETWEEN_PROOFS)
    # One update decides, so that two concurrent requests enqueue one mail.
    asking = Address.objects.all() if again else Address.objects.needing_proof()
    asked = asking.filter(quiet, pk=address.pk).update(asked_at=now)
    if asked:
        outbox.enqueue("proof", address.email, address=address.pk, again=again)
    return bool(asked)


@named(_("confirmation of an email address"))
def proof(address: int, again: bool = False) -> EmailContent | None:
    """Compose the verification mail of an address. One of ``settings.EMAILS``."""
    asking = Address.objects.all() if again else Address.objects.needing_proof()
    found = asking.filter(pk=address).first()
    if found is None:
        return None
    # Discreet whatever was chosen: the reader is not known yet.
    return EmailContent({"link": links.make_link(VerifyAddress.name, address=found)}, discreet=True)


class VerifyAddress(links.LinkAction):
    """Verifies the address that the mail went to. One of ``settings.LINK_ACTIONS``."""

    name = "prove"  # as in links that were sent already
    lifetime = timedelta(days=3)
    title = _("Confirm your email address")
    question = _("Please confirm that this address is yours.")
    button = _("Confirm")
    done_title = _("Your email address is confirmed")

    def act(self, link):
        """Mark the address as verified, and let mails go to it again.

        Then ``settings.ADDRESS_VERIFIED_HOOKS`` are called; returns the first path that one of
        them returns, or None.
        """
        now = timezone.now()
        Address.objects.filter(pk=link.address_id, verified_at=None).update(verified_at=now)
        # A new verification mail may follow at once: this one was answered by the owner.
        Address.objects.filter(pk=link.address_id).update(stopped_at=None, asked_at=None)
        address = Address.objects.get(pk=link.address_id)
        StoppedAddress.of(address.key).delete()
        refusals.forget(address.email)
        return next_url(address)


def next_url(address: Address) -> str | None:
    """Return the path of the first page on which something awaits the owner of an address.

    Each page asks again once its own matter is decided, and so leads to the next; None at the end.
    """
    ways = (import_string(path)(address) for path in settings.ADDRESS_VERIFIED_HOOKS)
    return next(filter(None, ways), None)

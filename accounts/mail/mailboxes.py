"""Recipients of subscription mails: an account or a guest's address, and unsubscribing from all.

A subscriber is identified by the key of their mailbox ("u5", "a7"), in rows and in the outbox.
One person may have two: an account and an address that they gave as a guest.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.utils.module_loading import import_string

from accounts.mail import address_proofs
from accounts.models import Address
from accounts.text.email_normalization import email_key

SALT = "accounts.mail.mailboxes"
# The time between the press on a link in a mail and the next one on the page it opened.
PASS_LIFE = 15 * 60  # seconds


@dataclass(frozen=True)
class Recipient:
    """An account or the ``Address`` of a guest: one of the two."""

    user: Any = None
    address: Any = None

    @classmethod
    def from_key(cls, key: str) -> "Recipient | None":
        """Return the recipient with this key, or None if it does not exist any more."""
        kind, number = key[:1], key[1:]
        if kind == "u":
            user = get_user_model().objects.filter(pk=number).first()
            return user and cls(user=user)
        address = Address.objects.filter(pk=number).first()
        return address and cls(address=address)

    @property
    def key(self) -> str:
        """The key of this mailbox, such as "u5" or "a7"."""
        return f"u{self.user.pk}" if self.user else f"a{self.address.pk}"

    @property
    def email(self) -> str | None:
        """The address for mails, or None for an account without a verified address."""
        if self.address:
            return self.address.email
        return address_proofs.verified_addresses([self.user.pk]).get(self.user.pk)

    @property
    def keys_of_same_email(self) -> list[str]:
        """The keys of all recipients with the same address, including this one."""
        return list(
            dict.fromkeys([self.key, *(recipient_keys_at(self.email) if self.email else [])])
        )

    def set_discreet(self, discreet: bool) -> None:
        """Choose discreet mails or not, for all mails to this recipient."""
        owner = self.user or self.address
        owner.discreet = discreet
        # Not by type(owner): request.user is a lazy object.
        owner._meta.model._base_manager.filter(pk=owner.pk).update(discreet=discreet)


def recipient_keys_at(email: str) -> list[str]:
    """Return the keys of all recipients with this address, in any spelling."""
    return recipient_keys_at_each([email])[email]


def recipient_keys_at_each(emails: Collection[str]) -> dict[str, list[str]]:
    """Return ``{address: keys of all recipients with it}``, in two queries."""
    users = address_proofs.users_by_address(emails)
    rows = Address.objects.filter(key__in=users).values_list("key", "pk")
    guests = {key: f"a{pk}" for key, pk in rows}
    return {
        email: [
            *filter(None, [guests.get(email_key(email))]),
            *(f"u{pk}" for pk in users[email_key(email)]),
        ]
        for email in emails
    }


def addresses_of(keys: Iterable[str]) -> dict[str, str | None]:
    """Return ``{key: address for mails}`` of recipients, in two queries; None as in ``email``."""
    pks = {kind: [int(key[1:]) for key in keys if key[:1] == kind] for kind in "ua"}
    users = address_proofs.verified_addresses(pks["u"])
    guests = dict(Address.objects.filter(pk__in=pks["a"]).values_list("pk", "email"))
    of = {"u": users, "a": guests}
    return {key: of[key[:1]].get(int(key[1:])) for key in keys}


def unsubscribe_all(key: str) -> None:
    """End all subscription mails to the recipient with this key.

    ``settings.UNSUBSCRIBE_HOOKS`` lists functions that are given the keys of all recipients with
    the same address, and delete their subscriptions.
    """
    recipient = Recipient.from_key(key)
    keys = [key]
    if recipient and recipient.email:
        address_proofs.stop_mail(recipient.email)
        keys = recipient.keys_of_same_email
    for path in settings.UNSUBSCRIBE_HOOKS:
        import_string(path)(keys)


def make_pass_token(mailbox: Recipient, purpose: str) -> str:
    """Return a signed token that opens a page to this recipient for a quarter of an hour.

    Call it only for somebody who has just pressed the button of a mail to that recipient.
    ``purpose`` names the page: a token for one page opens no other.
    """
    return signing.dumps(mailbox.key, salt=f"{SALT}.{purpose}")


def from_token(given: str, purpose: str) -> Recipient | None:
    """Return the recipient of a :func:`make_pass_token`, or None if it is invalid or too old.

    A guest's address has to be verified, and must not have stopped all mails.
    """
    try:
        key = signing.loads(given, salt=f"{SALT}.{purpose}", max_age=PASS_LIFE)
    except signing.BadSignature:
        return None
    recipient = Recipient.from_key(key)
    address = recipient and recipient.address
    if address and (address.verified_at is None or address.stopped_at):
        return None
    return recipient

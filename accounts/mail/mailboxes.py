"""Whose mailbox: an account or the address of a guest, and what ends all mails to it.

Whoever follows something is known by the key of her mailbox ("u5", "a7"), in rows and in the
outbox. One person may have two, an account and an address that she gave as a guest.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.utils.module_loading import import_string

from accounts.email_normalization import email_key
from accounts.mail import address_proofs
from accounts.models import Address

SALT = "accounts.mail.mailboxes"
# Somebody has just pressed the button of a mail and now presses another one, on a page.
PASS_LIFE = 15 * 60  # seconds


@dataclass(frozen=True)
class Recipient:
    """An account or the ``Address`` of a guest: one of the two."""

    user: Any = None
    address: Any = None

    @classmethod
    def from_key(cls, key):
        """Return the mailbox of this key, or None when there is nobody any more."""
        kind, number = key[:1], key[1:]
        if kind == "u":
            user = get_user_model().objects.filter(pk=number).first()
            return user and cls(user=user)
        address = Address.objects.filter(pk=number).first()
        return address and cls(address=address)

    @property
    def key(self):
        """A short text that stands for this mailbox."""
        return f"u{self.user.pk}" if self.user else f"a{self.address.pk}"

    @property
    def email(self):
        """Where the mails go, or None: an account without a proved address gets none."""
        if self.address:
            return self.address.email
        return address_proofs.verified_addresses([self.user.pk]).get(self.user.pk)

    @property
    def keys_of_same_email(self):
        """The keys of all that goes to the same address, this one among them."""
        return list(
            dict.fromkeys([self.key, *(recipient_keys_at(self.email) if self.email else [])])
        )

    def set_discreet(self, discreet):
        """Let mails to her name nobody and nothing, or name them: one choice for all of them."""
        owner = self.user or self.address
        owner.discreet = discreet
        # Not by its type: who is signed in comes as a lazy object.
        owner._meta.model._base_manager.filter(pk=owner.pk).update(discreet=discreet)


def recipient_keys_at(email):
    """Return the key of each mailbox whose mails go to this address, however it is spelt."""
    guests = Address.objects.filter(key=email_key(email)).values_list("pk", flat=True)
    return [
        *(f"a{key}" for key in guests),
        *(f"u{key}" for key in address_proofs.users_with_address(email)),
    ]


def unsubscribe_all(key):
    """End all mails to the mailbox of this key that come because its owner follows something.

    ``settings.UNSUBSCRIBE_HOOKS`` lists functions that are given the keys of all that goes there,
    and delete what those follow.
    """
    mailbox = Recipient.from_key(key)
    keys = [key]
    if mailbox and mailbox.email:
        address_proofs.stop_mail(mailbox.email)
        keys = mailbox.keys_of_same_email
    for path in settings.UNSUBSCRIBE_HOOKS:
        import_string(path)(keys)


def make_pass_token(mailbox, purpose):
    """Return a text that opens a page to the owner of a mailbox for a quarter of an hour.

    Call it for who has just pressed the button of a mail to her. ``purpose`` is a word: a pass for
    one page opens no other.
    """
    return signing.dumps(mailbox.key, salt=f"{SALT}.{purpose}")


def from_token(given, purpose):
    """Return the ``Mailbox`` that a pass was made for just now, or None.

    A guest's has to be proved, and not to have stopped all mails.
    """
    try:
        key = signing.loads(given, salt=f"{SALT}.{purpose}", max_age=PASS_LIFE)
    except signing.BadSignature:
        return None
    mailbox = Recipient.from_key(key)
    address = mailbox and mailbox.address
    if address and (address.proved_at is None or address.stopped_at):
        return None
    return mailbox

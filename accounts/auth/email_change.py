"""Changing an account's address, confirmed by links mailed to the new and the old address.

So an open browser is not enough to take over an account, and nobody can claim an address that is
not theirs. Nothing changes until both links have been pressed.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.mail import links, outbox
from accounts.mail.compose import EmailContent, named
from accounts.models import EmailChange, User
from accounts.retention import RetentionRule
from accounts.text.email_normalization import email_key

LIVES = timedelta(days=3)
CHANGED = links.DoneText(
    _("Your email address has changed"),
    _("Your account now uses the new address. You can close this page."),
)
HALF_DONE = links.DoneText(
    _("Confirmed"),
    _(
        "Your email address changes once you’ve opened the link in the other email and "
        "confirmed there too. You can close this page."
    ),
)
TAKEN = links.DoneText(
    _("Nothing was changed"),
    _("Another account confirmed this address first. You can close this page."),
)


@transaction.atomic
def request_change(user: User, email: str) -> EmailChange:
    """Begin changing the address of an account, replacing a change that is pending.

    The new address gets at most one mail a day, however often the change is requested.
    """
    under_way = pending_change(user)
    if under_way and email_key(under_way.email) == email_key(email):
        return under_way
    EmailChange.objects.filter(user=user).delete()
    old = _verified(user)
    agreed = None if old else timezone.now()
    change = EmailChange.objects.create(user=user, email=email, agreed_at=agreed)
    about = {"user": user.pk, "key": _key(email)}
    outbox.enqueue("new_address", email, once=outbox.daily_once_key("new_address", email), **about)
    if old:
        outbox.enqueue("old_address", old.email, **about)
    return change


def pending_change(user: User) -> EmailChange | None:
    """Return the account's pending change, or None."""
    return _living().filter(user=user).first()


def address_change(subject) -> Iterator[dict[str, Any]]:
    """Yield the pending change for an export; see :mod:`accounts.privacy.registry`."""
    if change := subject.user and pending_change(subject.user):
        yield {gettext("New email address"): change.email, gettext("Requested"): change.asked_at}


def cancel_change(user: User) -> None:
    """Delete the account's pending change."""
    EmailChange.objects.filter(user=user).delete()


@named(_("confirmation of a new email address"))
def new_address(user: int, key: str) -> EmailContent | None:
    """Compose the mail to the new address. One of ``settings.EMAILS``."""
    return _content(ConfirmNewAddress, user, key)


@named(_("email address change, to the old address"))
def old_address(user: int, key: str) -> EmailContent | None:
    """Compose the mail to the current address. One of ``settings.EMAILS``."""
    return _content(ReleaseOldAddress, user, key)


def _content(action, user, key):
    if _of(user, key) is None:
        return None
    return EmailContent({"link": links.make_link(action.name, user=user, key=key)}, discreet=True)


class _Half(links.LinkAction):
    """One of the two confirmations; it sets the field ``field`` of :class:`EmailChange`.

    Arguments: ``user`` and ``key``, a hash of the new address: a link keeps working for somebody
    who cancels a change and requests the same one again.
    """

    lifetime = LIVES
    once = False
    field = ""

    def works(self, link):
        return _of(**link.arguments) is not None

    def pressed(self, link, sent):
        return links.LinkUsed(self.act(link))

    def act(self, link):
        """Confirm, and return what the page then says: the address changed, or half of it is done.

        An account without a verified address has only one link to confirm.
        """
        change = _of(**link.arguments, rows=_living().select_for_update())
        setattr(change, self.field, timezone.now())
        change.save(update_fields=[self.field])
        if not (change.verified_at and change.agreed_at):
            return HALF_DONE
        return CHANGED if _finish(change) else TAKEN


class ConfirmNewAddress(_Half):
    """Confirm the new address. One of ``settings.LINK_ACTIONS``."""

    name, field = "new-address", "verified_at"
    title = _("Use this email address from now on?")
    question = _("Confirm this only if you want your account to use this address.")
    button = _("Yes, use this address")


class ReleaseOldAddress(_Half):
    """Agree to the change from the old address. One of ``settings.LINK_ACTIONS``."""

    name, field = "old-address", "agreed_at"
    title = _("Change your account’s email address?")
    question = _(
        "Confirm this only if you asked for it. If you didn’t, close this page and nothing "
        "will change."
    )
    button = _("Yes, change it")


def _finish(change):
    """Replace the old address by the new one; return False if another account has verified it."""
    user, email = change.user, change.email.lower()
    change.delete()
    if EmailAddress.objects.filter(email__iexact=email, verified=True).exclude(user=user).exists():
        return False
    remove_from_other_accounts(email, user.pk)
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    user.email = email
    user.save(update_fields=["email"])
    return True


def remove_from_other_accounts(email: str, owner: int) -> None:
    """Remove a newly verified address from all accounts but the one with the pk ``owner``.

    Otherwise an unverified claim would keep its true owner from using it.
    """
    EmailAddress.objects.filter(email__iexact=email).exclude(user=owner).delete()
    User.objects.exclude(pk=owner).filter(email__iexact=email).update(email="")


def _verified(user):
    return EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk").first()


def _key(email):
    return salted_hmac("accounts.auth.email_change", email_key(email)).hexdigest()[:32]


def _of(user, key, rows=None):
    change = (_living() if rows is None else rows).filter(user=user).first()
    return change if change and _key(change.email) == key else None


def _living():
    return EmailChange.objects.filter(asked_at__gt=timezone.now() - LIVES)


def retention_rules() -> Iterator[RetentionRule]:
    """Yield the rule for changes that were not confirmed in time.

    One of ``settings.RETENTION_RULES``.
    """
    asked = EmailChange.objects.filter(asked_at__lte=timezone.now() - LIVES)
    yield RetentionRule(_("unconfirmed email address changes"), asked)

"""Another address for an account: it counts once the new one and the old one have both agreed.

Whoever sits down at an open browser can so not take an account away, and nobody can bring an
address here that is not hers. Until both links are pressed nothing is different.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.email_normalization import email_key
from accounts.mail import links, outbox
from accounts.mail.compose import EmailContent, named
from accounts.models import EmailChange, User
from accounts.retention import RetentionRule

LIVES = timedelta(days=3)
HALF = _(
    "Thank you. Once the link in the other mail was pressed too, the new address takes the place "
    "of the old one. If it was already, that has just happened. You can close this page."
)


@transaction.atomic
def request_change(user, email):
    """Begin to change the address of an account; another change that was under way is forgotten.

    The new address gets one mail a day at most, however often somebody asks.
    """
    under_way = pending_change(user)
    if under_way and email_key(under_way.email) == email_key(email):
        return under_way
    EmailChange.objects.filter(user=user).delete()
    old = _proved(user)
    agreed = None if old else timezone.now()
    change = EmailChange.objects.create(user=user, email=email, agreed_at=agreed)
    about = {"user": user.pk, "key": _key(email)}
    outbox.enqueue("new_address", email, once=outbox.daily_once_key("new_address", email), **about)
    if old:
        outbox.enqueue("old_address", old.email, **about)
    return change


def pending_change(user):
    """Return the change that is under way, an ``AddressChange`` or None."""
    return _living().filter(user=user).first()


def address_change(subject):
    """Yield the change that is under way as she takes it along; see
    :mod:`accounts.privacy.inventory`.
    """
    if change := subject.user and pending_change(subject.user):
        yield {gettext("Another address"): change.email, gettext("Asked for"): change.asked_at}


def cancel_change(user):
    """Forget the change that is under way."""
    EmailChange.objects.filter(user=user).delete()


@named(_("confirmation of an account’s new address"))
def new_address(user, key):
    """The mail to the new address. One of ``settings.EMAILS``."""
    return _letter(ConfirmNewAddress, user, key)


@named(_("question to an account’s old address"))
def old_address(user, key):
    """The mail to the address that there is. One of ``settings.EMAILS``."""
    return _letter(ReleaseOldAddress, user, key)


def _letter(action, user, key):
    if _of(user, key) is None:
        return None
    return EmailContent({"link": links.make_link(action.name, user=user, key=key)}, discreet=True)


class _Half(links.LinkAction):
    """One of the two presses. The field of :class:`AddressChange` that it fills is ``field``.

    Arguments: ``user`` and ``key``, which stands for the new address: whoever takes back a change
    and asks for the same one again needs no other mail.
    """

    lifetime = LIVES
    once = False
    button = _("Yes")
    done_title = _("Noted")
    done = HALF
    field = ""

    def works(self, link):
        return _of(**link.arguments) is not None

    def act(self, link):
        change = _of(**link.arguments, rows=_living().select_for_update())
        setattr(change, self.field, timezone.now())
        change.save(update_fields=[self.field])
        if change.proved_at and change.agreed_at:
            _finish(change)


class ConfirmNewAddress(_Half):
    """One of ``settings.LINK_ACTIONS``."""

    name, field = "new-address", "proved_at"
    title = _("Use this address from now on?")
    question = _("Press the button if you wish your account to use this address.")


class ReleaseOldAddress(_Half):
    """One of ``settings.LINK_ACTIONS``."""

    name, field = "old-address", "agreed_at"
    title = _("Use another address from now on?")
    question = _(
        "Press the button if it was you who asked for another address. If it was not, leave it: "
        "nothing changes then."
    )


def _finish(change):
    """Let the new address take the place of the old one, unless it is somebody else's by now."""
    user, email = change.user, change.email.lower()
    change.delete()
    if EmailAddress.objects.filter(email__iexact=email, verified=True).exclude(user=user).exists():
        return
    remove_from_other_accounts(email, user.pk)
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    user.email = email
    user.save(update_fields=["email"])


def remove_from_other_accounts(email, owner):
    """Take an address that was just proved from all accounts but that of the key ``owner``.

    A claim without proof would otherwise keep its true owner from using it.
    """
    EmailAddress.objects.filter(email__iexact=email).exclude(user=owner).delete()
    User.objects.exclude(pk=owner).filter(email__iexact=email).update(email="")


def _proved(user):
    return EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk").first()


def _key(email):
    return salted_hmac("accounts.auth.email_change", email_key(email)).hexdigest()[:32]


def _of(user, key, rows=None):
    change = (_living() if rows is None else rows).filter(user=user).first()
    return change if change and _key(change.email) == key else None


def _living():
    return EmailChange.objects.filter(asked_at__gt=timezone.now() - LIVES)


def retention_rules():
    """Yield changes that were never agreed to. One of ``settings.RETENTION_RULES``."""
    asked = EmailChange.objects.filter(asked_at__lte=timezone.now() - LIVES)
    yield RetentionRule(_("changes of an address that were not agreed to"), asked)

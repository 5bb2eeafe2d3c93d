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

from accounts import links, outbox
from accounts.letters import Letter, named
from accounts.models import AddressChange, User
from accounts.purging import Old
from accounts.spelling import alike

LIVES = timedelta(days=3)
HALF = _(
    "Thank you. Once the link in the other mail was pressed too, the new address takes the place "
    "of the old one. If it was already, that has just happened. You can close this page."
)


@transaction.atomic
def ask(user, email):
    """Begin to change the address of an account; another change that was under way is forgotten.

    The new address gets one mail a day at most, however often somebody asks.
    """
    under_way = waiting(user)
    if under_way and alike(under_way.email) == alike(email):
        return under_way
    AddressChange.objects.filter(user=user).delete()
    old = _proved(user)
    agreed = None if old else timezone.now()
    change = AddressChange.objects.create(user=user, email=email, agreed_at=agreed)
    about = {"user": user.pk, "key": _key(email)}
    outbox.post("new_address", email, once=outbox.once_a_day("new_address", email), **about)
    if old:
        outbox.post("old_address", old.email, **about)
    return change


def waiting(user):
    """Return the change that is under way, an ``AddressChange`` or None."""
    return _living().filter(user=user).first()


def exported(subject):
    """Yield the change that is under way as she takes it along; see :mod:`accounts.inventory`."""
    if change := subject.user and waiting(subject.user):
        yield {gettext("Another address"): change.email, gettext("Asked for"): change.asked_at}


def stop(user):
    """Forget the change that is under way."""
    AddressChange.objects.filter(user=user).delete()


@named(_("confirmation of an account’s new address"))
def new_address(user, key):
    """The mail to the new address. One of ``settings.MAILS``."""
    return _letter(ProveNew, user, key)


@named(_("question to an account’s old address"))
def old_address(user, key):
    """The mail to the address that there is. One of ``settings.MAILS``."""
    return _letter(LeaveOld, user, key)


def _letter(action, user, key):
    if _of(user, key) is None:
        return None
    return Letter({"link": links.make(action.name, user=user, key=key)}, discreet=True)


class _Half(links.Action):
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


class ProveNew(_Half):
    """One of ``settings.LINK_ACTIONS``."""

    name, field = "new-address", "proved_at"
    title = _("Use this address from now on?")
    question = _("Press the button if you wish your account to use this address.")


class LeaveOld(_Half):
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
    release_claims(email, user.pk)
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    user.email = email
    user.save(update_fields=["email"])


def release_claims(email, owner):
    """Take an address that was just proved from all accounts but that of the key ``owner``.

    A claim without proof would otherwise keep its true owner from using it.
    """
    EmailAddress.objects.filter(email__iexact=email).exclude(user=owner).delete()
    User.objects.exclude(pk=owner).filter(email__iexact=email).update(email="")


def _proved(user):
    return EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk").first()


def _key(email):
    return salted_hmac("accounts.address_change", alike(email)).hexdigest()[:32]


def _of(user, key, rows=None):
    change = (_living() if rows is None else rows).filter(user=user).first()
    return change if change and _key(change.email) == key else None


def _living():
    return AddressChange.objects.filter(asked_at__gt=timezone.now() - LIVES)


def old():
    """Yield changes that were never agreed to. One of ``settings.PURGES``."""
    asked = AddressChange.objects.filter(asked_at__lte=timezone.now() - LIVES)
    yield Old(_("changes of an address that were not agreed to"), asked)

"""What all wishes for mails have in common, whatever they are about.

A wish of somebody with an account counts at once. A guest's counts once her address was proved and
she has said on the page behind that mail that the wish is hers: see :mod:`accounts.addresses`.
"""

from datetime import timedelta

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Address
from accounts.purging import Old

# A wish that nobody confirmed is worth nothing after that: its link is too old by then.
UNCONFIRMED = timedelta(days=7)


class WishQuerySet(models.QuerySet):
    """Rows with a ``user`` or an ``address``."""

    def waiting(self):
        """Wishes that the mail to their address can still confirm."""
        return self.filter(confirmed_at=None, created_at__gte=timezone.now() - UNCONFIRMED)

    def expired(self):
        """Wishes that nobody confirmed in time: rows to be purged."""
        return self.filter(confirmed_at=None, created_at__lt=timezone.now() - UNCONFIRMED)

    def active(self):
        """Those whose owners get mails: confirmed, and the address still takes them."""
        of_account = Q(user__is_active=True)
        of_guest = Q(address__proved_at__isnull=False, address__stopped_at=None)
        return self.filter(of_account | of_guest, confirmed_at__isnull=False)


class MailWish(models.Model):
    """Somebody wishes for mails. Whose it is (``user`` or ``address``) is the model's own."""

    discreet = models.BooleanField(_("discreet"), default=True)
    created_at = models.DateTimeField(_("wished"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    class Meta:
        abstract = True

    @property
    def is_discreet(self):
        """Whether its mails name nobody: all that go to one person are alike."""
        return self.address.discreet if self.address_id else self.user.discreet


def old():
    """Yield wishes that nobody confirmed, then their addresses. One of ``settings.PURGES``."""
    kinds = [model for model in apps.get_models() if issubclass(model, MailWish)]
    for kind in kinds:
        name = _("%(kind)s whose wish nobody confirmed") % {"kind": kind._meta.verbose_name_plural}
        yield Old(name, kind.objects.expired())
    yield Old(_("addresses that nobody proved"), _never_proved(kinds))


def _never_proved(kinds):
    """Addresses for which no mail is on its way any more. Who stopped all mails is remembered."""
    before = timezone.now() - UNCONFIRMED
    asked = Q(asked_at=None) | Q(asked_at__lt=before)
    rows = Address.objects.filter(asked, proved_at=None, stopped_at=None, created_at__lt=before)
    for kind in kinds:
        wishes = kind.objects.filter(address=OuterRef("pk"))
        wished = Q(confirmed_at__isnull=False) | Q(created_at__gte=before)
        rows = rows.filter(~Exists(wishes.filter(wished)))
    return rows

"""What all wishes for mails have in common, whatever they are about.

A wish of somebody with an account counts at once. A guest's counts once her address was proved and
she has said on the page behind that mail that the wish is hers: see
:mod:`accounts.mail.address_proofs`.
"""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A wish that nobody confirmed is worth nothing after that: its link is too old by then.
UNCONFIRMED = timedelta(days=7)


class MailPreferenceQuerySet(models.QuerySet):
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


class MailPreference(models.Model):
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

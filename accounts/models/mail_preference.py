"""The abstract model of mail subscriptions of any kind.

A subscription by an account is active at once. A guest's is active once they have verified their
address and confirmed the subscription on the page behind that mail: see
:mod:`accounts.mail.address_proofs`.
"""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# An unconfirmed subscription expires after this: the link to confirm it has expired, too.
UNCONFIRMED = timedelta(days=7)


class MailPreferenceQuerySet(models.QuerySet):
    """Rows with a ``user`` or an ``address``."""

    def waiting(self):
        """Return unconfirmed subscriptions that can still be confirmed."""
        return self.filter(confirmed_at=None, created_at__gte=timezone.now() - UNCONFIRMED)

    def expired(self):
        """Return subscriptions that were not confirmed in time, which are to be purged."""
        return self.filter(confirmed_at=None, created_at__lt=timezone.now() - UNCONFIRMED)

    def active(self):
        """Return subscriptions that get mails: confirmed, and the mailbox takes them."""
        of_account = Q(user__is_active=True)
        of_guest = Q(address__verified_at__isnull=False, address__stopped_at=None)
        return self.filter(of_account | of_guest, confirmed_at__isnull=False, refused_at=None)

    def mark_refused(self, at):
        """Note that the mailbox refuses all mails since ``at``, or with None that it takes them."""
        return self.filter(refused_at__isnull=at is not None).update(refused_at=at)


class MailPreference(models.Model):
    """A subscription to mails. Concrete models add its owner, ``user`` or ``address``."""

    discreet = models.BooleanField(_("discreet"), default=True)
    created_at = models.DateTimeField(_("requested"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    # Since when no mails are sent, because the mailbox refuses them; see accounts.mail.refusals.
    refused_at = models.DateTimeField(_("mailbox rejects emails"), null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_discreet(self):
        """Whether its mails are discreet: one choice of the owner for all their mails."""
        return self.address.discreet if self.address_id else self.user.discreet

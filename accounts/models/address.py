"""The e-mail addresses of people without an account. They are private and case-insensitive."""

from collections.abc import Iterable
from contextlib import suppress

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models.erasure import StoppedAddress
from accounts.models.user import NameChangeCounter
from accounts.text.email_normalization import strict_email_key


class AddressQuerySet(models.QuerySet):
    def needing_proof(self):
        """Return addresses never verified, or whose owner has stopped all mails since."""
        return self.filter(models.Q(verified_at=None) | models.Q(stopped_at__isnull=False))

    def has_stopped(self, email: str) -> bool:
        """Return whether the owner of an address, in any spelling, has stopped all mails."""
        return bool(self.stopped_among([email]))

    def stopped_among(self, emails: Iterable[str]) -> set[str]:
        """Return those of these addresses whose owner, in any spelling, has stopped all mails."""
        keys = {}
        for email in emails:
            with suppress(ValidationError):  # no spelling of it can have stopped any
                keys[email] = strict_email_key(email)
        stopped = self.filter(key__in=set(keys.values()), stopped_at__isnull=False)
        stopped = set(stopped.values_list("key", flat=True)) | StoppedAddress.among(keys.values())
        return {email for email, key in keys.items() if key in stopped}

    def delete(self):
        """Delete the rows and count a name change: see :meth:`Address.delete`."""
        with transaction.atomic(using=self.db):
            NameChangeCounter.add()
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


class Address(models.Model):
    """The address of somebody without an account; see ``accounts.mail.address_proofs``."""

    email = models.EmailField(_("email address"), max_length=254)
    # The comparison key: "Ada@example.org" and "ada@example.org" are one address.
    key = models.CharField(max_length=254, unique=True, editable=False)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    discreet = models.BooleanField(_("discreet"), default=True)
    asked_at = models.DateTimeField(_("verification requested"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("unsubscribed from all"), null=True, blank=True)
    created_at = models.DateTimeField(_("first seen"), default=timezone.now, editable=False)

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("guest email address")
        verbose_name_plural = _("guest email addresses")

    def __str__(self):
        return gettext("no. %d") % self.pk

    def delete(self, *args, **kwargs):
        """Delete the row and count a name change: pages show its comments with another avatar."""
        with transaction.atomic():
            NameChangeCounter.add()
            return super().delete(*args, **kwargs)

    delete.alters_data = True

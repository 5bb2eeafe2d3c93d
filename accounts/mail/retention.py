"""Retention of unconfirmed subscriptions and unverified addresses.

A subscription by an account is active at once. A guest's is active once they have verified their
address and confirmed the subscription on the page behind that mail: see
:mod:`accounts.mail.address_proofs`.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Address
from accounts.models.mail_preference import UNCONFIRMED, MailPreference
from accounts.retention import RetentionRule


def retention_rules() -> Iterator[RetentionRule]:
    """Yield the rules for subscriptions that nobody confirmed, then for their addresses.

    One of ``settings.RETENTION_RULES``.
    """
    kinds = [model for model in apps.get_models() if issubclass(model, MailPreference)]
    for kind in kinds:
        name = _("unconfirmed %(kind)s") % {"kind": kind._meta.verbose_name_plural}
        yield RetentionRule(name, kind.objects.expired())
    yield RetentionRule(_("unverified email addresses"), _never_verified(kinds))


def _never_verified(kinds):
    """Return unverified addresses that await no verification and have not stopped all mails."""
    before = timezone.now() - UNCONFIRMED
    asked = Q(asked_at=None) | Q(asked_at__lt=before)
    rows = Address.objects.filter(asked, verified_at=None, stopped_at=None, created_at__lt=before)
    for kind in kinds:
        preferences = kind.objects.filter(address=OuterRef("pk"))
        active = Q(confirmed_at__isnull=False) | Q(created_at__gte=before)
        rows = rows.filter(~Exists(preferences.filter(active)))
    return rows

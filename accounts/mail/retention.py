"""What all wishes for mails have in common, whatever they are about.

A wish of somebody with an account counts at once. A guest's counts once her address was proved and
she has said on the page behind that mail that the wish is hers: see
:mod:`accounts.mail.address_proofs`.
"""

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Address
from accounts.models.mail_preference import UNCONFIRMED, MailPreference
from accounts.retention import RetentionRule


def retention_rules():
    """Yield wishes that nobody confirmed, then their addresses.

    One of ``settings.RETENTION_RULES``.
    """
    kinds = [model for model in apps.get_models() if issubclass(model, MailPreference)]
    for kind in kinds:
        name = _("%(kind)s whose wish nobody confirmed") % {"kind": kind._meta.verbose_name_plural}
        yield RetentionRule(name, kind.objects.expired())
    yield RetentionRule(_("addresses that nobody proved"), _never_proved(kinds))


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

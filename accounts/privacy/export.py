"""Export of a person's data from the tables of accounts.

Each function is given a :class:`~accounts.privacy.registry.DataSubject` and yields records;
:mod:`accounts.privacy.inventory` says which of them belongs to which table. Records contain
nothing about other people: a moderator's own actions are exported without the rows they concerned.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext as _

from accounts.mail import compose
from accounts.models import Mail
from accounts.privacy.erase import matching_addresses
from accounts.privacy.registry import DataSubject


def account(subject: DataSubject) -> Iterator[dict[str, Any]]:
    """Yield the account, without its password hash."""
    user = subject.user
    if user is None:
        return
    rows = user.emailaddress_set.order_by("-primary", "pk")
    yield {
        _("Username"): user.username,
        _("Display name"): user.display_name,
        _("Name"): user.get_full_name(),
        _("Email address"): user.email,
        _("Email addresses"): [
            {_("Email address"): row.email, _("Confirmed"): row.verified, _("Primary"): row.primary}
            for row in rows
        ],
        _("Since"): user.date_joined,
        _("Last signed in"): user.last_login,
        _("Imported from"): " ".join(filter(None, (user.source, user.source_id))),
        _("Bio"): user.bio,
        _("Website"): user.website,
        _("Public profile page"): user.is_public,
        _("Default email frequency"): user.get_rhythm_display(),
        _("Discreet emails"): user.discreet,
        _("Language"): user.language,
        _("Topics always shown"): user.open_notes,
    }


def roles(subject: DataSubject) -> Iterator[dict[str, Any]]:
    """Yield the groups and permissions of the account."""
    user = subject.user
    if user is None:
        return
    found = {
        _("Groups"): list(user.groups.values_list("name", flat=True)),
        _("Permissions"): list(user.user_permissions.values_list("codename", flat=True)),
    }
    if user.is_staff or any(found.values()):
        yield found | {_("Team member"): user.is_staff, _("Owner"): user.is_superuser}


def addresses(subject: DataSubject) -> Iterator[dict[str, Any]]:
    """Yield the person's verified guest addresses."""
    for address in subject.addresses:
        yield {
            _("Email address"): address.email,
            _("First seen"): address.created_at,
            _("Confirmed"): address.verified_at,
            _("Discreet emails"): address.discreet,
            _("Unsubscribed from all"): address.stopped_at,
        }


def mails(subject: DataSubject) -> Iterator[dict[str, Any]]:
    """Yield which mails went to the person, and when; the content is not kept."""
    emails = matching_addresses(Mail.objects.all(), "to_address", subject)
    for mail in Mail.objects.filter(to_address__in=emails).order_by("pk").iterator():
        yield {
            _("Email"): compose.label(mail.name),
            _("To"): mail.to_address,
            _("Queued"): mail.created_at,
            _("Sent"): mail.sent_at,
            _("No longer needed"): mail.dropped_at,
            _("Failed"): mail.given_up_at,
        }


def admin_log(subject: DataSubject) -> Iterator[dict[str, Any]]:
    """Yield the person's actions in the admin, without ``object_repr``, which may name others."""
    rows = LogEntry.objects.filter(user=subject.user) if subject.user else LogEntry.objects.none()
    for entry in rows.select_related("content_type").order_by("pk").iterator():
        yield {
            _("When"): entry.action_time,
            _("Action"): entry.get_action_flag_display(),
            _("Item type"): entry.content_type.name if entry.content_type else "",
        }

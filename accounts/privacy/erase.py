"""Deletion of a person's data in the tables of accounts, Django and django-allauth.

Each erase function is given a ``DataSubject`` and may be called again after an interruption;
:mod:`accounts.privacy.inventory` says which of them belongs to which table.
"""

import json
from collections.abc import Iterable
from importlib import import_module

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model, QuerySet

from accounts.models import Address, ErasedKey, Invitation, Mail, StoppedAddress, User
from accounts.privacy.registry import DataSubject, emails_of
from accounts.text.email_normalization import email_key

BATCH = 500


def address_keys(subject: DataSubject) -> set[str]:
    """Return the :func:`email_key` of each verified address of a person."""
    return {email_key(email) for email in subject.emails}


def matching_addresses(rows: QuerySet, field: str, subject: DataSubject) -> list[str]:
    """Return the values in a column of addresses that are one of the person's, in any spelling.

    Databases differ in how they compare the case of non-Latin letters, so the values are compared
    in Python.
    """
    keys = address_keys(subject)
    found = rows.exclude(**{field: ""}).order_by().values_list(field, flat=True).distinct()
    return [email for email in found.iterator(BATCH) if email_key(email) in keys] if keys else []


def recipient_keys(subject: DataSubject) -> list[str]:
    """Return the person's keys as a recipient of mails, such as "u5" and "a7"."""
    rows = Address.objects.filter(key__in=address_keys(subject)).values_list("pk", flat=True)
    account = [f"u{subject.user.pk}"] if subject.user else []
    return [*account, *(f"a{key}" for key in rows)]


def mails(subject: DataSubject) -> None:
    """Delete every mail to a person, sent or not, also to an address they did not verify."""
    emails = matching_addresses(Mail.objects.all(), "to_address", subject)
    Mail.objects.filter(to_address__in=emails).delete()
    if subject.user:
        Mail.objects.filter(arguments__user=subject.user.pk).delete()


def addresses(subject: DataSubject) -> None:
    """Delete a person's guest addresses, with their links.

    If they stopped all mails, a keyed hash of the address keeps that.
    """
    with transaction.atomic():
        rows = Address.objects.filter(key__in=address_keys(subject))
        for row in rows:
            ErasedKey.remember("address", row.pk, row.created_at)
            if row.stopped_at:
                StoppedAddress.keep(row.key, row.stopped_at)
        rows.delete()


def invitations(subject: DataSubject) -> None:
    """Delete the invitations mailed to a person, and anonymize those that they made."""
    emails = matching_addresses(Invitation.objects.all(), "email", subject)
    Invitation.objects.filter(email__in=emails).delete()
    if subject.user:
        Invitation.objects.filter(made_by=subject.user).update(made_by=None, note="")


def admin_log(subject: DataSubject) -> None:
    """Delete a person's entries in Django's admin log, and anonymize those about their account."""
    if not subject.user:
        return
    LogEntry.objects.filter(user=subject.user).delete()
    forget_in_admin_log(get_user_model(), [subject.user.pk])
    forget_in_admin_log(EmailAddress, subject.user.emailaddress_set.values_list("pk", flat=True))


def forget_in_admin_log(model: type[Model], keys: Iterable[int]) -> None:
    """Clear the texts of the log entries about these rows, since they repeat the rows' values."""
    kind = ContentType.objects.get_for_model(model)
    rows = LogEntry.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys])
    rows.update(object_repr="", change_message="")


def sessions(user: User) -> None:
    """Delete every session of an account, also those with an unfinished sign-in."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    emails = [json.dumps(email.casefold(), ensure_ascii=False) for email in emails_of(user)]
    for row in Session.objects.iterator(BATCH):
        kept = row.get_decoded()
        text = json.dumps(kept, ensure_ascii=False).casefold()
        if kept.get(SESSION_KEY) == str(user.pk) or any(email in text for email in emails):
            # By the engine, which may hold a copy in the cache.
            store(row.session_key).delete(row.session_key)


def account(subject: DataSubject) -> None:
    """Delete the account, last of all: by now other tables hold nothing, or it cascades."""
    user = subject.user
    if not user or not user.pk:
        return
    sessions(user)
    with transaction.atomic():
        ErasedKey.remember("account", user.pk, user.date_joined)
        get_user_model().objects.filter(pk=user.pk).delete()

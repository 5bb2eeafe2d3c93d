"""Deleting what is kept about a person in the tables of accounts and of the libraries beneath.

Each function is given a ``Subject`` and may be called again after it died half-way; the inventory
(:mod:`accounts.privacy.declarations`) says which of them belongs to which table.
"""

import json
from importlib import import_module

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.email_normalization import email_key
from accounts.models import Address, ErasedKey, Invitation, Mail, StoppedAddress
from accounts.privacy.inventory import emails_of

BATCH = 500


def address_keys(subject):
    """Return what the spellings of her proved addresses have in common, a set."""
    return {email_key(email) for email in subject.emails}


def matching_addresses(rows, field, subject):
    """Return those texts in a column of addresses that are one of hers, however they are spelt.

    Databases compare letters of other alphabets each in its own way; so they are read and
    compared here.
    """
    keys = address_keys(subject)
    found = rows.exclude(**{field: ""}).order_by().values_list(field, flat=True).distinct()
    return [email for email in found.iterator(BATCH) if email_key(email) in keys] if keys else []


def recipient_keys(subject):
    """Return the keys of hers by which rows say whose wish for mails they are: "u5", "a7"."""
    rows = Address.objects.filter(key__in=address_keys(subject)).values_list("pk", flat=True)
    account = [f"u{subject.user.pk}"] if subject.user else []
    return [*account, *(f"a{key}" for key in rows)]


def mails(subject):
    """Delete every mail to her, sent or not; also to an address that she only asked for."""
    emails = matching_addresses(Mail.objects.all(), "to_address", subject)
    Mail.objects.filter(to_address__in=emails).delete()
    if subject.user:
        Mail.objects.filter(arguments__user=subject.user.pk).delete()


def addresses(subject):
    """Delete her addresses as a guest, and with them their links.

    Whoever wanted no mails gets none: a keyed hash of the address says so.
    """
    with transaction.atomic():
        rows = Address.objects.filter(key__in=address_keys(subject))
        for row in rows:
            ErasedKey.remember("address", row.pk, row.created_at)
            if row.stopped_at:
                StoppedAddress.keep(row.key, row.stopped_at)
        rows.delete()


def invitations(subject):
    """Delete what was mailed to her; of those that she made nobody knows that it was she."""
    emails = matching_addresses(Invitation.objects.all(), "email", subject)
    Invitation.objects.filter(email__in=emails).delete()
    if subject.user:
        Invitation.objects.filter(made_by=subject.user).update(made_by=None, note="")


def admin_log(subject):
    """Delete what Django's own log says about her account, and what it says that she did."""
    if not subject.user:
        return
    LogEntry.objects.filter(user=subject.user).delete()
    forget_in_admin_log(get_user_model(), [subject.user.pk])
    forget_in_admin_log(EmailAddress, subject.user.emailaddress_set.values_list("pk", flat=True))


def forget_in_admin_log(model, keys):
    """Let the entries about these rows stay without their names: they tell what the row said."""
    kind = ContentType.objects.get_for_model(model)
    rows = LogEntry.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys])
    rows.update(object_repr="", change_message="")


def sessions(user):
    """Sign an account out of every browser, also where she began to sign in and did not finish."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    emails = [json.dumps(email.casefold(), ensure_ascii=False) for email in emails_of(user)]
    for row in Session.objects.iterator(BATCH):
        kept = row.get_decoded()
        text = json.dumps(kept, ensure_ascii=False).casefold()
        if kept.get(SESSION_KEY) == str(user.pk) or any(email in text for email in emails):
            # By the engine, which may keep a copy in the cache.
            store(row.session_key).delete(row.session_key)


def account(subject):
    """Delete the account, last of all: what other tables say of it is gone by then, or goes now."""
    user = subject.user
    if not user or not user.pk:
        return
    sessions(user)
    with transaction.atomic():
        ErasedKey.remember("account", user.pk, user.date_joined)
        get_user_model().objects.filter(pk=user.pk).delete()

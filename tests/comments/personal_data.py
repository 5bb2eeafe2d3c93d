"""Helpers of privacy tests: create a person known to every table, and search for leftovers."""

import pickle
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import brotli
import time_machine
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.auth import email_change
from accounts.mail import links, outbox
from accounts.models import Archive, ArchivePart, Invitation, SignIn
from accounts.privacy import departure, registry
from accounts.privacy.registry import DataSubject
from blog.models import Subscription
from blog.newsletter import subscribe
from comments.guests import emails, receipt_tokens, session
from comments.models import ReactionKind
from comments.moderation import decisions, writers
from comments.policy import Viewer
from comments.reactions import rules
from comments.reports import rules as reports_rules
from comments.tree.status import Status
from config import due_work
from config.caching.page_cache import Page
from tests.comments.factories import say
from tests.comments.mail import follows, verified

# Contained in all of this person's data, and nowhere else.
MARK = "quillfeather"
EMAIL = f"{MARK}@example.org"


def places(mark=MARK):
    """Return "table.column" of each place in the database where a value holds this mark."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found |= {
                    f"{table}.{name}"
                    for name, value in zip(names, row, strict=True)
                    if mark.encode() in _bytes(value).lower()
                }
    return found


def _bytes(value):
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def undeclared(found):
    """Return those of these ``places`` that are fields of a model and in no inventory."""
    fields = {
        f"{model._meta.db_table}.{field.column}": f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
    }
    declared = {name for each in registry.declarations() for name in registry.fields_of(each)}
    return {fields[place] for place in found if place in fields} - declared


@contextmanager
def cached():
    """Record what is put into the cache of pages meanwhile: a list of (key, value, seconds)."""
    backend = caches["pages"]
    noted, put, put_many = [], backend.set, backend.set_many

    def note(key, value, timeout=None, **options):
        noted.append((key, value, timeout))
        return put(key, value, timeout, **options)

    def note_many(data, timeout=None, **options):
        noted.extend((key, value, timeout) for key, value in data.items())
        return put_many(data, timeout, **options)

    with patch.object(backend, "set", note), patch.object(backend, "set_many", note_many):
        yield noted


def holds(value, mark=MARK):
    """Return whether a cached value contains this mark, also inside a compressed page."""
    text = brotli.decompress(value.br) if isinstance(value, Page) else pickle.dumps(value)
    return mark.encode() in text.lower()


def known_everywhere(person, post, mia, **fields):
    """Return (user, {name: comment}) of a person with data in every table."""
    said = {"bio": f"I am {MARK}.", "website": f"https://{MARK}.example.org/", "is_public": True}
    user = person(MARK, display_name=f"Ada {MARK.title()}", first_name=MARK, **said, **fields)
    SignIn.objects.create(user=user, session_key=MARK, device=MARK, day=timezone.localdate())
    email_change.request_change(user, f"new.{EMAIL}")
    # An unfinished sign-in in another browser.
    Client().post("/account/login/code/", {"email": EMAIL.upper()})
    archive = Archive.objects.create(user=user, expires_at=timezone.now() + timedelta(days=9))
    ArchivePart.objects.create(archive=archive, number=0, content=MARK.encode())
    Authenticator.objects.create(user=user, type="totp", data={"secret": MARK})
    Invitation.objects.create(email=EMAIL.title(), note=MARK, made_by=mia)
    subscribe.subscribe_account(user, Subscription.Rhythm.WEEKLY, discreet=True)
    address = verified(EMAIL)
    written = {
        "answered": say(post, name="", user=user, body=f"Answered {MARK} words."),
        "alone": say(post, name="", user=user, body=f"Other {MARK} words."),
        "waiting": say(post, name="", user=user, body=f"Held {MARK}", status=Status.PENDING),
        "guest": say(post, name=MARK, email=EMAIL, verified_address=address, body=f"{MARK}!"),
        "spam": say(post, name="", user=user, body=f"Buy {MARK}", status=Status.PENDING),
    }
    other = say(post, written["answered"], name="Wren", body="I hear you.")
    written["below"] = say(post, other, name="", user=user, body=f"Thanks, says {MARK}")
    written["typed"] = say(post, name="Someone", email=EMAIL.upper(), body="It is not hers.")
    decisions.decide([written["spam"].pk], "spam", mia, reason=f"It is {MARK} again")
    decisions.decide([written["alone"].pk], "keep", mia, reason=f"{MARK} is all right")
    writers.ban(written["answered"].pk, mia, note=f"{MARK} was unkind")
    for text in (f"{MARK} in a note", f"More of {MARK}"):
        writers.note(written["answered"].pk, mia, text)
    writers.note(written["typed"].pk, mia, "Nobody knows who this is")
    rules.give(other.pk, ReactionKind.objects.first().pk, session.Reader(Viewer(user)))
    reports_rules.report(
        other.pk, reports_rules.Reporter(Viewer(user)), "unkind", f"As {MARK} I say so"
    )
    reports_rules.report(
        written["answered"].pk, reports_rules.Reporter(Viewer(mia)), "other", f"{MARK}?"
    )
    follows(user, post=post)
    follows(address, comment=other)
    receipt_tokens.renew(written["guest"])
    outbox.enqueue("receipt", EMAIL, comment=written["guest"].pk)
    outbox.enqueue_rendered("account/email/x", EMAIL.title(), subject="x", text=f"Dear {MARK}")
    links.make_link(emails.OpenReceipt.name, comment=written["guest"].pk, address=address)
    for row, repr_ in ((user, MARK), (user.emailaddress_set.get(), EMAIL)):
        LogEntry.objects.create(
            user=mia,
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=repr_,
            action_flag=CHANGE,
            change_message=f'[{{"changed": {{"name": "{MARK}"}}}}]',
        )
    return user, written


def tomorrow(seconds=0):
    """Return a context in which the day of grace is over, by so many more seconds."""
    return time_machine.travel(timezone.now() + departure.GRACE + timedelta(seconds=seconds + 1))


def a_day_passes():
    """Let the day of grace pass and do all work that is due then."""
    with tomorrow():
        assert due_work.do_due() == []


def leave(user, kind="everything", **answers):
    """Request the erasure of an account, and return the ``Erasure``."""
    return departure.request_erasure(DataSubject.from_user(user), kind, answers)

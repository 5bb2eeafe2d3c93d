"""Erasure of a person's data: hidden as soon as they request it, and deleted a day later.

Until then they can cancel it, with their password or by the link in the mail about it. Each app
handles its own data: ``settings.DEPARTURE_HANDLERS`` lists modules with

- ``describe(subject)``: sentences about the person's data, for the page on which they choose;
- ``questions(subject)``: ``{name: form field}`` to be answered before everything is erased;
- ``hide(subject, kind, answers)``: hide the data and return what ``show`` needs, as plain JSON;
- ``show(subject, kept)``: restore it;
- ``disown(subject)``: permanently remove the person's name from content that stays;
- ``erase_again()``: erase what a restored backup brought back, and return how much that was.

What is deleted in the end is what the inventory declares (:mod:`accounts.privacy.registry`).
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from types import ModuleType
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet
from django.forms import Field
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.due_rows import oldest_due
from accounts.mail import links, outbox
from accounts.mail.compose import EmailContent, named
from accounts.models import Address, ErasedKey, ErasureRequest, User
from accounts.privacy import registry
from accounts.privacy.registry import DataSubject
from accounts.refusal import Refused

log = logging.getLogger(__name__)

Kind = ErasureRequest.Kind
# Long enough to sleep on it; no cache keeps a page of comments for longer.
GRACE = timedelta(hours=24)
# For so long a worker that died while deleting keeps others from the request.
CLAIM = timedelta(minutes=10)
# The request's own process hides the data; if it died on the way, a worker does so after this.
HIDING = timedelta(minutes=1)

LAST_OWNER = _(
    "You’re this blog’s only owner. Before you leave, make someone else an owner under "
    "“People” in the dashboard, so what others wrote here isn’t left unattended."
)

WAITS = _(
    "Your comments are waiting to be erased. To leave them here without your name "
    "instead, undo that first."
)


def modules() -> dict[str, ModuleType]:
    """Return ``{dotted path: module}`` of ``settings.DEPARTURE_HANDLERS``, in order."""
    return {path: import_module(path) for path in settings.DEPARTURE_HANDLERS}


def describe(subject: DataSubject) -> list[str]:
    """Return the handlers' sentences about a person's data."""
    return [sentence for part in modules().values() for sentence in part.describe(subject)]


def questions(subject: DataSubject) -> dict[str, Field]:
    """Return the handlers' questions before everything is erased, ``{name: form field}``."""
    return {
        name: field
        for part in modules().values()
        for name, field in part.questions(subject).items()
    }


def refusal(subject: DataSubject, kind: str) -> str:
    """Return the sentence that says why this kind of erasure is refused, or ""."""
    if kind != Kind.EVERYTHING or not (subject.user and subject.user.is_superuser):
        return ""
    return "" if other_owners(subject.user).exists() else LAST_OWNER


def other_owners(user: User) -> QuerySet[User]:
    """Return the other active owners of the blog, the longest-standing first."""
    owners = get_user_model().objects.filter(is_superuser=True, is_active=True, erasure=None)
    return owners.exclude(pk=user.pk).order_by("date_joined", "pk")


def pending_request(subject: DataSubject) -> ErasureRequest | None:
    """Return a person's pending erasure request, or None."""
    return ErasureRequest.objects.filter(_whose(subject)).first()


def _whose(subject):
    if subject.user:
        return Q(user=subject.user)
    return Q(address__in=subject.address_keys)


def request_erasure(
    subject: DataSubject, kind: str, answers: dict[str, Any] | None = None
) -> ErasureRequest:
    """Hide what is to be erased, schedule its deletion after GRACE, and return the request.

    ``subject`` is an account, or a guest with one verified address; ``answers`` are those to
    :func:`questions`, as plain JSON. A mail goes to each of the person's verified addresses. A
    request that is pending already is returned unchanged. Raises Refused.
    """
    kind, now = Kind(kind), timezone.now()
    if not (subject.user or subject.addresses):
        raise ValueError("nobody is to be erased")
    who = {"user": subject.user} if subject.user else {"address": subject.addresses[0]}
    values = {"kind": kind, "answers": answers or {}, "asked_at": now, "due_at": now + GRACE}
    with transaction.atomic():
        if subject.user and subject.user.is_superuser:
            # Of two owners who leave at the same moment, the second one is refused as the last.
            owners = get_user_model().objects.filter(is_superuser=True).order_by("pk")
            list(owners.select_for_update().values_list("pk", flat=True))
        if sentence := refusal(subject, kind):
            raise Refused(sentence)
        erasure, is_new = ErasureRequest.objects.get_or_create(**who, defaults=values)
        for email in subject.emails if is_new else ():
            outbox.enqueue("leaving", email, erasure=erasure.pk)
    if is_new:
        _hide(erasure.pk)
        erasure.refresh_from_db()
    return erasure


def _hide(key):
    """Call each handler's ``hide`` in a transaction of its own, with the request's row locked."""
    for path, part in modules().items():
        with transaction.atomic():
            row = ErasureRequest.objects.select_for_update().filter(pk=key).first()
            if row is None:
                return
            if path not in row.kept:
                row.kept[path] = part.hide(data_subject(row), Kind(row.kind), row.answers)
                row.save(update_fields=["kept"])
    ErasureRequest.objects.filter(pk=key, hidden_at=None).update(hidden_at=timezone.now())


def disown(subject: DataSubject) -> None:
    """Permanently remove a person's name from their content, which stays.

    Raises Refused while an erasure request is pending.
    """
    if pending_request(subject):
        raise Refused(WAITS)
    for part in modules().values():
        part.disown(subject)


def data_subject(erasure: ErasureRequest) -> DataSubject:
    """Return the person, and the span of their data, that a request is about.

    If only their words are erased, they may go on writing; what they write after the request is
    not part of it.
    """
    until = erasure.asked_at if erasure.kind == Kind.WORDS else None
    if erasure.user:
        return replace(DataSubject.from_user(erasure.user), until=until)
    return replace(DataSubject.of_address(erasure.address), until=until)


@transaction.atomic
def cancel(key: int) -> bool:
    """Cancel a request and restore everything; return False if the grace period is over.

    ``key`` is the pk of the ``ErasureRequest``.
    """
    row = ErasureRequest.objects.select_for_update().filter(pk=key).first()
    if row is None or row.due_at <= timezone.now():
        return False
    for path, part in reversed(modules().items()):
        if path in row.kept:
            part.show(data_subject(row), row.kept[path])
    row.delete()
    return True


@named(_("erasure request"))
def leaving(erasure: int) -> EmailContent | None:
    """Compose the mail about a request and how to cancel it. One of ``settings.EMAILS``."""
    row = ErasureRequest.objects.filter(pk=erasure, due_at__gt=timezone.now()).first()
    if row is None:
        return None
    link = links.make_link(CancelErasure.name, erasure=row.pk)
    return EmailContent({"link": link, "kind": row.kind, "due_at": row.due_at}, discreet=True)


class CancelErasure(links.LinkAction):
    """Cancels an erasure request. One of ``settings.LINK_ACTIONS``."""

    name = "take-back"
    lifetime = GRACE
    title = _("Keep everything?")
    question = _("Nothing will be deleted, and everything will be as it was before.")
    button = _("Keep everything")
    done = _("Nothing was deleted. Everything is as it was before.")

    def works(self, link):
        key = link.arguments.get("erasure")
        return ErasureRequest.objects.filter(pk=key, due_at__gt=timezone.now()).exists()

    def act(self, link):
        cancel(link.arguments["erasure"])


# -- work that is due --------------------------------------------------------------------


def due_since() -> datetime | None:
    """Return when the oldest request became due to be carried out or hidden, or None."""
    return oldest_due(ErasureRequest.objects.due(), (_unhidden(), "asked_at"))


def _unhidden():
    return ErasureRequest.objects.filter(hidden_at=None, asked_at__lt=timezone.now() - HIDING)


def do_due(going: Callable[[], bool] = lambda: True) -> None:
    """Finish hiding what a dead process left half-hidden, and delete what is due.

    A request that fails is tried again later and does not block the others. Raises RuntimeError
    then.
    """
    for key in _unhidden().values_list("pk", flat=True):
        _hide(key)
    failed = None
    while going() and (row := _claimed()):
        try:
            _carry_out(row)
        except Exception as error:
            # By its class alone: a database error repeats values of the row.
            log.error("Erasure %s failed: %s", row.pk, type(error).__name__)
            failed = error
    if failed:
        raise RuntimeError("An erasure failed and will be tried again later") from None


def _claimed():
    if not ErasureRequest.objects.due().exists():
        return None
    with transaction.atomic():
        row = (
            ErasureRequest.objects.due()
            .select_for_update(skip_locked=True)
            .order_by("due_at")
            .first()
        )
        if row:
            row.claimed_until = timezone.now() + CLAIM
            row.save(update_fields=["claimed_until"])
    return row


def _carry_out(row):
    _hide(row.pk)  # whatever a dead process left unhidden
    erase(data_subject(row), Kind(row.kind))
    ErasureRequest.objects.filter(pk=row.pk).delete()


def erase(subject: DataSubject, kind: str = Kind.EVERYTHING) -> None:
    """Permanently delete a person's data, as declared in the inventory.

    Each erase function has its own transactions and may be called again after an interruption.
    """
    for function in registry.functions("erase", goes_with_text=kind == Kind.WORDS):
        function(subject)


def erase_again() -> int:
    """Erase the accounts, addresses and comments that a restored backup brought back.

    Call it after a restore, before the site is opened; the newest list of keyed hashes
    (``ErasedKey``) has to be loaded already. Returns how many rows it found.
    """
    people = get_user_model().objects.values_list("pk", "date_joined").order_by("pk")
    users = ErasedKey.among("account", people.iterator())
    for user in get_user_model().objects.filter(pk__in=users):
        subject = DataSubject.from_user(user)
        for part in modules().values():
            part.hide(subject, Kind.EVERYTHING, {})
        erase(subject)
    known = Address.objects.values_list("pk", "created_at").order_by("pk")
    addresses = ErasedKey.among("address", known.iterator())
    for address in Address.objects.filter(pk__in=addresses):
        erase(DataSubject(addresses=(address,)))
    found = len(users) + len(addresses)
    return found + sum(part.erase_again() for part in modules().values())

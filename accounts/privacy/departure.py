"""Leaving: what somebody wishes to have erased is hidden at once and deleted a day later.

Until then she can take it back, with her password or by the link in the mail that tells her. Each
part of the house hides, puts back and tells for itself: ``settings.DEPARTURE_HANDLERS`` lists
modules with

- ``told(subject)``: sentences about what there is of hers, for the page on which she chooses;
- ``questions(subject)``: ``{name: form field}`` that have to be answered before everything goes;
- ``hide(subject, kind, answers)``: hide it and return what ``show`` needs, as plain JSON;
- ``show(subject, kept)``: put it back;
- ``disown(subject)``: take her name off what stays, for good;
- ``erase_again()``: erase whatever a restored backup brought back.

What is deleted then is what the inventory declares (:mod:`accounts.privacy.inventory`).
"""

import logging
from dataclasses import replace
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.due_rows import oldest_due
from accounts.mail import links, outbox
from accounts.mail.compose import EmailContent, named
from accounts.models import Address, ErasedKey, ErasureRequest
from accounts.privacy import inventory
from accounts.privacy.inventory import DataSubject
from accounts.refusal import Refused

log = logging.getLogger(__name__)

Kind = ErasureRequest.Kind
# Long enough to sleep on it, and no cache keeps a page of comments for longer.
GRACE = timedelta(hours=24)
# A worker that died while deleting keeps others from it for so long.
CLAIM = timedelta(minutes=10)
# The process that was asked hides it; if it died on the way, the next worker does.
HIDING = timedelta(minutes=1)

LAST_OWNER = _(
    "Nobody else runs this blog. Before you leave, make somebody else an owner under “People” on "
    "the desk, so that what others wrote here is not left alone."
)

WAITS = _(
    "Your words wait to be erased. Take that back first, if you would rather leave them here "
    "without your name."
)


def modules():
    """Return ``{dotted path: module}`` of ``settings.DEPARTURE_HANDLERS``, in its order."""
    return {path: import_module(path) for path in settings.DEPARTURE_HANDLERS}


def describe(subject):
    """Return what the parts say about what there is of hers, a list of sentences."""
    return [sentence for part in modules().values() for sentence in part.describe(subject)]


def questions(subject):
    """Return the parts' questions that come before everything goes, ``{name: form field}``."""
    return {
        name: field
        for part in modules().values()
        for name, field in part.questions(subject).items()
    }


def refusal(subject, kind):
    """Return the sentence for why somebody cannot leave in this way, or an empty text."""
    if kind != Kind.EVERYTHING or not (subject.user and subject.user.is_superuser):
        return ""
    return "" if other_owners(subject.user).exists() else LAST_OWNER


def other_owners(user):
    """Return the owners of the blog who stay when this one goes, who came first before others."""
    owners = get_user_model().objects.filter(is_superuser=True, is_active=True, erasure=None)
    return owners.exclude(pk=user.pk).order_by("date_joined", "pk")


def pending_request(subject):
    """Return the ``Erasure`` that somebody waits for, or None."""
    return ErasureRequest.objects.filter(_whose(subject)).first()


def _whose(subject):
    if subject.user:
        return Q(user=subject.user)
    return Q(address__in=subject.address_keys)


def request_erasure(subject, kind, answers=None):
    """Hide what is to be erased, and let it be deleted after GRACE; return the ``Erasure``.

    ``subject`` is an account's, or a guest's with one proved address; ``answers`` are those to
    :func:`questions`, as plain JSON. She is told by mail at each of her proved addresses. Asked
    twice it is asked once: the first one stays as it is. Raises Refused.
    """
    kind, now = Kind(kind), timezone.now()
    if not (subject.user or subject.addresses):
        raise ValueError("nobody is to be erased")
    who = {"user": subject.user} if subject.user else {"address": subject.addresses[0]}
    values = {"kind": kind, "answers": answers or {}, "asked_at": now, "due_at": now + GRACE}
    with transaction.atomic():
        if subject.user and subject.user.is_superuser:
            # Of two who leave at the same moment, the second one sees that she is the last.
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
    """Let each part hide what is hers, each in a transaction of its own, with the row in hand."""
    for path, part in modules().items():
        with transaction.atomic():
            row = ErasureRequest.objects.select_for_update().filter(pk=key).first()
            if row is None:
                return
            if path not in row.kept:
                row.kept[path] = part.hide(data_subject(row), Kind(row.kind), row.answers)
                row.save(update_fields=["kept"])
    ErasureRequest.objects.filter(pk=key, hidden_at=None).update(hidden_at=timezone.now())


def disown(subject):
    """Take somebody's name off what stays of hers, at once and for good.

    Raises Refused while something of hers waits to be erased.
    """
    if pending_request(subject):
        raise Refused(WAITS)
    for part in modules().values():
        part.disown(subject)


def data_subject(erasure):
    """Return the ``Subject`` whose things an ``Erasure`` is about.

    Who has her words erased and stays goes on writing; what she writes meanwhile is not meant.
    """
    until = erasure.asked_at if erasure.kind == Kind.WORDS else None
    if erasure.user:
        return replace(DataSubject.from_user(erasure.user), until=until)
    return replace(DataSubject.of_address(erasure.address), until=until)


@transaction.atomic
def cancel(key):
    """Put everything back as it was; return whether that was possible: not after the day is over.

    ``key`` is the one of the ``Erasure``.
    """
    row = ErasureRequest.objects.select_for_update().filter(pk=key).first()
    if row is None or row.due_at <= timezone.now():
        return False
    for path, part in reversed(modules().items()):
        if path in row.kept:
            part.show(data_subject(row), row.kept[path])
    row.delete()
    return True


@named(_("what is going to be erased"))
def leaving(erasure):
    """The mail that tells somebody what was asked, and how to take it back. See MAILS."""
    row = ErasureRequest.objects.filter(pk=erasure, due_at__gt=timezone.now()).first()
    if row is None:
        return None
    link = links.make_link(CancelErasure.name, erasure=row.pk)
    return EmailContent({"link": link, "kind": row.kind, "due_at": row.due_at}, discreet=True)


class CancelErasure(links.LinkAction):
    """Pressing keeps what was to be erased. One of ``settings.LINK_ACTIONS``."""

    name = "take-back"
    lifetime = GRACE
    title = _("Keep what is here")
    question = _("Press the button, and nothing is deleted. Everything is as it was before.")
    button = _("Keep it")
    done = _("Nothing is deleted. Everything is as it was before.")

    def works(self, link):
        key = link.arguments.get("erasure")
        return ErasureRequest.objects.filter(pk=key, due_at__gt=timezone.now()).exists()

    def act(self, link):
        cancel(link.arguments["erasure"])


# -- work that is due --------------------------------------------------------------------


def due_since():
    """Return since when the oldest erasure could have been carried out or hidden, or None."""
    return oldest_due(ErasureRequest.objects.due(), (_unhidden(), "asked_at"))


def _unhidden():
    return ErasureRequest.objects.filter(hidden_at=None, asked_at__lt=timezone.now() - HIDING)


def do_due(going=lambda: True):
    """Hide what a process that died left half-hidden, and delete what is due.

    One that fails is tried again later, and keeps no other from its turn.
    """
    for key in _unhidden().values_list("pk", flat=True):
        _hide(key)
    failed = None
    while going() and (row := _claimed()):
        try:
            _carry_out(row)
        except Exception as error:
            # Neither its words nor its values: a database's complaint repeats what is in a row.
            log.error("Erasure %s failed: %s", row.pk, type(error).__name__)
            failed = error
    if failed:
        raise RuntimeError("an erasure failed and is tried again later") from None


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
    _hide(row.pk)  # whatever came since, and all that a dead process left
    erase(data_subject(row), Kind(row.kind))
    ErasureRequest.objects.filter(pk=row.pk).delete()


def erase(subject, kind=Kind.EVERYTHING):
    """Delete what the inventory declares of somebody, now and for good.

    Each function has its own transactions, and may be called again after it died half-way.
    """
    for function in inventory.functions("erase", goes_with_text=kind == Kind.WORDS):
        function(subject)


def erase_again():
    """Erase once more what a restored backup brought back, and what had been asked for by then.

    Call it after a restore, before anybody is let in; the list of keyed hashes (``Erased``) has
    to be there already. Returns how many accounts, addresses and comments it found.
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

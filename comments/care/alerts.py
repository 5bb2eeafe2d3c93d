"""Alerting moderators to open care cases. One of ``settings.DUE_WORK``.

Whoever is on duty at once, a second contact after a while, each in the transaction that records
it, so that a killed or a second worker alerts nobody twice. Also deletes expired kept text.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.due_rows import oldest_due
from accounts.mail import outbox
from comments.care import rota
from comments.models import CareCase, ConversationSettings
from comments.models.care import NOTHING_KEPT


def due_since() -> datetime | None:
    """Return since when the oldest alert or deletion has been due, or None.

    An alert that reaches nobody, for want of a verified address, stays due: /healthz/ reports it.
    """
    cases = CareCase.objects
    return oldest_due(
        (cases.not_alerted(), "opened_at"),
        (cases.second_due(), "second_due_at"),
        (cases.with_expired_words(), "kept_until"),
    )


def do_due(going: Callable[[], bool] = lambda: True) -> None:
    """Put the alerts into the outbox, and delete expired kept text."""
    for waiting, act in (
        (CareCase.objects.not_alerted, _tell_first),
        (CareCase.objects.second_due, _tell_second),
    ):
        if going() and waiting().exists():
            with transaction.atomic():
                _each(waiting(), act)
    # Asked first: on SQLite even an update of no rows waits for the write lock.
    old = CareCase.objects.with_expired_words()
    if old.exists():
        old.update(**NOTHING_KEPT)


def _each(waiting, act):
    settings = ConversationSettings.get()
    for case in waiting.select_for_update(skip_locked=True).order_by("opened_at", "pk"):
        act(case, settings)


def _tell_first(case, settings):
    addresses = rota.first_contacts()
    if not addresses:
        return
    tell_about(case, addresses)
    now = timezone.now()
    second = now + timedelta(minutes=settings.care_second_after)
    CareCase.objects.filter(pk=case.pk).update(told_at=now, second_due_at=second)


def _tell_second(case, settings):
    """Alert the second contact; if there is none, or they were alerted first, everybody else."""
    contact = settings.care_second_contact
    if not (
        contact and contact.has_perm(rota.MODERATES) and tell_about(case, rota.reachable([contact]))
    ):
        tell_about(case, rota.reachable(rota.moderators()))
    CareCase.objects.filter(pk=case.pk).update(second_alerted_at=timezone.now())


def tell_about(case, addresses):
    """Mail each of ``{user: address}`` who has had no alert yet; return how many were sent.

    The key of the mail prevents repeats; handing the case over begins anew.
    """
    turn = f"care:{case.pk}:{case.handed_to_id or 0}"
    posted = [
        outbox.enqueue("please_look", address, once=f"{turn}:{person.pk}", case=case.pk)
        for person, address in addresses.items()
    ]
    return len([mail for mail in posted if mail])

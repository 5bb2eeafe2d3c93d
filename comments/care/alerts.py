"""Telling somebody that somebody should look. One of ``settings.DUE_WORK``.

Who is on duty at once, a second contact after a while, each in the transaction that notes it: a
killed worker or a second one tells nobody twice. Words that were kept long enough are deleted here.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import outbox
from accounts.steps import oldest
from comments.care import duty
from comments.care.cases import NOTHING_KEPT, CareCase
from comments.limits import ConversationSettings


def due_since():
    """Return since when the oldest case waits to be told of, or its words to be deleted, or None.

    Where nobody can be told, for want of a proved address, that stays so: /healthz/ says it.
    """
    cases = CareCase.objects
    return oldest(
        (cases.untold(), "opened_at"),
        (cases.second_due(), "second_due_at"),
        (cases.to_be_emptied(), "kept_until"),
    )


def do_due(going=lambda: True):
    """Put the mails into the outbox, and empty what was kept long enough."""
    for waiting, act in (
        (CareCase.objects.untold, _tell_first),
        (CareCase.objects.second_due, _tell_second),
    ):
        if going() and waiting().exists():
            with transaction.atomic():
                _each(waiting(), act)
    # Looked at first: on SQLite even a change of nothing waits for its turn to write.
    old = CareCase.objects.to_be_emptied()
    if old.exists():
        old.update(**NOTHING_KEPT)


def _each(waiting, act):
    settings = ConversationSettings.get()
    for case in waiting.select_for_update(skip_locked=True).order_by("opened_at", "pk"):
        act(case, settings)


def _tell_first(case, settings):
    addresses = duty.told_first()
    if not addresses:
        return
    tell_about(case, addresses)
    now = timezone.now()
    second = now + timedelta(minutes=settings.care_second_after)
    CareCase.objects.filter(pk=case.pk).update(told_at=now, second_due_at=second)


def _tell_second(case, settings):
    """Tell the second contact; if there is none, or she was told at first, everybody else."""
    contact = settings.care_second_contact
    if not (
        contact and contact.has_perm(duty.MODERATES) and tell_about(case, duty.reachable([contact]))
    ):
        tell_about(case, duty.reachable(duty.moderators()))
    CareCase.objects.filter(pk=case.pk).update(second_told_at=timezone.now())


def tell_about(case, addresses):
    """Post a mail to each of ``{user: address}`` who has had none; return how many there were.

    Who has it by now knows it by the key of the mail; with each colleague it begins anew.
    """
    turn = f"care:{case.pk}:{case.handed_to_id or 0}"
    posted = [
        outbox.post("please_look", address, once=f"{turn}:{person.pk}", case=case.pk)
        for person, address in addresses.items()
    ]
    return len([mail for mail in posted if mail])

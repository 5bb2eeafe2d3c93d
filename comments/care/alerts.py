"""Telling somebody that somebody should look. One of ``settings.DUE_WORK``.

Who is on duty at once, a second contact after a while, each in the transaction that notes it: a
killed worker or a second one tells nobody twice. Words that were kept long enough are deleted here.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.due_rows import oldest_due
from accounts.mail import outbox
from accounts.mail.compose import EmailContent, named
from comments.care import rota
from comments.models import CareCase, ConversationSettings
from comments.models.care import NOTHING_KEPT


def due_since():
    """Return since when the oldest case waits to be told of, or its words to be deleted, or None.

    Where nobody can be told, for want of a proved address, that stays so: /healthz/ says it.
    """
    cases = CareCase.objects
    return oldest_due(
        (cases.not_alerted(), "opened_at"),
        (cases.second_due(), "second_due_at"),
        (cases.with_expired_words(), "kept_until"),
    )


def do_due(going=lambda: True):
    """Put the mails into the outbox, and empty what was kept long enough."""
    for waiting, act in (
        (CareCase.objects.not_alerted, _tell_first),
        (CareCase.objects.second_due, _tell_second),
    ):
        if going() and waiting().exists():
            with transaction.atomic():
                _each(waiting(), act)
    # Looked at first: on SQLite even a change of nothing waits for its turn to write.
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
    """Tell the second contact; if there is none, or she was told at first, everybody else."""
    contact = settings.care_second_contact
    if not (
        contact and contact.has_perm(rota.MODERATES) and tell_about(case, rota.reachable([contact]))
    ):
        tell_about(case, rota.reachable(rota.moderators()))
    CareCase.objects.filter(pk=case.pk).update(second_alerted_at=timezone.now())


def tell_about(case, addresses):
    """Post a mail to each of ``{user: address}`` who has had none; return how many there were.

    Who has it by now knows it by the key of the mail; with each colleague it begins anew.
    """
    turn = f"care:{case.pk}:{case.handed_to_id or 0}"
    posted = [
        outbox.enqueue("please_look", address, once=f"{turn}:{person.pk}", case=case.pk)
        for person, address in addresses.items()
    ]
    return len([mail for mail in posted if mail])


@named(_("call to look at a comment"))
def please_look(case, handed_to=None):
    """The mail. One of ``settings.EMAILS``. ``handed_to``: only if the case is still hers (a key).

    Not wanted any more once a person has closed the case.
    """
    cases = CareCase.objects.open().filter(pk=case)
    if handed_to:
        cases = cases.filter(handed_to=handed_to)
    if not cases.exists():
        return None
    return EmailContent({"link": settings.SITE_URL + reverse("admin:index")}, discreet=True)

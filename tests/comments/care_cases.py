"""Helpers for care tests: open cases, and look into mails and logs."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from accounts.models import Mail
from comments.care import cases
from comments.models import CareCase, ConversationSettings, Phrase
from comments.tree.transactions import in_transaction
from config import due_work

# A made-up phrase, which the tests put into comments and on the owner's list.
PHRASE = "lost lighthouse"
WORDS = "It is a long night, and I am a Lost Lighthouse."


def switch_on(**fields):
    """Switch care on, with PHRASE on the owner's list."""
    change_settings(care_on=True, **fields)
    Phrase.objects.get_or_create(kind=Phrase.Kind.CARE, text=PHRASE)


def change_settings(**fields):
    row = ConversationSettings.get()
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def worry(comment, why="a reader is worried"):
    """Open a care case for a comment and return it."""
    return in_transaction(lambda: cases.open_case(comment, why))


def case_of(comment):
    """Return the open case of a comment, read anew, or None."""
    return CareCase.objects.open().filter(comment=comment.pk).first()


def run_due():
    assert due_work.do_due() == []


def told():
    """Return the recipients of queued care mails, in order."""
    mails = Mail.objects.filter(name="please_look").order_by("pk")
    return [mail.to_address.partition("@")[0] for mail in mails]


def later(**time):
    """Return a context in which so much time has passed."""
    return time_machine.travel(timezone.now() + timedelta(**time), tick=False)

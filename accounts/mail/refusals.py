"""Mailboxes that refuse mails for good: after three, the wishes of their owners are marked.

What was wished stays, and is shown with its mark to whoever wished it and to the blog's owner; no
mail is sent for it until the owner of the mailbox says that it takes mails again.
"""

from datetime import datetime
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import Mail

MOST = 3  # mails in a row
PERMANENT = range(500, 600)  # SMTP replies for permanent failures (RFC 5321, 4.2.1)
# "Security or policy status" (RFC 3463, 3.8): the server does not like us. It says nothing about
# the mailbox.
OF_POLICY = b"5.7."
# What outbox rows have as ``last_error`` of such a mail.
REFUSED, REFUSED_BY_POLICY = "SMTPRecipientsRefused", "SMTPRecipientsRefused (policy)"


def is_permanent(error: BaseException) -> bool:
    """Return whether the server refused the address with a permanent reply."""
    if not isinstance(error, SMTPRecipientsRefused):
        return False
    return all(code in PERMANENT for code, _words in error.recipients.values())


def name_of(error: BaseException) -> str:
    """Return what the outbox keeps of an error: its class, since a reply repeats the address."""
    if is_permanent(error):
        replies = [words for _code, words in error.recipients.values()]
        return REFUSED_BY_POLICY if any(OF_POLICY in each for each in replies) else REFUSED
    return type(error).__name__


def note(email: str) -> bool:
    """Mark the wishes of a mailbox if its last MOST mails were refused; return whether they were.

    Call it when one has just been given up.
    """
    to_it = Mail.objects.filter(to_address__iexact=email)
    finished = to_it.annotate(at=Coalesce("sent_at", "given_up_at")).filter(at__isnull=False)
    last = finished.order_by("-at", "-pk").values_list("given_up_at", "last_error")[:MOST]
    refused = [given_up_at and error == REFUSED for given_up_at, error in last]
    if len(refused) < MOST or not all(refused):
        return False
    _mark(email, timezone.now())
    return True


def forget(email: str) -> None:
    """Send mails to an address again. Call it only for its verified owner."""
    _mark(email, None)


def _mark(email: str, at: datetime | None) -> None:
    for path in settings.REFUSAL_HOOKS:
        import_string(path)(email, at)

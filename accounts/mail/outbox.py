"""The outbox: mails are stored as rows, in the transaction that causes them, and sent later.

A request never talks to a mail server. :func:`do_due` (from ``manage.py run_due``) sends what is
due. A worker claims one mail in a short transaction, and holds no lock while it sends: two
workers never send the same mail, and SQLite's single writer never waits for a mail server.

Delivery is at least once: a worker that is killed between the mail server's "accepted" and its
own record of it leaves a claim that expires, and the mail is sent again with the same Message-ID.
At most once would now and then lose a verification or a password reset.
"""

import logging
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.core.mail import get_connection
from django.db import IntegrityError, transaction
from django.db.models import Case, Q, QuerySet, When
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.email_normalization import email_key
from accounts.mail import compose
from accounts.models import Mail
from accounts.retention import RetentionRule, clear_fields

log = logging.getLogger(__name__)

# About 20 hours in all, see `pause_after`: no mail is lost if the mail server is down overnight.
MOST_ATTEMPTS = 12
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
# Far longer than sending takes (EMAIL_TIMEOUT for each of a dozen steps), short enough to wait for.
CLAIM = timedelta(minutes=5)
# Arguments are ids and short plain values; anything longer than this is somebody's text.
LONGEST_VALUE = 200
# The row of a sent mail proves for a while that it was sent; then the address is not needed here.
KEEP_FINISHED = timedelta(days=7)
KEEP_GIVEN_UP = timedelta(days=30)
# Links in the mail have expired after that (allauth's are valid for three days).
KEEP_SECRETS = timedelta(days=3)
PERMANENT = range(500, 600)  # SMTP replies for permanent failures (RFC 5321, 4.2.1)


def enqueue(
    name: str,
    to: str,
    *,
    due_at: datetime | None = None,
    once: str | None = None,
    **arguments: Any,
) -> Mail | None:
    """Put a mail into the outbox, in the current transaction, and return its ``Mail``.

    ``name`` is that of a function in ``settings.EMAILS``, which composes the mail when it is sent;
    ``arguments`` are passed to it: ids and short plain values, never anybody's text (ValueError).
    ``once`` is a deduplication key: returns None if a mail with that key was ever enqueued.
    """
    compose.email_function(name)
    _refuse_words(arguments)
    due_at = due_at or timezone.now()
    return _store(name=name, to_address=to, arguments=arguments, due_at=due_at, once=once)


def _store(**fields):
    try:
        with transaction.atomic():
            return Mail.objects.create(**fields)
    except IntegrityError:
        if fields["once"] and Mail.objects.filter(once=fields["once"]).exists():
            return None
        raise


def enqueue_many(name: str, rows: Sequence[tuple[str, str, dict[str, Any]]]) -> int:
    """Put a mail for each row into the outbox, in a constant number of queries.

    ``rows`` are ``(to, once, arguments)``, as for :func:`enqueue`. Returns how many were new.
    """
    compose.email_function(name)
    for _to, _once, arguments in rows:
        _refuse_words(arguments)
    keys = [once for _to, once, _arguments in rows]
    with transaction.atomic():
        known = set(Mail.objects.filter(once__in=keys).values_list("once", flat=True))
        now = timezone.now()
        new = {
            once: Mail(name=name, to_address=to, arguments=arguments, once=once, due_at=now)
            for to, once, arguments in rows
            if once not in known
        }
        Mail.objects.bulk_create(new.values(), ignore_conflicts=True)
    return len(new)


def once_key(what: str, email: str) -> str:
    """Return the ``once`` key of ``what`` ("answer 12") for an address, as a keyed hash of it."""
    # The salt is older than this module: with another one, mails already sent would go out again.
    digest = salted_hmac("comments.subscriptions.fan_out", email_key(email)).hexdigest()[:24]
    return f"{what} to {digest}"


def release_once_keys(name: str, before: datetime) -> None:
    """Clear the ``once`` keys of mails enqueued before a time, so that their rows can be deleted.

    For mails that cannot recur anyway: thousands of keys would otherwise be kept for ever.
    """
    Mail.objects.filter(name=name, once__isnull=False, created_at__lt=before).update(once=None)


def daily_once_key(name: str, to: str) -> str:
    """Return the ``once`` key that limits mails of this name to one a day for each address."""
    digest = salted_hmac(
        "accounts.mail.outbox.daily_once_key", f"{name} {email_key(to)}"
    ).hexdigest()[:32]
    return f"{name} {digest} {timezone.now():%Y-%m-%d}"


def enqueue_rendered(
    name: str, to: str, *, subject: str, text: str, html: str = "", once: str | None = None
) -> Mail | None:
    """Put a rendered mail into the outbox, because its links are known only now.

    Such links are secrets (a password reset, say), so the content is deleted with the update that
    marks the mail as sent, or after KEEP_SECRETS if it never is. ``once``: see :func:`enqueue`.
    """
    written = {"subject": subject, "text": text, "html": html}
    return _store(name=name, to_address=to, written=written, due_at=timezone.now(), once=once)


def delete_mails_to(address: str) -> None:
    """Delete every mail to an address, sent or not, because its owner is erased."""
    Mail.objects.filter(to_address__iexact=address).delete()


def forget_recipients(name: str, **arguments: Any) -> None:
    """Detach the recipients from mails of a name, because their content is to be anonymous.

    Unsent ones are deleted. Call it in the transaction that makes the content anonymous.
    """
    about = {f"arguments__{key}": value for key, value in arguments.items()}
    mails = Mail.objects.filter(name=name, **about)
    mails.waiting().delete()
    # Sent rows are purged later; their once key stays, so that nothing is sent twice.
    mails.update(to_address="", arguments={})


def _refuse_words(arguments):
    for name, value in arguments.items():
        plain = value if isinstance(value, list) else [value]
        for one in plain:
            if not isinstance(one, str | int | bool | None) or len(str(one)) > LONGEST_VALUE:
                raise ValueError(f"{name} is no id and no short plain value.")


def due_since() -> datetime | None:
    """Return when the oldest sendable mail became due, or None."""
    return Mail.objects.due().values_list("due_at", flat=True).order_by("due_at").first()


def do_due(going: Callable[[], bool] = lambda: True) -> None:
    """Send due mails until none is left, ``going()`` is false or the mail server is unreachable."""
    connection = get_connection()
    try:
        while going() and (mail := claimed()):
            if not _answers(mail, connection):
                break
    finally:
        # Closing fails if the mail server is gone.
        with suppress(OSError):
            connection.close()


def claimed() -> Mail | None:
    """Claim the mail that has been due longest and return it, or None.

    Bulk mails come last: a password reset does not wait behind thousands of newsletters.
    """
    # Without this check, SQLite's writers would wait for a transaction that has nothing to do.
    if not Mail.objects.due().exists():
        return None
    with transaction.atomic():
        waiting = Mail.objects.due().select_for_update(skip_locked=True)
        many = When(name__in=compose.bulk_names(), then=1)
        mail = waiting.order_by(Case(many, default=0), "due_at", "pk").first()
        if mail:
            mail.claim, mail.claimed_until = uuid.uuid4(), timezone.now() + CLAIM
            # Counted before the attempt: a mail that kills its worker is not retried for ever.
            mail.attempts += 1
            mail.save(update_fields=["claim", "claimed_until", "attempts"])
    return mail


def _answers(mail, connection):
    """Make one attempt and record its result; return whether the mail server is reachable."""
    if mail.attempts > MOST_ATTEMPTS:
        _note(mail, given_up_at=timezone.now(), last_error="Unfinished")
        return True
    try:
        ending = _attempt(mail, connection)
    except compose.Postpone as wait:
        _note(mail, due_at=wait.until, attempts=mail.attempts - 1)
    except _Unreachable as error:
        put_off(mail, error.__cause__)
        return False
    except Exception as error:
        put_off(mail, error)
    else:
        _note(mail, **{ending: timezone.now()}, last_error="", written=None)
    return True


class _Unreachable(Exception):
    """The mail server is unreachable; the reason is its cause."""


def _attempt(mail, connection):
    """Compose and send a mail; return the timestamp field of ``Mail`` that records the result."""
    message = compose.render_email(mail)
    if message is None:
        return "dropped_at"
    try:
        connection.open()
    except OSError as error:
        raise _Unreachable from error
    try:
        if not connection.send_messages([message]):
            raise ValueError("There is nobody to send it to.")
    except BaseException:
        # After an error the state of the SMTP session is unknown.
        with suppress(OSError):
            connection.close()
        raise
    return "sent_at"


def put_off(mail: Mail, error: BaseException) -> None:
    """Record a failed attempt, and schedule the next one or give up.

    Only the class of the error is kept: a mail server's reply repeats the address.
    """
    kind, now = type(error).__name__, timezone.now()
    log.warning("Mail %s (%s), attempt %s: %s", mail.pk, mail.name, mail.attempts, kind)
    if mail.attempts >= MOST_ATTEMPTS or _is_permanent(error):
        _note(mail, given_up_at=now, last_error=kind)
    else:
        _note(mail, due_at=now + pause_after(mail.attempts), last_error=kind)


def _is_permanent(error):
    """Return whether a retry is useless: the address was refused, or cannot even be encoded."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code in PERMANENT for code, _words in error.recipients.values())
    return isinstance(error, ValueError)


def pause_after(attempts: int) -> timedelta:
    """Return the pause after this many attempts: exponential backoff up to LONGEST_PAUSE."""
    return min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)


def _note(mail, **fields):
    """Record the result of an attempt, unless the claim expired and another worker holds it."""
    mine = Mail.objects.filter(pk=mail.pk, claim=mail.claim)
    mine.update(claim=None, claimed_until=None, **fields)


def try_again(mails: QuerySet[Mail]) -> int:
    """Make the given-up mails of this queryset due again, as if new; return how many.

    Rendered mails whose content was purged stay as they are: there is nothing left to send.
    """
    can_be_written = Q(written__isnull=False) | Q(name__in=compose.email_functions())
    again = mails.filter(can_be_written, given_up_at__isnull=False).exclude(to_address="")
    return again.update(given_up_at=None, attempts=0, due_at=timezone.now())


def retention_rules() -> Iterator[RetentionRule]:
    """Yield the rules for finished mails and for the secrets in unsent ones.

    One of ``settings.RETENTION_RULES``.
    """
    now = timezone.now()
    yield RetentionRule(
        _("words of mails that could not be sent"),
        Mail.objects.filter(given_up_at__lt=now - KEEP_SECRETS, written__isnull=False),
        clear_fields(written=None),
    )
    finished = Q(sent_at__lt=now - KEEP_FINISHED) | Q(dropped_at__lt=now - KEEP_FINISHED)
    mails = Mail.objects.filter(finished | Q(given_up_at__lt=now - KEEP_GIVEN_UP))
    yield RetentionRule(_("mails that left or never will"), mails.filter(once=None))
    # The once key remains, so that nothing is sent twice; the recipient does not.
    named = mails.exclude(once=None).exclude(to_address="")
    yield RetentionRule(
        _("addresses of such mails"), named, clear_fields(to_address="", arguments={})
    )

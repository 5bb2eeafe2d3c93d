"""The outbox: mails are stored as rows, in the transaction that causes them, and sent later.

A request never talks to a mail server. :func:`do_due` (from ``manage.py run_due``) sends what is
due. A worker claims a few mails in a short transaction, and holds no lock while it sends: two
workers never send the same mail, and SQLite's single writer never waits for a mail server. Each
mail's result is recorded before the next one is sent.

Delivery is at least once: a worker that is killed between the mail server's "accepted" and its
own record of it leaves a claim that expires, and the mail is sent again with the same Message-ID.
At most once would now and then lose a verification or a password reset.
"""

import logging
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.mail import compose, links, refusals
from accounts.mail.server import Unreachable, mail_server
from accounts.models import EmailLink, Mail
from accounts.retention import RetentionRule, clear_fields
from accounts.text.email_normalization import email_key

log = logging.getLogger(__name__)

# About 20 hours in all, see `pause_after`: no mail is lost if the mail server is down overnight.
MOST_ATTEMPTS = 12
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
# Far longer than sending takes (EMAIL_TIMEOUT for each of a dozen steps), short enough to wait for.
CLAIM = timedelta(minutes=5)
# A composed mail that waits for longer behind others is composed again: meanwhile somebody may have
# unsubscribed. Nearly all of its claim is left for sending it.
FRESH = timedelta(seconds=15)
# Mails that are claimed and composed together. Those to many take a few queries for all of them.
MOST_AT_ONCE = 20
# Arguments are ids and short plain values; anything longer than this is somebody's text.
LONGEST_VALUE = 200
# The row of a sent mail proves for a while that it was sent; then the address is not needed here.
KEEP_FINISHED = timedelta(days=7)
KEEP_GIVEN_UP = timedelta(days=30)
# Links in the mail have expired after that (allauth's are valid for three days).
KEEP_SECRETS = timedelta(days=3)


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
    _refuse_words(arguments)
    fields = {"name": name, "stream": compose.stream(name), "arguments": arguments}
    return _store(**fields, to_address=to, due_at=due_at or timezone.now(), once=once)


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
    stream = compose.stream(name)
    for _to, _once, arguments in rows:
        _refuse_words(arguments)
    keys = [once for _to, once, _arguments in rows]
    with transaction.atomic():
        known = set(Mail.objects.filter(once__in=keys).values_list("once", flat=True))
        now = timezone.now()
        common = {"name": name, "stream": stream, "due_at": now}
        new = {
            once: Mail(**common, to_address=to, arguments=arguments, once=once)
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
    # Each is the first entry of a part of the index: nothing is read of the thousands behind it.
    oldest = [Subquery(_next(stream).values("pk")[:1]) for stream in Mail.Stream]
    found = Mail.objects.filter(pk__in=oldest).order_by("due_at")
    return found.values_list("due_at", flat=True).first()


def _next(stream):
    """Return the due mails of a stream, in the order of the index, which then is always taken."""
    return Mail.objects.due().filter(stream=stream).order_by("due_at", "pk")


def do_due(going: Callable[[], bool] = lambda: True) -> None:
    """Send due mails until none is left, ``going()`` is false or the mail server is unreachable."""
    with mail_server(going) as server:
        while going() and (mails := claimed(server.stream)):
            if mails[0].stream != Mail.Stream.ONE:
                server.stream = mails[0].stream
            if not _answers(mails, server, going):
                break


def claimed(after: int = Mail.Stream.ONE) -> list[Mail]:
    """Claim the mails of one stream that have been due longest; return them, MOST_AT_ONCE or fewer.

    Mails to one person come first: a password reset does not wait behind thousands of newsletters.
    The streams of those to many take turns, beginning with the one that follows ``after``.
    """
    one, *many = Mail.Stream
    for stream in (one, *sorted(many, key=lambda each: (each <= after, each))):
        rows = _next(stream)
        # Without this check, SQLite's writers would wait for a transaction with nothing to do.
        if rows.values_list("pk").first() is None:
            continue
        with transaction.atomic():
            if mails := _together(rows.select_for_update(skip_locked=True)[:MOST_AT_ONCE]):
                return _claim(mails)
    return []


def _together(mails):
    """Return those that may be claimed together: one whose worker died with it goes alone.

    If that worker died of it, it takes no others along.
    """
    mails = list(mails)
    if mails and mails[0].claim:
        return mails[:1]
    return [mail for mail in mails if not mail.claim]


def _claim(mails):
    claim, until = uuid.uuid4(), timezone.now() + CLAIM
    # Counted before the attempt: a mail that kills its worker is not retried for ever.
    rows = Mail.objects.filter(pk__in=[mail.pk for mail in mails])
    rows.update(claim=claim, claimed_until=until, attempts=F("attempts") + 1)
    for mail in mails:
        mail.claim, mail.claimed_until, mail.attempts = claim, until, mail.attempts + 1
    return mails


def _answers(mails, server, going):
    """Compose and send claimed mails one by one; return whether the mail server is reachable.

    Those that were not begun while ``going()``, and while FRESH, are released.
    """
    composed, stale_at = _composed(mails), mails[0].claimed_until - CLAIM + FRESH
    refusing = set()
    for number, (mail, message, _made) in enumerate(composed):
        if number and (timezone.now() > stale_at or not going()):
            _release(composed[number:])
            break
        if mail.to_address in refusing and "List-Unsubscribe" in message.extra_headers:
            _note(mail, dropped_at=timezone.now(), last_error="", written=None)
            continue
        try:
            server.send(message)
        except Unreachable as error:
            put_off(mail, error.__cause__)
            _release(composed[number + 1 :])
            return False
        except Exception as error:
            put_off(mail, error)
            if refusals.is_permanent(error) and refusals.note(mail.to_address):
                refusing.add(mail.to_address)
        else:
            _note(mail, sent_at=timezone.now(), last_error="", written=None)
    return True


def _composed(mails):
    """Return ``[(mail, message, its links)]`` of those that can be sent; note what others need."""
    composed, batch = [], compose.Batch(mails)
    with links.stored_together() as made:
        for mail in mails:
            before = len(made)
            if message := _message(mail, batch):
                composed.append((mail, message, made[before:]))
    return composed


def _message(mail, batch):
    if mail.attempts > MOST_ATTEMPTS:
        _note(mail, given_up_at=timezone.now(), last_error="Unfinished")
        return None
    try:
        message = batch.render(mail)
    except compose.Postpone as wait:
        _note(mail, due_at=wait.until, attempts=mail.attempts - 1)
    except Exception as error:
        put_off(mail, error)
    else:
        if message is None:
            _note(mail, dropped_at=timezone.now(), last_error="", written=None)
        return message
    return None


def _release(composed):
    """Give back mails that were claimed, and not sent. When they are, they get new links."""
    if composed:
        mine = Mail.objects.filter(claim=composed[0][0].claim)
        mine = mine.filter(pk__in=[mail.pk for mail, *_rest in composed])
        mine.update(claim=None, claimed_until=None, attempts=F("attempts") - 1)
        made = [link.digest for *_rest, made in composed for link in made]
        EmailLink.objects.filter(digest__in=made).delete()


def put_off(mail: Mail, error: BaseException) -> None:
    """Record a failed attempt, and schedule the next one or give up.

    Only the class of the error is kept: a mail server's reply repeats the address.
    """
    kind, now = refusals.name_of(error), timezone.now()
    log.warning("Email %s (%s), attempt %s: %s", mail.pk, mail.name, mail.attempts, kind)
    if mail.attempts >= MOST_ATTEMPTS or _is_permanent(error):
        _note(mail, given_up_at=now, last_error=kind)
    else:
        _note(mail, due_at=now + pause_after(mail.attempts), last_error=kind)


def _is_permanent(error):
    """Return whether a retry is useless: the address was refused, or cannot even be encoded."""
    return refusals.is_permanent(error) or isinstance(error, ValueError)


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
        _("text of failed emails"),
        Mail.objects.filter(given_up_at__lt=now - KEEP_SECRETS, written__isnull=False),
        clear_fields(written=None),
    )
    finished = Q(sent_at__lt=now - KEEP_FINISHED) | Q(dropped_at__lt=now - KEEP_FINISHED)
    mails = Mail.objects.filter(finished | Q(given_up_at__lt=now - KEEP_GIVEN_UP))
    yield RetentionRule(
        _("finished emails (sent, failed or no longer needed)"), mails.filter(once=None)
    )
    # The once key remains, so that nothing is sent twice; the recipient does not.
    named = mails.exclude(once=None).exclude(to_address="")
    yield RetentionRule(
        _("recipient addresses of finished emails"),
        named,
        clear_fields(to_address="", arguments={}),
    )

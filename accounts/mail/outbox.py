"""The outbox: mails are rows, written in the transaction that causes them, and sent later.

A request never talks to a mail server. :func:`do_due` (from ``manage.py run_due``) sends what is
due. A worker claims one mail in a short transaction, and holds no lock while it sends: two
workers never send the same one, and SQLite's one writer is never kept waiting by a mail server.

A mail leaves at least once: a worker that is killed in the few moments between the mail server's
"accepted" and its own note of it leaves a claim that expires, and the mail is sent again with the
same Message-ID. The other choice would now and then lose a proof or a new password.
"""

import logging
import uuid
from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

from django.core.mail import get_connection
from django.db import IntegrityError, transaction
from django.db.models import Case, Q, When
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.email_normalization import email_key
from accounts.mail import compose
from accounts.models import Mail
from accounts.retention import RetentionRule, clear_fields

log = logging.getLogger(__name__)

# About 20 hours in all, see `pause_after`: a mail server that is down over night loses no mail.
MOST_ATTEMPTS = 12
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
# Far longer than sending takes (EMAIL_TIMEOUT for each of a dozen steps), short enough to wait for.
CLAIM = timedelta(minutes=5)
# Arguments are ids and plain values; what is longer than this is somebody's words.
LONGEST_VALUE = 200
# The row of a mail that left proves for a while that it did; then nobody needs the address here.
KEEP_FINISHED = timedelta(days=7)
KEEP_GIVEN_UP = timedelta(days=30)
# A link in it is of no use any more after that (allauth's stay valid for three days).
KEEP_SECRETS = timedelta(days=3)
PERMANENT = range(500, 600)  # SMTP replies that say "never" (RFC 5321, 4.2.1)


def enqueue(name, to, *, due_at=None, once=None, **arguments):
    """Put a mail into the outbox and return its ``Mail``, in the transaction that is open.

    ``name`` is that of a function in ``settings.EMAILS``, which will write the mail when it is
    sent; ``arguments`` are for it: ids and plain short values, never anybody's text (ValueError).
    With ``once``, a text, None is returned if a mail of that key was ever posted: nothing goes
    twice.
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


def enqueue_many(name, rows):
    """Put a mail for each of many into the outbox, in as many queries as for a few.

    ``rows`` are ``(to, once, arguments)``; what is said of them at :func:`post` holds for each.
    Returns how many were new.
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


def once_key(what, email):
    """Return a key that keeps ``what`` ("answer 12") from going to an address twice, unnamed."""
    # The salt is older than this place: with another one, what was sent would go once more.
    told = salted_hmac("comments.subscriptions.fan_out", email_key(email)).hexdigest()[:24]
    return f"{what} to {told}"


def release_once_keys(name, before):
    """Let mails of a name be posted again, and be deleted, that were posted before a moment.

    For those that cannot come again anyway: thousands of keys would otherwise stay for ever.
    """
    Mail.objects.filter(name=name, once__isnull=False, created_at__lt=before).update(once=None)


def daily_once_key(name, to):
    """Return a key for ``once``: an address gets one mail of this name a day, whoever types it."""
    told = salted_hmac(
        "accounts.mail.outbox.daily_once_key", f"{name} {email_key(to)}"
    ).hexdigest()[:32]
    return f"{name} {told} {timezone.now():%Y-%m-%d}"


def enqueue_rendered(name, to, *, subject, text, html="", once=None):
    """Put a mail into the outbox that is written already, because only now its links are known.

    Such links are secrets (a new password, say), so what is written here is deleted with the
    update that notes the mail as sent, and after KEEP_SECRETS if it never is. ``once`` as above.
    """
    written = {"subject": subject, "text": text, "html": html}
    return _store(name=name, to_address=to, written=written, due_at=timezone.now(), once=once)


def delete_mails_to(address):
    """Delete every mail to an address, sent or not: its owner wishes to be forgotten."""
    Mail.objects.filter(to_address__iexact=address).delete()


def forget_recipients(name, **arguments):
    """Keep no address beside what mails of a name were about: it is to be nobody's any more.

    Those that still wait are not sent. Call it in the transaction that makes it nobody's.
    """
    about = {f"arguments__{key}": value for key, value in arguments.items()}
    mails = Mail.objects.filter(name=name, **about)
    mails.waiting().delete()
    # The rest goes by itself after a while; its key stays, so that nothing goes twice.
    mails.update(to_address="", arguments={})


def _refuse_words(arguments):
    for name, value in arguments.items():
        plain = value if isinstance(value, list) else [value]
        for one in plain:
            if not isinstance(one, str | int | bool | None) or len(str(one)) > LONGEST_VALUE:
                raise ValueError(f"{name} is no id and no short plain value.")


def due_since():
    """Return since when the oldest mail waits that could be sent now, or None."""
    return Mail.objects.due().values_list("due_at", flat=True).order_by("due_at").first()


def do_due(going=lambda: True):
    """Send what is due, until nothing is, or ``going()`` is false, or no mail server answers."""
    connection = get_connection()
    try:
        while going() and (mail := claimed()):
            if not _answers(mail, connection):
                break
    finally:
        # A mail server that is gone takes no leave.
        with suppress(OSError):
            connection.close()


def claimed():
    """Take the mail that waits longest, or None. Others see at once that it is taken.

    Nobody's new password waits behind thousands of mails with a post.
    """
    # Without this look, SQLite's writers would wait for a transaction that has nothing to do.
    if not Mail.objects.due().exists():
        return None
    with transaction.atomic():
        waiting = Mail.objects.due().select_for_update(skip_locked=True)
        many = When(name__in=compose.bulk_names(), then=1)
        mail = waiting.order_by(Case(many, default=0), "due_at", "pk").first()
        if mail:
            mail.claim, mail.claimed_until = uuid.uuid4(), timezone.now() + CLAIM
            # Counted before the attempt: a mail that kills its worker is not tried for ever.
            mail.attempts += 1
            mail.save(update_fields=["claim", "claimed_until", "attempts"])
    return mail


def _answers(mail, connection):
    """Make one attempt and note how it ended; return whether the mail server answers at all."""
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
    """No mail server answers; the reason is its cause."""


def _attempt(mail, connection):
    """Write and send a mail; return the field of ``Mail`` that tells how it ended."""
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
        # After an error nobody knows what the mail server expects next.
        with suppress(OSError):
            connection.close()
        raise
    return "sent_at"


def put_off(mail, error):
    """Note what went wrong, by its class alone: a mail server's words repeat the address."""
    kind, now = type(error).__name__, timezone.now()
    log.warning("Mail %s (%s), attempt %s: %s", mail.pk, mail.name, mail.attempts, kind)
    if mail.attempts >= MOST_ATTEMPTS or _never(error):
        _note(mail, given_up_at=now, last_error=kind)
    else:
        _note(mail, due_at=now + pause_after(mail.attempts), last_error=kind)


def _never(error):
    """Whether trying again is of no use: the address is refused, or cannot even be said."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code in PERMANENT for code, _words in error.recipients.values())
    return isinstance(error, ValueError)


def pause_after(attempts):
    """Return how long to wait after so many attempts: each time twice as long."""
    return min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)


def _note(mail, **fields):
    """Write the end of an attempt, unless the claim has expired and another worker has it."""
    mine = Mail.objects.filter(pk=mail.pk, claim=mail.claim)
    mine.update(claim=None, claimed_until=None, **fields)


def try_again(mails):
    """Make given-up mails of this queryset due again, as if new; return how many.

    Those whose secrets are gone stay as they are: there is nothing left to send.
    """
    can_be_written = Q(written__isnull=False) | Q(name__in=compose.email_functions())
    again = mails.filter(can_be_written, given_up_at__isnull=False).exclude(to_address="")
    return again.update(given_up_at=None, attempts=0, due_at=timezone.now())


def retention_rules():
    """Yield what nobody needs any more: old mails, and secrets.

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
    # A key remains, so that nothing goes twice; whom it went to does not.
    named = mails.exclude(once=None).exclude(to_address="")
    yield RetentionRule(
        _("addresses of such mails"), named, clear_fields(to_address="", arguments={})
    )

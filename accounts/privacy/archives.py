"""Personal data archives: requested on a page, built by `run_due`, downloaded by a signed link.

A worker claims one archive in a short transaction and holds no lock while it reads; its result
counts only if it still holds the claim. So two workers build no archive twice, and a worker that
is killed leaves a claim that expires. See docs/privacy.md.
"""

import logging
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from tempfile import SpooledTemporaryFile

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import retention
from accounts.mail import address_proofs, links, outbox
from accounts.mail.compose import EmailContent, Postpone, named
from accounts.models import Address, Archive, ArchivePart, User
from accounts.models.archive import LASTS
from accounts.privacy import archive_format
from accounts.privacy.registry import DataSubject

log = logging.getLogger(__name__)

SALT = "accounts.privacy.archives"
# A request within this time returns the archive that there is.
AGAIN = timedelta(hours=1)
MOST_ATTEMPTS = 5
# Longer than reading and packing years of comments takes.
CLAIM = timedelta(minutes=10)
LOOK_AGAIN = timedelta(minutes=1)  # when the mail is due before its archive is built
PART = 512 * 1024  # bytes of the file in one row
IN_MEMORY = 8 * 1024 * 1024  # beyond that a temporary file is used while packing


# -- requests ----------------------------------------------------------------------------


def request_archive(user: User | None = None, address: Address | None = None) -> Archive:
    """Return the current or pending archive of an account or a verified ``Address``.

    A new one is created if none is pending and none was built within AGAIN.
    """
    whose = {"user": user, "address": address}
    own = Archive.objects.there().filter(**whose, given_up_at=None)
    fresh = Q(built_at=None) | Q(built_at__gt=timezone.now() - AGAIN)
    if found := own.filter(fresh).order_by("-pk").first():
        return found
    try:
        with transaction.atomic():
            archive = Archive.objects.create(**whose)
            if email := notified_email(archive):
                outbox.enqueue("archive_ready", email, archive=archive.pk)
            return archive
    except IntegrityError:  # two concurrent requests
        return Archive.objects.waiting().get(**whose)


def may_request(archive: Archive | None) -> bool:
    """Return whether a request now would create a new archive; ``archive`` is the latest one."""
    if archive is None or archive.given_up_at:
        return True
    return bool(archive.built_at) and archive.built_at <= timezone.now() - AGAIN


def latest_for_account(user: User) -> Archive | None:
    """Return the newest archive of an account that has not expired, or None."""
    return Archive.objects.there().filter(user=user).order_by("-pk").first()


def signed(archive: Archive) -> str:
    """Return the signed token that identifies this archive in links."""
    return signing.dumps(archive.pk, salt=SALT)


def find(given: str) -> Archive | None:
    """Return the archive of a :func:`signed` token, or None: forged, expired, or deleted."""
    try:
        key = signing.loads(given, salt=SALT, max_age=LASTS * 2)
    except signing.BadSignature:
        return None
    return Archive.objects.there().filter(pk=key).first()


def iter_parts(archive: Archive) -> Iterator[bytes]:
    """Yield the file of an archive in chunks."""
    numbers = list(archive.parts.values_list("number", flat=True))
    for number in numbers:
        yield bytes(archive.parts.get(number=number).content)


def erase(subject: DataSubject) -> None:
    """Delete every archive of a person, also one that is being built."""
    whose = Q(address__in=subject.address_keys)
    if subject.user:
        whose |= Q(user=subject.user)
    Archive.objects.filter(whose).delete()


# -- work that is due --------------------------------------------------------------------


def due_since() -> None:
    """Return None: the mail about each archive waits in the outbox, which reports it as late."""


def retention_rules() -> Iterator[retention.RetentionRule]:
    """Yield the rule for expired archives. One of ``settings.RETENTION_RULES``."""
    yield retention.RetentionRule(_("expired archives"), Archive.objects.expired())


def do_due(going: Callable[[], bool] = lambda: True) -> None:
    """Delete expired archives, and build the requested ones."""
    # Not only once a day: an archive holds too much to be kept longer than promised.
    for rule in retention_rules():
        retention.apply_rule(rule, going)
    while going() and (archive := _claimed()):
        _make(archive)


def _claimed():
    if not Archive.objects.due().exists():
        return None
    with transaction.atomic():
        waiting = Archive.objects.due().select_for_update(skip_locked=True)
        archive = waiting.order_by("due_at", "pk").first()
        if archive:
            archive.claim, archive.claimed_until = uuid.uuid4(), timezone.now() + CLAIM
            # Counted before the attempt: an archive that kills its worker is not retried for ever.
            archive.attempts += 1
            archive.save(update_fields=["claim", "claimed_until", "attempts"])
    return archive


def _make(archive):
    if archive.attempts > MOST_ATTEMPTS:
        _note(archive, given_up_at=timezone.now())
        return
    try:
        with SpooledTemporaryFile(IN_MEMORY) as file:
            archive_format.pack(_subject(archive), file)
            _store(archive, file)
    except Exception as error:
        # By its class alone: the message of an error may repeat somebody's text.
        kind = type(error).__name__
        log.warning("Archive %s, attempt %s: %s", archive.pk, archive.attempts, kind)
        if archive.attempts >= MOST_ATTEMPTS:
            _note(archive, given_up_at=timezone.now())
        else:
            _note(archive, due_at=timezone.now() + outbox.pause_after(archive.attempts))


def _subject(archive):
    if archive.user_id:
        return DataSubject.from_user(archive.user)
    return DataSubject.of_address(archive.address)


def _note(archive, **fields):
    mine = Archive.objects.filter(pk=archive.pk, claim=archive.claim)
    return mine.update(claim=None, claimed_until=None, **fields)


@transaction.atomic
def _store(archive, file):
    """Store the file, unless another worker holds the claim by now or the archive was deleted."""
    size, now = file.tell(), timezone.now()
    if not _note(archive, built_at=now, expires_at=now + LASTS, size=size):
        return
    whose = {"user": archive.user_id, "address": archive.address_id}
    Archive.objects.filter(**whose).exclude(pk=archive.pk).delete()
    file.seek(0)
    number = 0
    while content := file.read(PART):
        ArchivePart.objects.create(archive_id=archive.pk, number=number, content=content)
        number += 1


def notified_email(archive: Archive) -> str | None:
    """Return the verified address that is told once this archive is ready, or None."""
    if archive.address_id:
        return archive.address.email
    return address_proofs.verified_addresses([archive.user_id]).get(archive.user_id)


# -- the mail that says it is ready ------------------------------------------------------


@named(_("link to a data download"))
def archive_ready(archive: int) -> EmailContent | None:
    """Compose the mail to the person who requested an archive. One of ``settings.EMAILS``.

    It is enqueued with the request, and postponed until the archive is built.
    """
    found = Archive.objects.there().filter(pk=archive, given_up_at=None).first()
    if found is None:
        return None
    if not found.is_ready:
        raise Postpone(LOOK_AGAIN)
    if found.user_id:  # of no use to anybody who is not signed in to the account
        link = settings.SITE_URL + reverse("accounts:archive")
    else:
        link = links.make_link(OpenArchive.name, address=found.address, archive=found.pk)
    return EmailContent({"link": link}, discreet=True)


class OpenArchive(links.LinkAction):
    """Redirects a guest to their archive. One of ``settings.LINK_ACTIONS``."""

    name = "archive"
    lifetime = LASTS
    title = _("Your archive is ready")
    question = _("This link works only once.")
    button = _("View archive")
    done = _("There’s nothing here anymore.")

    def act(self, link):
        """Return the path of the archive's page, or None if it has been deleted."""
        key = link.arguments["archive"]
        archive = Archive.objects.there().filter(pk=key, address=link.address).first()
        return archive and guest_page_path(archive)


def guest_page_path(archive: Archive) -> str:
    """Return the path of the page on which a guest finds their archive."""
    return reverse("accounts:guest_archive", args=[signed(archive)])

"""Taking everything along: asked for on a page, made by `run_due`, fetched by a signed link.

A worker claims one archive in a short transaction and holds no lock while it reads; what it wrote
counts only if the claim is still its own. So two workers make no archive twice, and one that was
killed leaves a claim that runs out. See docs/privacy.md.
"""

import logging
import uuid
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
from accounts.models import Archive, ArchivePart
from accounts.models.archive import LASTS
from accounts.privacy import archive_format
from accounts.privacy.inventory import DataSubject

log = logging.getLogger(__name__)

SALT = "accounts.privacy.archives"
# Whoever asks again so soon has it already.
AGAIN = timedelta(hours=1)
MOST_ATTEMPTS = 5
# Longer than reading and packing years of words takes.
CLAIM = timedelta(minutes=10)
LOOK_AGAIN = timedelta(minutes=1)  # when the mail is due before its archive is made
PART = 512 * 1024  # bytes of the file in one row
IN_MEMORY = 8 * 1024 * 1024  # beyond that a temporary file is used while packing


# -- asking ------------------------------------------------------------------------------


def request_archive(user=None, address=None):
    """Return the ``Archive`` of an account or a proved ``Address`` that is there, or that waits.

    A new one is put in line where none waits and none was made within an hour.
    """
    whose = {"user": user, "address": address}
    own = Archive.objects.there().filter(**whose, given_up_at=None)
    fresh = Q(built_at=None) | Q(built_at__gt=timezone.now() - AGAIN)
    if found := own.filter(fresh).order_by("-pk").first():
        return found
    try:
        with transaction.atomic():
            archive = Archive.objects.create(**whose)
            if email := _email(archive):
                outbox.enqueue("archive_ready", email, archive=archive.pk)
            return archive
    except IntegrityError:  # asked twice at once
        return Archive.objects.waiting().get(**whose)


def may_request(archive):
    """Return whether asking now leads to another archive than this one, or None."""
    if archive is None or archive.given_up_at:
        return True
    return bool(archive.built_at) and archive.built_at <= timezone.now() - AGAIN


def latest_for_account(user):
    """Return the newest ``Archive`` of an account whose time is not over, or None."""
    return Archive.objects.there().filter(user=user).order_by("-pk").first()


def signed(archive):
    """Return the text by which links name this archive; nobody else can make it."""
    return signing.dumps(archive.pk, salt=SALT)


def find(given):
    """Return the ``Archive`` that a signed text names, or None: forged, too old, or gone."""
    try:
        key = signing.loads(given, salt=SALT, max_age=LASTS * 2)
    except signing.BadSignature:
        return None
    return Archive.objects.there().filter(pk=key).first()


def iter_parts(archive):
    """Yield the file of an archive, part by part."""
    numbers = list(archive.parts.values_list("number", flat=True))
    for number in numbers:
        yield bytes(archive.parts.get(number=number).content)


def erase(subject):
    """Delete every archive of a ``Subject``, also one that is just being made."""
    whose = Q(address__in=subject.address_keys)
    if subject.user:
        whose |= Q(user=subject.user)
    Archive.objects.filter(whose).delete()


# -- work that is due --------------------------------------------------------------------


def due_since():
    """Return None: the mail about each archive waits for it in the outbox, which is asked, too."""


def retention_rules():
    """Yield archives whose time is over. One of ``settings.RETENTION_RULES``."""
    yield retention.RetentionRule(
        _("archives that were not fetched in time"), Archive.objects.expired()
    )


def do_due(going=lambda: True):
    """Delete archives whose time is over, and make what is asked for."""
    for each in (
        retention_rules()
    ):  # not once a day: so much in one place is not to lie longer than was said
        retention.apply_rule(each, going)
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
            # Counted before the attempt: one that kills its worker is not tried for ever.
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
        # By its class alone: the words of an error may repeat somebody's.
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
    """Keep the file, unless somebody else has the claim by now, or it is not wanted any more."""
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


def _email(archive):
    if archive.address_id:
        return archive.address.email
    return address_proofs.verified_addresses([archive.user_id]).get(archive.user_id)


# -- the mail that says it is there ------------------------------------------------------


@named(_("link to an archive"))
def archive_ready(archive):
    """The mail to whoever asked for an archive. One of ``settings.EMAILS``.

    It is posted when she asks, and waits here until there is something to say.
    """
    found = Archive.objects.there().filter(pk=archive, given_up_at=None).first()
    if found is None:
        return None
    if not found.is_ready:
        raise Postpone(LOOK_AGAIN)
    if found.user_id:  # of no use to anybody who is not signed in as her
        link = settings.SITE_URL + reverse("accounts:archive")
    else:
        link = links.make_link(OpenArchive.name, address=found.address, archive=found.pk)
    return EmailContent({"link": link}, discreet=True)


class OpenArchive(links.LinkAction):
    """Pressing leads to the archive of a guest. One of ``settings.LINK_ACTIONS``."""

    name = "archive"
    lifetime = LASTS
    title = _("What you asked for")
    question = _("Press the button to see it. This link works once.")
    button = _("Show it")
    done = _("There is nothing here any more.")

    def act(self, link):
        """Return the address of the page that has it, None once it is gone."""
        key = link.arguments["archive"]
        archive = Archive.objects.there().filter(pk=key, address=link.address).first()
        return archive and guest_page_path(archive)


def guest_page_path(archive):
    """Return the path of the page on which a guest waits for her archive, and fetches it."""
    return reverse("accounts:guest_archive", args=[signed(archive)])

"""Personal data archives: an export of everything kept about a person, for them to download.

They are stored in the database and not among the uploads: only our own views serve them, every
machine can read them, and they are deleted with the account. The code that builds and serves them
is in :mod:`accounts.privacy.archives`.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

# Long enough to come back the next evening; then it is deleted, as it holds so much in one place.
LASTS = timedelta(hours=24)


def end() -> datetime:
    """Return when an archive that is requested now expires."""
    return timezone.now() + LASTS


class ArchiveQuerySet(models.QuerySet):
    def waiting(self):
        """Return archives that are still to be built."""
        return self.filter(built_at=None, given_up_at=None)

    def due(self):
        """Return archives that a worker may claim now."""
        now = timezone.now()
        free = Q(claimed_until=None) | Q(claimed_until__lte=now)
        return self.waiting().filter(free, due_at__lte=now, expires_at__gt=now)

    def there(self):
        """Return archives that have not expired, built or not."""
        return self.filter(expires_at__gt=timezone.now())

    def expired(self):
        """Return expired archives, which are to be purged."""
        return self.filter(expires_at__lte=timezone.now())


class Archive(models.Model):
    """One data archive: of an account, or of a guest's verified address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    address = models.ForeignKey("accounts.Address", models.CASCADE, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    built_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(default=end, db_index=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes

    objects = ArchiveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) ^ Q(address=None), name="accounts_archive_of_one"
            ),
            # Two concurrent requests create one archive.
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(built_at=None, given_up_at=None, user__isnull=False),
                name="accounts_archive_of_account_once",
            ),
            models.UniqueConstraint(
                fields=["address"],
                condition=Q(built_at=None, given_up_at=None, address__isnull=False),
                name="accounts_archive_of_address_once",
            ),
        ]

    def __str__(self):
        return f"archive {self.pk}"

    @property
    def is_ready(self):
        return self.built_at is not None


class ArchivePart(models.Model):
    """A chunk of the file, so that it never has to be in memory as a whole."""

    archive = models.ForeignKey(Archive, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["archive", "number"], name="accounts_archive_part_once")
        ]

    def __str__(self):
        return f"part {self.number} of archive {self.archive_id}"

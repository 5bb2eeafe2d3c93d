"""Erasure requests, and keyed hashes of erased rows and of erased addresses that want no mail.

Like :mod:`accounts.models.user`, these models know nothing of posts or comments. See
:mod:`accounts.privacy.departure` and docs/privacy.md.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


def keyed_hash(purpose: str, text: str) -> str:
    """Return an HMAC-SHA256 in hex, so that texts cannot be guessed without the secret key."""
    return salted_hmac(f"accounts.models.erasure.{purpose}", text, algorithm="sha256").hexdigest()


class ErasureRequestQuerySet(models.QuerySet):
    def due(self):
        """Return requests whose grace period is over and that no worker is carrying out."""
        now = timezone.now()
        free = models.Q(claimed_until=None) | models.Q(claimed_until__lte=now)
        return self.filter(free, due_at__lte=now)


class ErasureRequest(models.Model):
    """A person's request to be erased: data is hidden at ``asked_at`` and deleted at ``due_at``.

    ``kept`` is what each of ``settings.DEPARTURE_HANDLERS`` needs to restore what it has hidden,
    texts included: {"comments.privacy.departure": {...}}. ``hidden_at`` is null until all of them
    have finished hiding. ``answers`` are the answers to the handlers' questions.
    """

    class Kind(models.TextChoices):
        WORDS = "words", _("my comments")
        EVERYTHING = "everything", _("everything")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="erasure"
    )
    address = models.OneToOneField(
        "accounts.Address", models.CASCADE, null=True, related_name="erasure"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    answers = models.JSONField(default=dict)
    kept = models.JSONField(default=dict)
    asked_at = models.DateTimeField(default=timezone.now)
    hidden_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(db_index=True)
    claimed_until = models.DateTimeField(null=True)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user=None) ^ models.Q(address=None),
                name="accounts_erasurerequest_of_one",
            )
        ]

    def __str__(self):
        return f"erasure {self.pk}"


class ErasedKey(models.Model):
    """A keyed hash of one erased row, which a restored backup must not bring back."""

    digest = models.CharField(max_length=64, unique=True)

    def __str__(self):
        return f"erased {self.pk}"

    @classmethod
    def remember(cls, kind: str, row: int, since: datetime) -> None:
        """Record that a row is erased, in the transaction that deletes it.

        ``kind`` is a word such as "comment", ``row`` the pk and ``since`` the time of creation: a
        pk that a restored database assigns again belongs to another row.
        """
        cls.objects.get_or_create(digest=cls.digest_of(kind, row, since))

    @classmethod
    def digest_of(cls, kind: str, row: int, since: datetime) -> str:
        """Return the keyed hash that :meth:`remember` stores for a row."""
        return keyed_hash("erased", f"{kind} {row} {since.timestamp():.6f}")

    @classmethod
    def among(cls, kind: str, rows: Iterable[tuple[int, datetime]]) -> list[int]:
        """Return the pks of those ``(pk, since)`` pairs that were erased, in order."""
        known = set(cls.objects.values_list("digest", flat=True))
        return [row for row, since in rows if cls.digest_of(kind, row, since) in known]


class StoppedAddress(models.Model):
    """A keyed hash of an erased address whose owner has stopped all mails, and when."""

    digest = models.CharField(max_length=64, unique=True)
    stopped_at = models.DateTimeField()

    def __str__(self):
        return f"stopped address {self.pk}"

    @classmethod
    def keep(cls, key: str, stopped_at: datetime) -> None:
        """Keep the stop of an address that is being deleted; ``key`` is ``Address.key``."""
        values = {"stopped_at": stopped_at}
        cls.objects.update_or_create(digest=keyed_hash("stopped", key), defaults=values)

    @classmethod
    def of(cls, key: str) -> models.QuerySet:
        """Return the row for a former ``Address.key``: a queryset of none or one."""
        return cls.objects.filter(digest=keyed_hash("stopped", key))

    @classmethod
    def among(cls, keys: Iterable[str]) -> set[str]:
        """Return those of these former ``Address.key`` that have a row; one query."""
        digests = {keyed_hash("stopped", key): key for key in keys}
        rows = cls.objects.filter(digest__in=digests).values_list("digest", flat=True)
        return {digests[digest] for digest in rows}

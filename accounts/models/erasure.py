"""What somebody asked to have erased, and keyed hashes of what is gone or not to be bothered.

Like :mod:`accounts.models.user`, whose part they are, these rows know nothing of posts or comments.
See :mod:`accounts.privacy.departure` and docs/privacy.md.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


def keyed_hash(purpose, text):
    """Return a keyed hash: who does not know the site's secret key cannot even try it out."""
    return salted_hmac(f"accounts.models.erasure.{purpose}", text, algorithm="sha256").hexdigest()


class ErasureRequestQuerySet(models.QuerySet):
    def due(self):
        """Those whose day of grace is over and that nobody carries out at the moment."""
        now = timezone.now()
        free = models.Q(claimed_until=None) | models.Q(claimed_until__lte=now)
        return self.filter(free, due_at__lte=now)


class ErasureRequest(models.Model):
    """Somebody's wish to be erased: hidden since ``asked_at``, deleted from ``due_at`` on.

    ``kept`` is what each part of ``settings.DEPARTURE_HANDLERS`` needs to put back what it has
    hidden, words too: {"comments.privacy.departure": {...}}. ``hidden_at`` is empty as long as one
    of them has still to hide something. ``answers`` are those to the parts' questions.
    """

    class Kind(models.TextChoices):
        WORDS = "words", _("my words")
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
    """A keyed hash of one thing that was erased: what a restored backup must not bring back."""

    digest = models.CharField(max_length=64, unique=True)

    def __str__(self):
        return f"erased {self.pk}"

    @classmethod
    def remember(cls, kind, row, since):
        """Note that a row is erased, in the transaction in which it goes.

        ``kind`` is a word such as "comment", ``row`` its key and ``since`` when it was made: a key
        that a restored database gives out once more belongs to something else.
        """
        cls.objects.get_or_create(digest=cls.digest_of(kind, row, since))

    @classmethod
    def digest_of(cls, kind, row, since):
        """Return the keyed hash by which a row is remembered; see :meth:`remember`."""
        return keyed_hash("erased", f"{kind} {row} {since.timestamp():.6f}")

    @classmethod
    def among(cls, kind, rows):
        """Return the keys of those of these ``(key, since)`` pairs that were erased, in order."""
        known = set(cls.objects.values_list("digest", flat=True))
        return [row for row, since in rows if cls.digest_of(kind, row, since) in known]


class StoppedAddress(models.Model):
    """A keyed hash of an erased address whose owner wants no mails, and since when."""

    digest = models.CharField(max_length=64, unique=True)
    stopped_at = models.DateTimeField()

    def __str__(self):
        return f"stopped address {self.pk}"

    @classmethod
    def keep(cls, key, stopped_at):
        """Keep a stop when the row of its address goes; ``key`` is ``Address.key``."""
        values = {"stopped_at": stopped_at}
        cls.objects.update_or_create(digest=keyed_hash("stopped", key), defaults=values)

    @classmethod
    def of(cls, key):
        """Return the rows for an address by what ``Address.key`` was: none or one."""
        return cls.objects.filter(digest=keyed_hash("stopped", key))

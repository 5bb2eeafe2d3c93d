"""Reputations of writers (trusted or banned), and moderators' private notes about them.

A reputation belongs to a keyed hash of an account or a verified address: it outlives an erasure
without identifying anybody. An account shares it with its verified addresses. Notes belong to the
same hash, or to one comment of a guest without a verified address. See comments.moderation.writers.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import Address, User
from accounts.text.email_normalization import email_key
from comments.models.audit_log import ModerationAction

SALT = "comments.models.standing"
LONGEST_NOTE = 2000


class ReputationQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        """Return the reputations that are neither revoked nor expired."""
        lasts = Q(until=None) | Q(until__gt=timezone.now())
        return self.filter(lasts, ended_at=None)


class Reputation(models.Model):
    """One writer's trust or ban."""

    class Kind(models.TextChoices):
        TRUSTED = "trusted", _("trusted")
        BANNED = "banned", _("banned")

    key = models.CharField(max_length=64, editable=False)
    kind = models.CharField(_("type"), max_length=10, choices=Kind)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    note = models.TextField(_("reason (moderators only)"), blank=True)
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True)
    # The acts that granted and revoked it; only their comments show whose it is.
    action = models.ForeignKey(
        "comments.ModerationAction", models.SET_NULL, null=True, editable=False, related_name="gave"
    )
    ended_by = models.ForeignKey(
        "comments.ModerationAction",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="ended",
    )
    # For a verified address of an account: the account's reputation, revoked with it.
    beside = models.ForeignKey(
        "self", models.CASCADE, null=True, editable=False, related_name="besides"
    )

    objects = ReputationQuerySet.as_manager()

    class Meta:
        verbose_name = _("trusted or banned person")
        verbose_name_plural = _("trusted and banned people")
        constraints = [
            models.UniqueConstraint(
                fields=["key", "kind"], condition=Q(ended_at=None), name="comment_standing_once"
            )
        ]

    def __str__(self):
        return f"trust or ban {self.pk}"

    @property
    def is_in_force(self) -> bool:
        """Whether it counts now; see :meth:`ReputationQuerySet.in_force`."""
        return self.ended_at is None and (self.until is None or self.until > timezone.now())

    @property
    def comment(self) -> models.Model | None:
        """The comment through which it was granted; None if that is gone or disowned."""
        comment = self.action and self.action.comment
        return None if comment is None or comment.disowned else comment


class WriterNote(models.Model):
    """One moderator's note about one writer."""

    key = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    comment = models.ForeignKey(
        "comments.Comment", models.CASCADE, null=True, editable=False, related_name="writer_notes"
    )
    text = models.TextField(_("note"), max_length=LONGEST_NOTE)
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("private note about a writer")
        verbose_name_plural = _("private notes about writers")
        constraints = [
            models.CheckConstraint(
                condition=Q(key="") ^ Q(comment=None), name="comment_writer_note_of_one"
            )
        ]

    def __str__(self):
        return f"note {self.pk}"


def key_of(user: User | None = None, address: Address | None = None) -> str:
    """Return the keyed hash of an account, or of a verified address; "" for neither.

    An unverified address has no reputation.
    """
    if user is not None and user.pk:
        return _hashed(f"account {user.pk}")
    if address is not None and address.verified_at:
        return _of_address(address.key)
    return ""


def keys_of(user: User | None = None, address: Address | None = None) -> list[str]:
    """Return all keys of a writer: their own first, then those of the account's addresses."""
    own = key_of(user, address)
    if not own or user is None:
        return [own] if own else []
    verified = EmailAddress.objects.filter(user=user, verified=True).order_by("pk")
    return [
        own,
        *(_of_address(email_key(email)) for email in verified.values_list("email", flat=True)),
    ]


def _of_address(spelling):
    return _hashed(f"address {spelling}")


def _hashed(text):
    return salted_hmac(SALT, text, algorithm="sha256").hexdigest()


def reputation_kinds(
    user: User | None = None, address: Address | None = None
) -> set[Reputation.Kind]:
    """Return the kinds of a writer's reputation that are in force."""
    keys = keys_of(user, address)
    if not keys:
        return set()
    kinds = Reputation.objects.in_force().filter(key__in=keys).values_list("kind", flat=True)
    return {Reputation.Kind(kind) for kind in kinds}


def reputations_of(keys: Iterable[str], kind: str) -> ReputationQuerySet:
    """Return the reputations of this kind that were not revoked; some may have expired."""
    return Reputation.objects.filter(key__in=keys, kind=kind, ended_at=None)


def locked(keys: Iterable[str], kind: str) -> list[Reputation]:
    """Return the rows of :func:`reputations_of` as a list, locked until the transaction ends."""
    return list(reputations_of(keys, kind).order_by("pk").select_for_update())


def grant(
    keys: Iterable[str],
    kind: str,
    action: ModerationAction,
    instead: Sequence[Reputation] = (),
    **fields: Any,
) -> None:
    """Grant a reputation to these keys, the writer's own first, ``instead`` of these rows.

    ``action`` is the row of the log, ``instead`` are the rows that :func:`locked` returned. Raises
    IntegrityError if somebody else granted one of the same kind since.
    """
    revoke(Reputation.objects.filter(pk__in=[row.pk for row in instead]), action)
    fields |= {"kind": kind, "action": action, "who": action.who}
    main = None
    for key in dict.fromkeys(keys):
        row = Reputation.objects.create(key=key, beside=main, **fields)
        main = main or row


def revoke(rows: models.QuerySet, action: ModerationAction | None = None) -> int:
    """Revoke these reputations, by an act if there is one; return how many were changed."""
    locked = rows.order_by("pk").select_for_update().values_list("pk", flat=True)
    open_ = Reputation.objects.filter(pk__in=list(locked), ended_at=None)
    return open_.update(ended_at=timezone.now(), ended_by=action)


def with_linked(rows: models.QuerySet) -> ReputationQuerySet:
    """Return these reputations and those granted with them, to an account and its addresses."""
    mains = {beside or pk for pk, beside in rows.values_list("pk", "beside")}
    return Reputation.objects.filter(Q(pk__in=mains) | Q(beside__in=mains), ended_at=None)


def undo(action: ModerationAction) -> bool:
    """Undo the grants and revocations of an act; return whether that was possible.

    It is not if one of them was changed since.
    """
    given = Reputation.objects.filter(action=action).select_for_update()
    ended = Reputation.objects.filter(ended_by=action).select_for_update()
    rows, old = list(given), list(ended)
    if not (rows or old) or any(row.ended_at for row in rows):
        return False
    try:
        with transaction.atomic():
            for row in rows:
                revoke(Reputation.objects.filter(pk=row.pk))
            again = Reputation.objects.filter(pk__in=[row.pk for row in old])
            again.update(ended_at=None, ended_by=None)
    except IntegrityError:
        return False
    return True

"""Moderators' tools: removal reasons, saved replies, and review locks.

Removal reasons and saved replies are the owner's templates, which a moderator can edit before
sending. A review lock shows who is reading a comment: it prevents no decision, and expires.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

# As long as a short comment; the writer reads it on a phone.
LONGEST_REASON = 1000
# Replaced by the name of the writer in a saved reply.
SLOT = "{name}"
# Long enough to read a long comment twice, short enough that an abandoned lock delays nobody.
REVIEW_LOCK_LASTS = timedelta(minutes=4)


class RemovalReasonQuerySet(models.QuerySet):
    def offered(self) -> Self:
        """Return the reasons that moderators can choose from, in order of position."""
        return self.filter(is_offered=True)


class RemovalReason(models.Model):
    """A text about why a comment was removed, with a short name for the list of choices."""

    name = models.CharField(_("short name"), max_length=60, help_text=_("Only moderators see it."))
    text = models.TextField(
        _("message to the writer"),
        max_length=LONGEST_REASON,
        help_text=_("Moderators can edit it each time before they send it."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Lower numbers come first.")
    )
    is_offered = models.BooleanField(_("available"), default=True)

    objects = RemovalReasonQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("removal reason")
        verbose_name_plural = _("removal reasons")

    def __str__(self):
        return self.name


class SavedReply(models.Model):
    """A reply written by the owner; ``{name}`` in it becomes the name of the writer."""

    class Use(models.TextChoices):
        ANSWER = "answer", _("replies")
        CARE = "care", _("replies to someone in Care")

    use = models.CharField(_("used for"), max_length=10, choices=Use, default=Use.ANSWER)
    title = models.CharField(_("short name"), max_length=60)
    text = models.TextField(
        _("text"),
        max_length=1000,
        help_text=_(
            "{name} is replaced by the writer’s name. You can edit the text each time you use it."
        ),
    )
    order = models.PositiveSmallIntegerField(_("position in list"), default=0)

    class Meta:
        verbose_name = _("saved reply")
        verbose_name_plural = _("saved replies")
        ordering = ["use", "order", "title"]

    def __str__(self):
        return self.title

    def to(self, name: str) -> str:
        """Return the text, addressed to a writer of this name."""
        return self.text.replace(SLOT, name)


class ReviewLockQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        """Return the locks that have not expired."""
        return self.filter(claimed_at__gt=timezone.now() - REVIEW_LOCK_LASTS)


class ReviewLock(models.Model):
    """The lock of one comment, held by the moderator who is reading it."""

    comment = models.OneToOneField("comments.Comment", models.CASCADE, related_name="review_lock")
    who = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    claimed_at = models.DateTimeField(default=timezone.now)

    objects = ReviewLockQuerySet.as_manager()

    def __str__(self):
        return f"review lock {self.pk}"


def take_review_lock(key: int, who: User) -> User | None:
    """Lock the comment with this key for review by ``who``.

    Returns the user who holds the lock already, or None if ``who`` holds it now.
    """
    row = ReviewLock(comment_id=key, who=who)
    # One statement each: whoever comes second changes nothing.
    ReviewLock.objects.bulk_create([row], ignore_conflicts=True)
    free = Q(who=who) | Q(claimed_at__lte=timezone.now() - REVIEW_LOCK_LASTS)
    if ReviewLock.objects.filter(free, comment=key).update(who=who, claimed_at=timezone.now()):
        return None
    other = ReviewLock.objects.select_related("who").filter(comment=key).exclude(who=who).first()
    return other and other.who


def review_locks_of_others(keys: Iterable[int], who: User) -> dict[int, User]:
    """Return ``{key of the comment: user}`` for the locks that others hold on these comments."""
    locks = ReviewLock.objects.in_force().filter(comment__in=keys).exclude(who=who)
    return {lock.comment_id: lock.who for lock in locks.select_related("who")}


def release_review_lock(key: int) -> None:
    """Release the review lock of a comment."""
    ReviewLock.objects.filter(comment=key).delete()


class ModeratorMail(models.Model):
    """When a moderator's last digest was sent, and when they unsubscribed, if they did."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", primary_key=True
    )
    told_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"emails to moderator {self.pk}"

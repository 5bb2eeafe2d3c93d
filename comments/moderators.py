"""Whether a moderator wishes for digests of what waits, and when she had the last one.

Like :mod:`comments.log` this stands below the model of a comment.
"""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone

from comments.care import duty
from comments.care.duty import MODERATES


class ModeratorMail(models.Model):
    """When a moderator was last told what waits, and when she stopped these mails, if she did."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", primary_key=True
    )
    told_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"mails to moderator {self.pk}"


def moderator(key):
    """Return the account of this key if she decides about comments now, else None."""
    user = get_user_model().objects.filter(pk=key, is_active=True).first()
    return user if user and user.has_perm(MODERATES) else None


def reachable():
    """Return ``{key: address}`` of moderators who wish for digests: proved addresses alone."""
    stopped = ModeratorMail.objects.exclude(stopped_at=None).values_list("pk", flat=True)
    people = duty.moderators().exclude(pk__in=stopped)
    return {person.pk: address for person, address in duty.reachable(people).items()}


def has_stopped(user):
    """Return whether a moderator has stopped her digests."""
    return ModeratorMail.objects.filter(pk=user.pk, stopped_at__isnull=False).exists()


def stop(user):
    """Send her no more digests. About care she is told all the same."""
    ModeratorMail.objects.update_or_create(user_id=user.pk, defaults={"stopped_at": timezone.now()})


def go_on(user):
    """Send her digests again."""
    ModeratorMail.objects.filter(pk=user.pk).update(stopped_at=None)

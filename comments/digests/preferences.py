"""Whether a moderator wishes for digests of what waits, and when she had the last one.

Like :mod:`comments.models.audit_log` this stands below the model of a comment.
"""

from django.contrib.auth import get_user_model
from django.utils import timezone

from comments.care import rota
from comments.care.rota import MODERATES
from comments.models import ModeratorMail


def moderator(key):
    """Return the account of this key if she decides about comments now, else None."""
    user = get_user_model().objects.filter(pk=key, is_active=True).first()
    return user if user and user.has_perm(MODERATES) else None


def reachable():
    """Return ``{key: address}`` of moderators who wish for digests: proved addresses alone."""
    stopped = ModeratorMail.objects.exclude(stopped_at=None).values_list("pk", flat=True)
    people = rota.moderators().exclude(pk__in=stopped)
    return {person.pk: address for person, address in rota.reachable(people).items()}


def has_stopped(user):
    """Return whether a moderator has stopped her digests."""
    return ModeratorMail.objects.filter(pk=user.pk, stopped_at__isnull=False).exists()


def stop_digests(user):
    """Send her no more digests. About care she is told all the same."""
    ModeratorMail.objects.update_or_create(user_id=user.pk, defaults={"stopped_at": timezone.now()})


def resume_digests(user):
    """Send her digests again."""
    ModeratorMail.objects.filter(pk=user.pk).update(stopped_at=None)

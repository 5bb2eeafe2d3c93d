"""Which moderators get digests, and stopping and resuming them."""

from django.contrib.auth import get_user_model
from django.utils import timezone

from comments.care import rota
from comments.care.rota import MODERATES
from comments.models import ModeratorMail


def moderator(key):
    """Return the account with this key if it moderates here now, else None."""
    user = get_user_model().objects.filter(pk=key, is_active=True).first()
    return user if user and user.has_perm(MODERATES) else None


def reachable():
    """Return ``{key: address}`` of the moderators who get digests, if their address is verified."""
    stopped = ModeratorMail.objects.exclude(stopped_at=None).values_list("pk", flat=True)
    people = rota.moderators().exclude(pk__in=stopped)
    return {person.pk: address for person, address in rota.reachable(people).items()}


def has_stopped(user):
    """Return whether a moderator has stopped their digests."""
    return ModeratorMail.objects.filter(pk=user.pk, stopped_at__isnull=False).exists()


def stop_digests(user):
    """Stop a moderator's digests. Care alerts are sent all the same."""
    ModeratorMail.objects.update_or_create(user_id=user.pk, defaults={"stopped_at": timezone.now()})


def resume_digests(user):
    """Send a moderator digests again."""
    ModeratorMail.objects.filter(pk=user.pk).update(stopped_at=None)

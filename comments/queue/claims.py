"""Who is reading which comment now, so that two moderators do not read the same one.

A claim keeps nobody from deciding: it is a word to a colleague, and it runs out by itself. Like
:mod:`comments.log` this stands below the model of a comment.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

# Long enough to read a long comment twice, short enough that a closed laptop holds up nobody.
LASTS = timedelta(minutes=4)


class ClaimQuerySet(models.QuerySet):
    def in_force(self):
        """Those that have not run out."""
        return self.filter(claimed_at__gt=timezone.now() - LASTS)


class Claim(models.Model):
    """One comment, and the moderator who opened it last."""

    comment = models.OneToOneField("comments.Comment", models.CASCADE, related_name="claim")
    who = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    claimed_at = models.DateTimeField(default=timezone.now)

    objects = ClaimQuerySet.as_manager()

    def __str__(self):
        return f"claim {self.pk}"


def take(key, who):
    """Note that ``who`` reads the comment of this key, unless somebody else does already.

    Returns the colleague (a user) whose claim is in force, or None when it is ours now.
    """
    row = Claim(comment_id=key, who=who)
    # Both in one statement each: whoever comes second changes nothing.
    Claim.objects.bulk_create([row], ignore_conflicts=True)
    free = Q(who=who) | Q(claimed_at__lte=timezone.now() - LASTS)
    if Claim.objects.filter(free, comment=key).update(who=who, claimed_at=timezone.now()):
        return None
    other = Claim.objects.select_related("who").filter(comment=key).exclude(who=who).first()
    return other and other.who


def of_others(keys, who):
    """Return ``{key of the comment: colleague}`` for claims in force that are not ours."""
    found = Claim.objects.in_force().filter(comment__in=keys).exclude(who=who)
    return {claim.comment_id: claim.who for claim in found.select_related("who")}


def release(key):
    """Let go of a comment: somebody has decided."""
    Claim.objects.filter(comment=key).delete()

"""What moderators work with in the queue: reasons, saved replies, and claims on comments.

Reasons say why a comment is not shown, kindly; a moderator chooses one and changes it at will, and
what the writer reads is what they sent. Saved replies are words that a moderator begins with.
A claim says who is reading which comment now, so that two moderators do not read the same one; it
keeps nobody from deciding: it is a word to a colleague, and it runs out by itself.
Like :mod:`comments.log` this stands below the model of a comment.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# As long as a short comment; the writer reads it on a phone.
LONGEST_REASON = 1000
# Becomes the name of the writer in a saved reply.
SLOT = "{name}"
# Long enough to read a long comment twice, short enough that a closed laptop holds up nobody.
CLAIM_LASTS = timedelta(minutes=4)


class RemovalReasonQuerySet(models.QuerySet):
    def offered(self):
        """Those that moderators are asked to choose from, in their order."""
        return self.filter(is_offered=True)


class RemovalReason(models.Model):
    """A reason with a short name for the list of choices."""

    name = models.CharField(
        _("name in the list"), max_length=60, help_text=_("Only moderators read it.")
    )
    text = models.TextField(
        _("what the writer reads"),
        max_length=LONGEST_REASON,
        help_text=_("A moderator can change it each time before she sends it."),
    )
    position = models.PositiveSmallIntegerField(
        _("place"), default=0, help_text=_("Smaller numbers stand first.")
    )
    is_offered = models.BooleanField(_("offered"), default=True)

    objects = RemovalReasonQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("reason for removing")
        verbose_name_plural = _("reasons for removing")

    def __str__(self):
        return self.name


class SavedReply(models.Model):
    """A few sentences of the owner's. ``{name}`` in them becomes the name of the writer."""

    class Use(models.TextChoices):
        ANSWER = "answer", _("an answer")
        CARE = "care", _("an answer to somebody in the care lane")

    use = models.CharField(_("what it is for"), max_length=10, choices=Use, default=Use.ANSWER)
    title = models.CharField(_("short name"), max_length=60)
    text = models.TextField(
        _("words"),
        max_length=1000,
        help_text=_("{name} becomes the name of the writer. Every word can be changed later."),
    )
    order = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    class Meta:
        verbose_name = _("saved reply")
        verbose_name_plural = _("saved replies")
        ordering = ["use", "order", "title"]

    def __str__(self):
        return self.title

    def to(self, name):
        """Return the words as they go to somebody of this name."""
        return self.text.replace(SLOT, name)


class ClaimQuerySet(models.QuerySet):
    def in_force(self):
        """Those that have not run out."""
        return self.filter(claimed_at__gt=timezone.now() - CLAIM_LASTS)


class Claim(models.Model):
    """One comment, and the moderator who opened it last."""

    comment = models.OneToOneField("comments.Comment", models.CASCADE, related_name="claim")
    who = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    claimed_at = models.DateTimeField(default=timezone.now)

    objects = ClaimQuerySet.as_manager()

    def __str__(self):
        return f"claim {self.pk}"


def take_claim(key, who):
    """Note that ``who`` reads the comment of this key, unless somebody else does already.

    Returns the colleague (a user) whose claim is in force, or None when it is ours now.
    """
    row = Claim(comment_id=key, who=who)
    # Both in one statement each: whoever comes second changes nothing.
    Claim.objects.bulk_create([row], ignore_conflicts=True)
    free = Q(who=who) | Q(claimed_at__lte=timezone.now() - CLAIM_LASTS)
    if Claim.objects.filter(free, comment=key).update(who=who, claimed_at=timezone.now()):
        return None
    other = Claim.objects.select_related("who").filter(comment=key).exclude(who=who).first()
    return other and other.who


def claims_of_others(keys, who):
    """Return ``{key of the comment: colleague}`` for claims in force that are not ours."""
    found = Claim.objects.in_force().filter(comment__in=keys).exclude(who=who)
    return {claim.comment_id: claim.who for claim in found.select_related("who")}


def release_claim(key):
    """Let go of a comment: somebody has decided."""
    Claim.objects.filter(comment=key).delete()

"""What the checks found out about a comment before a person looked, and why: "2 links", say.

Like :mod:`comments.log` this stands below the model of a comment. A row belongs to the words as
they are: when they change, the checks write anew (:func:`write`).
"""

from dataclasses import dataclass

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 300


class Verdict(models.TextChoices):
    """What a check says. The strongest one decides; no verdict ever throws anything away."""

    PUBLISH = "publish", _("publish")
    HOLD = "hold", _("hold")
    SPAM = "spam", _("hold, probably spam")
    CARE = "care", _("care")


class Finding(models.Model):
    """One check's verdict about one comment and its reason, as moderators read it."""

    Verdict = Verdict

    comment = models.ForeignKey("comments.Comment", models.CASCADE, related_name="findings")
    check_name = models.CharField(_("check"), max_length=100)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    reason = models.CharField(_("why"), max_length=LONGEST_REASON)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"finding {self.pk}"


@dataclass(frozen=True)
class Found:
    """What one check returns: the dotted name or short name of it, its verdict and reason."""

    check: str
    verdict: Verdict
    reason: str


def of(key, names):
    """Return what the checks of these names found about the comment of this key, as ``Found``."""
    if not names:
        return []
    rows = Finding.objects.filter(comment=key, check_name__in=names)
    return [Found(row.check_name, Verdict(row.verdict), row.reason) for row in rows]


def write(key, found, keep=()):
    """Replace what the checks found about the comment of this key by ``found`` (of ``Found``).

    What checks named in ``keep`` had found stays.
    """
    Finding.objects.filter(comment=key).exclude(check_name__in=keep).delete()
    Finding.objects.bulk_create(
        Finding(
            comment_id=key,
            check_name=each.check[:100],
            verdict=each.verdict,
            reason=str(each.reason)[:LONGEST_REASON],
        )
        for each in found
    )

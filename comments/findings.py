"""What the checks found out about a comment before a person looked, and why: "2 links", say.

Like :mod:`comments.log` this stands below the model of a comment. A row belongs to the words as
they are: when they change, the checks write anew (:func:`write`). Beside it stands what was learned
from moderators' decisions, which :mod:`comments.checks.learning` writes.
"""

from dataclasses import dataclass

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models import SingleRow

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


class Learned(SingleRow):
    """What was learned from moderators' decisions: one row of counts, no text and no person.

    How many decisions there were of each kind, and in how many texts each word stood.
    """

    spam = models.PositiveIntegerField(_("comments marked as spam"), default=0)
    kept = models.PositiveIntegerField(_("comments approved"), default=0)
    # {word: [how many texts of spam, how many of the others]}
    tokens = models.JSONField(default=dict)
    held_from = models.FloatField(default=0)
    # The fields of comments.checks.bayes.Quality.
    quality = models.JSONField(default=dict)
    learned_at = models.DateTimeField(_("learned"), null=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("what was learned about spam")
        verbose_name_plural = _("what was learned about spam")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="comment_learned_one_row"),
        ]

    def __str__(self):
        return str(self._meta.verbose_name)


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

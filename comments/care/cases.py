"""The care lane's rows: a comment about whose writer somebody should be told at once.

Like :mod:`comments.log` this stands below the model of a comment. Nothing closes a case but a
person (:mod:`comments.care.lane`).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_WHY = 300
# What goes when nobody has to read it any more; the reason may name words of the comment.
NOTHING_KEPT = {"why": "", "kept_words": "", "kept_until": None}


class Decision(models.TextChoices):
    """What a person did before she closed a case; a closed list, for the ones after her."""

    ANSWERED = "answered", _("I answered")
    PASSED_ON = "passed-on", _("I asked somebody who knows more")
    WELL = "well", _("Others are with her already, nothing more is needed")
    OTHERWISE = "otherwise", _("The words meant something else")


class CareCaseQuerySet(models.QuerySet):
    def open(self):
        """Those that no person has closed yet."""
        return self.filter(closed_at=None)

    def untold(self):
        """Open ones of which nobody has been told."""
        return self.open().filter(told_at=None)

    def second_due(self):
        """Open ones that have waited so long that somebody else is told, too."""
        waits = {"second_told_at": None, "second_due_at__lte": timezone.now()}
        return self.open().filter(told_at__isnull=False, **waits)

    def to_be_emptied(self):
        """Those whose kept words have been there long enough."""
        return self.filter(kept_until__lte=timezone.now())


class CareCase(models.Model):
    """One comment in the care lane.

    ``kept_words`` are those that its writer took back while nobody had decided; moderators can
    read them until the case is closed or ``kept_until`` has come. ``why`` goes with them.
    ``shows_help``: its writer finds the help text on her receipt, then and later.
    """

    Decision = Decision

    comment = models.ForeignKey("comments.Comment", models.CASCADE, related_name="care_cases")
    why = models.CharField(_("why"), max_length=LONGEST_WHY)
    opened_at = models.DateTimeField(_("since"), default=timezone.now)
    shows_help = models.BooleanField(default=False, editable=False)
    kept_words = models.TextField(blank=True, editable=False)
    kept_until = models.DateTimeField(null=True, editable=False)
    handed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handed over to"),
    )
    told_at = models.DateTimeField(null=True, editable=False)
    second_due_at = models.DateTimeField(null=True, editable=False)
    second_told_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decision = models.CharField(_("what was done"), max_length=10, choices=Decision, blank=True)
    note = models.TextField(_("note for moderators"), blank=True)

    objects = CareCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("care case")
        verbose_name_plural = _("care cases")
        constraints = [
            models.UniqueConstraint(
                fields=["comment"], condition=Q(closed_at=None), name="comment_care_case_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["opened_at"], condition=Q(closed_at=None), name="comment_care_case_open"
            )
        ]

    def __str__(self):
        return f"care case {self.pk}"

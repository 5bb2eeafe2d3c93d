"""The owner's settings of what reports do, and of when moderators hear by mail of what waits."""

from datetime import time

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Rhythm(models.TextChoices):
    """How often a moderator is told at most."""

    OFF = "off", _("never")
    HOURLY = "hourly", _("once an hour")
    DAILY = "daily", _("once a day, in the evening")


class ReportSettings(models.Model):
    """Fields of the conversation's settings."""

    # Two at least: the first report never hides anything.
    reports_to_hold = models.PositiveSmallIntegerField(
        _("reports that hide a comment"),
        null=True,
        blank=True,
        default=3,
        validators=[MinValueValidator(2), MaxValueValidator(100)],
        help_text=_(
            "It then waits for a moderator. What a moderator has looked at stays, until its writer "
            "changes it. Empty: reports hide nothing."
        ),
    )
    account_reports_count = models.PositiveSmallIntegerField(
        _("a report with an account counts as"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("A report of a guest counts as one."),
    )
    moderator_mail = models.CharField(
        _("mails to moderators about what waits"),
        max_length=10,
        choices=Rhythm,
        default=Rhythm.DAILY,
        help_text=_("Each moderator can stop hers. About care they always hear at once."),
    )
    quiet_from = models.TimeField(_("no such mails from"), null=True, blank=True, default=time(21))
    quiet_until = models.TimeField(
        _("until"),
        null=True,
        blank=True,
        default=time(7),
        help_text=_("In the time zone of the blog. Both empty: at any time."),
    )

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        if (self.quiet_from is None) != (self.quiet_until is None):
            raise ValidationError(
                {"quiet_until": _("Give both hours, or leave both empty: then it is never quiet.")}
            )

"""Care cases: comments whose writers may need help, and the moderators on duty for them.

Only a person closes a case (:mod:`comments.care.cases`).
"""

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_WHY = 300
# Fields to blank when a case is closed; ``why`` may quote the comment.
NOTHING_KEPT = {"why": "", "kept_words": "", "kept_until": None}


class Decision(models.TextChoices):
    """What was done before a case was closed, for moderators who read it later."""

    ANSWERED = "answered", _("I replied")
    PASSED_ON = "passed-on", _("I asked someone who knows more")
    WELL = "well", _("Others are already supporting them, so nothing more is needed")
    OTHERWISE = "otherwise", _("It meant something else")


class CareCaseQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Return the cases that are not closed yet."""
        return self.filter(closed_at=None)

    def not_alerted(self) -> Self:
        """Return the open cases that nobody was alerted to."""
        return self.open().filter(told_at=None)

    def second_due(self) -> Self:
        """Return the open cases that are due to alert the second contact."""
        waits = {"second_alerted_at": None, "second_due_at__lte": timezone.now()}
        return self.open().filter(told_at__isnull=False, **waits)

    def with_expired_words(self) -> Self:
        """Return the cases whose kept text is due to be deleted."""
        return self.filter(kept_until__lte=timezone.now())


class CareCase(models.Model):
    """One comment whose writer may need help.

    ``kept_words`` is the text of a comment withdrawn while the case was open; moderators can read
    it until the case is closed or until ``kept_until``. ``why`` is deleted with it. ``shows_help``:
    the writer's receipt shows the help text.
    """

    Decision = Decision

    comment = models.ForeignKey("comments.Comment", models.CASCADE, related_name="care_cases")
    why = models.CharField(_("reason"), max_length=LONGEST_WHY)
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
    second_alerted_at = models.DateTimeField(null=True, editable=False)
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


# Either end of a day.
MIDNIGHT = time(0)


class Weekday(models.IntegerChoices):
    """Days of the week, numbered as by ``datetime.weekday()``."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class DutySlot(models.Model):
    """Weekly hours in which one moderator is alerted first."""

    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(
        _("until"),
        help_text=_(
            "If this isn’t later than the start, it means the next day. 20:00 until 08:00 "
            "is a night, 00:00 until 00:00 a full day."
        ),
    )
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="duty_slots",
        verbose_name=_("person"),
    )

    class Meta:
        verbose_name = _("on-call shift")
        verbose_name_plural = _("on-call shifts")
        ordering = ["weekday", "starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="comment_duty_weekday")
        ]

    def __str__(self):
        return self.in_words

    @property
    def over_midnight(self) -> bool:
        return self.ends <= self.starts

    @property
    def in_words(self) -> str:
        return f"{self.get_weekday_display()} {self.hours}"

    @property
    def hours(self) -> str:
        """Its hours for display: "20:00–08:00"."""
        return f"{self.starts:%H:%M}–" + (
            f"{self.ends:%H:%M}" if self.ends != MIDNIGHT else "24:00"
        )

    def includes(self, moment: datetime, zone: tzinfo) -> bool:
        """Return whether an aware time is in this slot, begun on that day or the day before."""
        here = moment.astimezone(zone)
        days = (here.date(), here.date() - timedelta(days=1))
        return any(
            day.weekday() == self.weekday and start <= moment.astimezone(UTC) < end
            for day in days
            for start, end in [self._span(day, zone)]
        )

    def _span(self, day, zone):
        """Return ``[start, end]`` in UTC of the slot that begins on that day.

        Both are local times: when the clocks change, the slot is shorter or longer, and there is
        no gap between a slot and one that begins when it ends.
        """
        last = day + timedelta(days=1) if self.over_midnight else day
        pairs = ((day, self.starts), (last, self.ends))
        # UTC, since datetimes of one zone are compared by local time.
        return [datetime.combine(date, at, zone).astimezone(UTC) for date, at in pairs]


class DutyPreference(models.Model):
    """A moderator's preferences for care: quiet hours, and whether text is blurred."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="duty_wish", editable=False
    )
    quiet_from = models.TimeField(_("quiet hours from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet hours until"), null=True, blank=True)
    blurs = models.BooleanField(
        _("blur the text of comments in Care"),
        null=True,
        blank=True,
        choices=[(None, _("same as the blog")), (True, _("yes")), (False, _("no"))],
        help_text=_("The text stays blurred until you click, tap or tab to it."),
    )

    class Meta:
        verbose_name = _("my on-call settings")
        verbose_name_plural = _("my on-call settings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_until=None)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="comment_quiet_both",
                violation_error_message=_("Quiet hours need both a start and an end."),
            )
        ]

    def __str__(self):
        return str(self._meta.verbose_name)

    def is_quiet_at(self, here: time) -> bool:
        """Return whether a time of day, in the blog's time zone, is in the quiet hours."""
        if self.quiet_from is None:
            return False
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= here < self.quiet_until
        return here >= self.quiet_from or here < self.quiet_until

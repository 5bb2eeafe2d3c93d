"""Who is told when somebody should look: a weekly table, in the time zone of the blog.

Where the table has nobody, everybody who moderates is told, and the owner.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import addresses
from blog.models import Blog

MODERATES = "comments.moderate_comment"
# As both ends of a day are written.
MIDNIGHT = time(0)
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Weekday(models.IntegerChoices):
    """As ``datetime.weekday()`` counts."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class DutySlot(models.Model):
    """A few hours of each week in which one person is told first."""

    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(
        _("until"),
        help_text=_(
            "Not later than it begins: until then on the next day. 20:00 until 08:00 is a night, "
            "00:00 until 00:00 a whole day."
        ),
    )
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="duty_slots",
        verbose_name=_("who"),
    )

    class Meta:
        verbose_name = _("hours of duty")
        verbose_name_plural = _("hours of duty")
        ordering = ["weekday", "starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="comment_duty_weekday")
        ]

    def __str__(self):
        return self.in_words

    @property
    def over_midnight(self):
        return self.ends <= self.starts

    @property
    def in_words(self):
        return f"{self.get_weekday_display()} {self.hours}"

    @property
    def hours(self):
        """Its hours as a person writes them: "20:00–08:00"."""
        return f"{self.starts:%H:%M}–" + (
            f"{self.ends:%H:%M}" if self.ends != MIDNIGHT else "24:00"
        )

    def includes(self, moment, zone):
        """Return whether a moment (aware) is in this slot of its own week or the night before."""
        here = moment.astimezone(zone)
        days = (here.date(), here.date() - timedelta(days=1))
        return any(
            day.weekday() == self.weekday and start <= moment.astimezone(UTC) < end
            for day in days
            for start, end in [self._span(day, zone)]
        )

    def _span(self, day, zone):
        """From when to when it lasts if it begins on that day, in UTC.

        As the clocks on the wall show it: where an hour is left out or comes twice the slot is
        shorter or longer, and no moment lies between one that ends and one that begins at a time.
        """
        last = day + timedelta(days=1) if self.over_midnight else day
        pairs = ((day, self.starts), (last, self.ends))
        # UTC, since two times of one zone are compared as clocks show them.
        return [datetime.combine(date, at, zone).astimezone(UTC) for date, at in pairs]


@dataclass(frozen=True)
class Day:
    """A day of the table: slots that begin, those of the night before, and hours of nobody."""

    weekday: int
    name: str
    slots: list
    night: list
    gaps: list


def week():
    """Return the whole table, seven of ``Day`` from Monday on."""
    by_day = {day: [] for day in Weekday}
    for slot in DutySlot.objects.select_related("moderator"):
        by_day[slot.weekday].append(slot)
    return [_day(day, by_day[day], by_day[(day - 1) % 7]) for day in Weekday]


def _day(day, slots, before):
    night = [slot for slot in before if slot.over_midnight and slot.ends != MIDNIGHT]
    taken = [(MIDNIGHT, slot.ends) for slot in night]
    taken += [(slot.starts, None if slot.over_midnight else slot.ends) for slot in slots]
    return Day(day.value, day.label, slots, night, _gaps(taken))


def _gaps(taken):
    """Return ``["08:00–20:00"]``, what pairs of times leave free; None is the end of the day."""
    gaps, free = [], MIDNIGHT
    for start, end in sorted(taken, key=lambda pair: pair[0]):
        if start > free:
            gaps.append(f"{free:%H:%M}–{start:%H:%M}")
        if end is None:
            return gaps
        free = max(free, end)
    return [*gaps, f"{free:%H:%M}–24:00"]


def moderators():
    """Return a queryset of everybody who may decide about comments, the owner among them."""
    return get_user_model().objects.with_perm(MODERATES, backend=BACKEND).order_by("username")


def on_duty(moment=None):
    """Return those whom the table names for a moment (now), as far as they still moderate."""
    moment, zone = moment or timezone.now(), _zone()
    slots = DutySlot.objects.filter(moderator__in=moderators()).select_related("moderator")
    found = {slot.moderator_id: slot.moderator for slot in slots if slot.includes(moment, zone)}
    return list(found.values())


def told_first(moment=None):
    """Return ``{user: address}`` of who is told at a moment (now) that somebody should look.

    Who is on duty and has no quiet hours; if all of them have, all of them; if nobody is on duty
    or can be reached, everybody who moderates.
    """
    moment = moment or timezone.now()
    duty = reachable(on_duty(moment))
    quiet = _in_quiet_hours(duty, moment)
    awake = {person: address for person, address in duty.items() if person.pk not in quiet}
    return awake or duty or reachable(moderators())


def reachable(people):
    """Return ``{user: address}``: a mail goes to proved addresses alone."""
    people = {person.pk: person for person in people}
    found = addresses.of_people(people)
    return {people[key]: found[key] for key in people if key in found}


def _in_quiet_hours(people, moment):
    here = moment.astimezone(_zone()).time()
    wishes = DutyWish.objects.filter(user__in=[person.pk for person in people])
    return {wish.user_id for wish in wishes if wish.is_quiet_at(here)}


def _zone():
    return ZoneInfo(Blog.get().time_zone)


class DutyWish(models.Model):
    """What a moderator wishes for herself: quiet hours, and whether words are blurred."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="duty_wish", editable=False
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    blurs = models.BooleanField(
        _("blur the words of care in the queue"),
        null=True,
        blank=True,
        choices=[(None, _("as the blog does")), (True, _("yes")), (False, _("no"))],
        help_text=_("They stay unreadable until you go to them."),
    )

    class Meta:
        verbose_name = _("my duty")
        verbose_name_plural = _("my duty")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_until=None)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="comment_quiet_both",
                violation_error_message=_("Quiet hours have a beginning and an end."),
            )
        ]

    def __str__(self):
        return str(self._meta.verbose_name)

    def is_quiet_at(self, here):
        """Return whether a time of the blog's day lies in the quiet hours."""
        if self.quiet_from is None:
            return False
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= here < self.quiet_until
        return here >= self.quiet_from or here < self.quiet_until


def blurs(user, settings):
    """Return whether the queue blurs the words for this moderator.

    ``settings`` is the row of ``ConversationSettings``.
    """
    chosen = DutyWish.objects.filter(user=user).values_list("blurs", flat=True).first()
    return settings.care_blurred if chosen is None else chosen

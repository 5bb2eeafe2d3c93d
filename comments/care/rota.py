"""Who is told when somebody should look: a weekly table, in the time zone of the blog.

Where the table has nobody, everybody who moderates is told, and the owner.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.utils import timezone

from accounts.mail import address_proofs
from blog.models import Blog
from comments.models import DutyPreference, DutySlot
from comments.models.care import MIDNIGHT, Weekday

MODERATES = "comments.moderate_comment"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class RotaDay:
    """A day of the table: slots that begin, those of the night before, and hours of nobody."""

    weekday: int
    name: str
    slots: list
    night: list
    gaps: list


def weekly_table():
    """Return the whole table, seven of ``Day`` from Monday on."""
    by_day = {day: [] for day in Weekday}
    for slot in DutySlot.objects.select_related("moderator"):
        by_day[slot.weekday].append(slot)
    return [_day(day, by_day[day], by_day[(day - 1) % 7]) for day in Weekday]


def _day(day, slots, before):
    night = [slot for slot in before if slot.over_midnight and slot.ends != MIDNIGHT]
    taken = [(MIDNIGHT, slot.ends) for slot in night]
    taken += [(slot.starts, None if slot.over_midnight else slot.ends) for slot in slots]
    return RotaDay(day.value, day.label, slots, night, _gaps(taken))


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


def first_contacts(moment=None):
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
    found = address_proofs.verified_addresses(people)
    return {people[key]: found[key] for key in people if key in found}


def _in_quiet_hours(people, moment):
    here = moment.astimezone(_zone()).time()
    wishes = DutyPreference.objects.filter(user__in=[person.pk for person in people])
    return {wish.user_id for wish in wishes if wish.is_quiet_at(here)}


def _zone():
    return ZoneInfo(Blog.get().time_zone)


def blurs(user, settings):
    """Return whether the queue blurs the words for this moderator.

    ``settings`` is the row of ``ConversationSettings``.
    """
    chosen = DutyPreference.objects.filter(user=user).values_list("blurs", flat=True).first()
    return settings.care_blurred if chosen is None else chosen

"""The weekly rota: which moderators are alerted to care cases, in the blog's time zone.

While nobody is on duty, every moderator is alerted, and the owner.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.mail import address_proofs
from accounts.models import User
from blog.models import Blog
from comments.models import ConversationSettings, DutyPreference, DutySlot
from comments.models.care import MIDNIGHT, Weekday

MODERATES = "comments.moderate_comment"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class RotaDay:
    """A day of the rota: slots that begin, those from the night before, and uncovered hours."""

    weekday: int
    name: str
    slots: list
    night: list
    gaps: list


def weekly_table() -> list[RotaDay]:
    """Return the whole rota, from Monday on."""
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
    """Return the uncovered hours, as ``["08:00–20:00"]``; an end of None is the end of the day."""
    gaps, free = [], MIDNIGHT
    for start, end in sorted(taken, key=lambda pair: pair[0]):
        if start > free:
            gaps.append(f"{free:%H:%M}–{start:%H:%M}")
        if end is None:
            return gaps
        free = max(free, end)
    return [*gaps, f"{free:%H:%M}–24:00"]


def moderators() -> QuerySet[User]:
    """Return everybody who may moderate comments, including the owner.

    Django's ``with_perm`` says the same, but asks about each account, of which there may be many.
    """
    people = get_user_model()
    app, codename = MODERATES.split(".")
    permission = Permission.objects.filter(content_type__app_label=app, codename=codename)
    by_group = people.groups.through.objects.filter(group__permissions__in=permission)
    directly = people.user_permissions.through.objects.filter(permission__in=permission)
    allowed = Q(pk__in=by_group.values("user")) | Q(pk__in=directly.values("user"))
    return people.objects.filter(allowed | Q(is_superuser=True), is_active=True).order_by(
        "username"
    )


def on_duty(moment: datetime | None = None) -> list[User]:
    """Return the moderators on duty at a moment (default: now)."""
    moment, zone = moment or timezone.now(), _zone()
    slots = DutySlot.objects.filter(moderator__in=moderators()).select_related("moderator")
    people = {slot.moderator_id: slot.moderator for slot in slots if slot.includes(moment, zone)}
    return list(people.values())


def first_contacts(moment: datetime | None = None) -> dict[User, str]:
    """Return ``{user: address}`` of those to alert first at a moment (default: now).

    Whoever is on duty outside their quiet hours; if all have quiet hours, all on duty; if nobody
    is on duty or reachable, every moderator.
    """
    moment = moment or timezone.now()
    duty = reachable(on_duty(moment))
    quiet = _in_quiet_hours(duty, moment)
    awake = {person: address for person, address in duty.items() if person.pk not in quiet}
    return awake or duty or reachable(moderators())


def reachable(people: Iterable[User]) -> dict[User, str]:
    """Return ``{user: address}`` of those with a verified address."""
    people = {person.pk: person for person in people}
    addresses = address_proofs.verified_addresses(people)
    return {people[key]: addresses[key] for key in people if key in addresses}


def _in_quiet_hours(people, moment):
    here = moment.astimezone(_zone()).time()
    preferences = DutyPreference.objects.filter(user__in=[person.pk for person in people])
    return {each.user_id for each in preferences if each.is_quiet_at(here)}


def _zone():
    return ZoneInfo(Blog.get().time_zone)


def blurs(user: User, settings: ConversationSettings) -> bool:
    """Return whether the queue blurs the text of care cases for this moderator."""
    chosen = DutyPreference.objects.filter(user=user).values_list("blurs", flat=True).first()
    return settings.care_blurred if chosen is None else chosen

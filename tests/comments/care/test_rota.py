"""The rota: who is alerted when, over midnight, over clock changes, and with quiet hours."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from blog.models import Blog
from comments.care import rota
from comments.models import DutyPreference, DutySlot

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.care.rota")]
VIENNA = ZoneInfo("Europe/Vienna")
MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6


@pytest.fixture(autouse=True)
def blog_in_vienna(db):
    Blog.get()
    Blog.objects.update(time_zone="Europe/Vienna")


def slot(weekday, starts, ends, who):
    return DutySlot.objects.create(
        weekday=weekday,
        starts=time.fromisoformat(starts),
        ends=time.fromisoformat(ends),
        moderator=who,
    )


def at(text, fold=0):
    """Return a moment in the blog's time zone."""
    return datetime.fromisoformat(text).replace(tzinfo=VIENNA, fold=fold)


def told(moment):
    return sorted(person.username for person in rota.first_contacts(moment))


@pytest.mark.parametrize(
    ("moment", "names"),
    [
        ("2026-11-23 09:59", ["mia", "owner"]),  # a Monday
        ("2026-11-23 10:00", ["mia"]),
        ("2026-11-23 11:59:59", ["mia"]),
        ("2026-11-23 12:00", ["mia", "owner"]),
        ("2026-11-24 10:30", ["mia", "owner"]),
        ("2026-11-30 10:30", ["mia"]),
    ],
)
def test_the_moderator_on_duty_is_alerted_and_everybody_if_nobody_is(mia, owner, moment, names):
    slot(MONDAY, "10:00", "12:00", mia)
    assert told(at(moment)) == names


@pytest.mark.parametrize(
    ("moment", "names"),
    [
        ("2026-11-22 19:59", ["mia", "owner"]),
        ("2026-11-22 20:00", ["mia"]),
        ("2026-11-22 23:59", ["mia"]),
        ("2026-11-23 00:00", ["mia"]),
        ("2026-11-23 07:59", ["mia"]),
        ("2026-11-23 08:00", ["mia", "owner"]),
        ("2026-11-23 20:30", ["mia", "owner"]),
    ],
)
def test_a_night_shift_continues_after_midnight_and_from_sunday_into_monday(
    mia, owner, moment, names
):
    slot(SUNDAY, "20:00", "08:00", mia)
    assert told(at(moment)) == names


def test_equal_start_and_end_mean_a_whole_day(mia, owner):
    slot(FRIDAY, "00:00", "00:00", mia)
    assert told(at("2026-11-27 00:00")) == told(at("2026-11-27 23:59")) == ["mia"]
    assert told(at("2026-11-26 23:59")) == told(at("2026-11-28 00:00")) == ["mia", "owner"]


def test_hours_are_in_the_blogs_time_zone(mia, owner):
    slot(MONDAY, "23:00", "23:30", mia)
    assert told(datetime.fromisoformat("2026-11-23 22:10+00:00")) == ["mia"]
    assert told(datetime.fromisoformat("2026-11-23 23:10+00:00")) == ["mia", "owner"]


@pytest.mark.parametrize("night", ["2026-03-28", "2026-10-24"], ids=["spring", "autumn"])
def test_no_moment_is_uncovered_when_the_clocks_change(mia, owner, night):
    """Two share the night in which 02:30 is left out, or comes twice: one of them is always on."""
    slot(SATURDAY, "20:00", "02:30", mia)
    slot(SUNDAY, "02:30", "08:00", owner)
    begin = at(f"{night} 20:00").timestamp()
    end = datetime.fromisoformat(night).replace(hour=8, tzinfo=VIENNA).timestamp() + 23 * 3600
    for minutes in range(0, int(end - begin) // 60, 10):
        moment = datetime.fromtimestamp(begin + minutes * 60, ZoneInfo("UTC"))
        if moment.astimezone(VIENNA).hour < 8 or moment.astimezone(VIENNA).hour >= 20:
            assert len(rota.on_duty(moment)) == 1, moment


def test_the_repeated_hour_belongs_to_whoever_has_it_in_the_rota(mia, owner):
    slot(SUNDAY, "01:00", "03:00", mia)
    for fold in (0, 1):
        assert told(at("2026-10-25 02:30", fold)) == ["mia"]
    assert told(at("2026-10-25 03:00")) == ["mia", "owner"]


def test_several_can_be_on_duty_and_each_is_alerted_once(mia, owner):
    slot(MONDAY, "10:00", "12:00", mia)
    slot(MONDAY, "09:00", "11:00", mia)
    slot(MONDAY, "10:00", "12:00", owner)
    assert told(at("2026-11-23 10:30")) == ["mia", "owner"]


# -- quiet hours, and who cannot be alerted ----------------------------------------------


def quiet(who, begins, ends):
    DutyPreference.objects.create(
        user=who, quiet_from=time.fromisoformat(begins), quiet_until=time.fromisoformat(ends)
    )


@pytest.mark.parametrize(
    ("moment", "names"),
    [
        ("2026-11-23 21:59", ["mia", "owner"]),
        ("2026-11-23 22:00", ["owner"]),
        ("2026-11-24 06:59", ["owner"]),
        ("2026-11-24 07:00", ["mia", "owner"]),
    ],
)
def test_quiet_hours_apply_while_somebody_else_is_on_duty(mia, owner, moment, names):
    for who in (mia, owner):
        slot(MONDAY, "20:00", "08:00", who)
    quiet(mia, "22:00", "07:00")
    assert told(at(moment)) == names


def test_quiet_hours_within_a_day(mia, owner):
    for who in (mia, owner):
        slot(MONDAY, "10:00", "16:00", who)
    quiet(mia, "12:00", "13:00")
    assert told(at("2026-11-23 12:30")) == ["owner"]
    assert told(at("2026-11-23 13:00")) == ["mia", "owner"]


def test_quiet_hours_are_ignored_when_nobody_else_is_on_duty(mia, owner):
    slot(MONDAY, "20:00", "08:00", mia)
    quiet(mia, "22:00", "07:00")
    quiet(owner, "00:00", "23:59")
    assert told(at("2026-11-23 23:00")) == ["mia"]
    assert told(at("2026-11-25 23:00")) == ["mia", "owner"]


def test_readers_authors_and_inactive_accounts_are_not_alerted(alice, bob, mia, owner, person):
    gone = person("gone", group="Moderators", is_staff=True, is_active=False)
    for who in (alice, bob, gone):
        slot(MONDAY, "10:00", "12:00", who)
    assert told(at("2026-11-23 10:30")) == ["mia", "owner"]


def test_if_the_moderator_on_duty_has_no_verified_address_everybody_is_alerted(mia, owner, person):
    new = person("new", group="Moderators", is_staff=True, verified=False)
    slot(MONDAY, "10:00", "12:00", new)
    assert told(at("2026-11-23 10:30")) == ["mia", "owner"]


# -- the table on the page ---------------------------------------------------------------


def gaps():
    return [day.gaps for day in rota.weekly_table()]


def test_a_week_without_anybody_is_one_gap_each_day(db):
    assert gaps() == [["00:00–24:00"]] * 7


def test_gaps_stand_between_the_hours_of_a_day_and_those_of_the_night_before(mia):
    slot(SUNDAY, "20:00", "08:00", mia)
    slot(MONDAY, "10:00", "12:00", mia)
    slot(MONDAY, "11:00", "14:00", mia)
    slot(FRIDAY, "00:00", "00:00", mia)
    week = gaps()
    assert week[MONDAY] == ["08:00–10:00", "14:00–24:00"]
    assert week[SUNDAY] == ["00:00–20:00"]
    assert week[FRIDAY] == []
    assert week[SATURDAY] == ["00:00–24:00"]

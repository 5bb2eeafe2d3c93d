"""The mail that somebody should look: to whom, when, how often, and what it never says."""

import logging

import pytest

from accounts.models import Mail
from comments.care import alerts, cases
from comments.models import CareCase, DutySlot, ModerationAction
from config import due_work
from tests.comments.care_cases import (
    PHRASE,
    WORDS,
    case_of,
    change_settings,
    later,
    run_due,
    switch_on,
    told,
    worry,
)
from tests.comments.factories import say
from tests.comments.mail import everything_in

pytestmark = pytest.mark.django_db
TITLE = "A title that nobody reads in a mail"


@pytest.fixture
def always(mia):
    """mia is on duty all week."""
    for day in range(7):
        DutySlot.objects.create(weekday=day, starts="00:00", ends="00:00", moderator=mia)
    return mia


@pytest.fixture
def case(published_post, owner, always):
    switch_on()
    comment = say(published_post(title=TITLE), name="Wren of the lake", body=WORDS)
    return worry(comment, f"care phrase: “{PHRASE}”")


def test_who_is_on_duty_is_told_at_once(case, post_office):
    run_due()
    assert post_office.to() == ["mia@example.org"]


def test_where_nobody_is_on_duty_everybody_who_moderates_is_told(
    published_post, mia, owner, alice, bob, post_office
):
    worry(say(published_post()))
    run_due()
    assert sorted(post_office.to()) == ["mia@example.org", "owner@example.org"]


def test_the_mail_says_nothing_but_that_somebody_should_look(case, post_office, settings):
    settings.DEFAULT_FROM_EMAIL = "The quiet blog <blog@example.org>"
    run_due()
    whole = everything_in(post_office.mails[0]).casefold()
    for secret in ("wren", "lighthouse", "lost", "title that", "quiet blog", "care", "/comments/"):
        assert secret not in whole
    assert "http://localhost/admin/" in whole
    assert "somebody should look at something" in whole


def test_no_log_and_no_row_beside_the_comment_holds_a_word_of_it(
    case, mia, owner, caplog, post_office
):
    caplog.set_level(logging.DEBUG)
    post_office.answers = ["451 lost lighthouse"] * 3
    run_due()
    cases.hand_over(case.pk, owner, mia)
    run_due()
    cases.close_case(case.pk, mia)
    ours = [each.getMessage() for each in caplog.records if each.name != "mail.log"]
    assert ours
    kept = [str(row) for model in (Mail, ModerationAction) for row in model.objects.values()]
    for text in [*ours, *kept, str(case), repr(case)]:
        assert "lighthouse" not in text.casefold()


def test_nobody_is_told_twice_of_the_same(case, post_office):
    for _ in range(3):
        run_due()
    CareCase.objects.update(told_at=None)  # as if a worker had died before it noted it
    run_due()
    assert post_office.to() == ["mia@example.org"]


def test_a_case_that_was_closed_before_alerts_nobody(case, mia, post_office):
    cases.close_case(case.pk, mia)
    run_due()
    assert told() == []


def test_a_mail_that_waits_is_dropped_when_the_case_is_closed(case, mia, post_office):
    alerts.do_due()
    cases.close_case(case.pk, mia)
    run_due()
    assert post_office.mails == []
    assert Mail.objects.get(name="please_look").dropped_at


def test_a_dead_mail_server_delays_the_mail_and_loses_nothing(case, post_office):
    post_office.close()
    run_due()
    assert case_of(case.comment).told_at
    post_office.open()
    with later(minutes=2):
        run_due()
    assert post_office.to() == ["mia@example.org"]


def test_where_nobody_can_be_told_the_work_stays_due_and_is_late(published_post):
    comment = say(published_post())
    worry(comment)
    run_due()
    assert case_of(comment).told_at is None
    with later(minutes=11):
        run_due()
        assert due_work.is_late()


# -- after a while -----------------------------------------------------------------------


def test_after_half_an_hour_everybody_else_is_told_once(case, post_office):
    run_due()
    with later(minutes=29):
        run_due()
        assert told() == ["mia"]
    for minutes in (30, 90, 600):
        with later(minutes=minutes):
            run_due()
    assert told() == ["mia", "owner"]


def test_the_second_contact_is_whom_the_owner_chose_after_the_time_she_chose(
    case, person, post_office
):
    ines = person("ines", group="Moderators", is_staff=True)
    change_settings(care_second_contact=ines, care_second_after=5)
    run_due()
    with later(minutes=5):
        run_due()
    assert told() == ["mia", "ines"]


@pytest.mark.parametrize("why", ["on duty already", "no moderator any more", "no address"])
def test_a_second_contact_who_cannot_help_leaves_nobody_untold(case, person, mia, why):
    if why == "on duty already":
        contact = mia
    elif why == "no address":
        contact = person("ines", group="Moderators", is_staff=True, proved=False)
    else:
        contact = person("ines")
    change_settings(care_second_contact=contact)
    run_due()
    with later(minutes=30):
        run_due()
    assert told() == ["mia", "owner"]


def test_a_case_closed_in_time_tells_no_second_contact(case, mia):
    run_due()
    cases.close_case(case.pk, mia)
    with later(hours=2):
        run_due()
    assert told() == ["mia"]


def test_quiet_work_writes_nothing_when_nothing_is_due(case, django_assert_max_num_queries):
    run_due()
    with django_assert_max_num_queries(3):
        alerts.do_due()


def test_with_a_colleague_the_time_of_the_second_contact_begins_anew(case, mia, owner, person):
    ines = person("ines", group="Moderators", is_staff=True)
    change_settings(care_second_contact=owner)
    run_due()
    with later(minutes=20):
        cases.hand_over(case.pk, ines, mia)
        run_due()
    with later(minutes=35):
        run_due()
        assert told() == ["mia", "ines"]
    with later(minutes=50):
        run_due()
    assert told() == ["mia", "ines", "owner"]


def test_a_mail_to_a_colleague_is_dropped_when_it_went_on_to_another(
    case, mia, owner, person, post_office
):
    ines = person("ines", group="Moderators", is_staff=True)
    alerts.do_due()
    cases.hand_over(case.pk, ines, mia)
    cases.hand_over(case.pk, owner, mia)
    run_due()
    assert post_office.to() == ["mia@example.org", "owner@example.org"]


def test_one_who_was_handed_a_case_before_anybody_was_told_is_the_only_one_told_at_first(
    case, mia, owner
):
    cases.hand_over(case.pk, owner, mia)
    run_due()
    assert told() == ["owner"]

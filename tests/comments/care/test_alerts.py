"""Care alerts by mail: to whom, when, how often, and what they never say."""

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


def test_the_moderator_on_duty_is_alerted_at_once(case, post_office):
    run_due()
    assert post_office.to() == ["mia@example.org"]


def test_all_moderators_are_alerted_when_nobody_is_on_duty(
    published_post, mia, owner, alice, bob, post_office
):
    worry(say(published_post()))
    run_due()
    assert sorted(post_office.to()) == ["mia@example.org", "owner@example.org"]


def test_the_mail_says_only_that_somebody_should_look(case, post_office, settings):
    settings.DEFAULT_FROM_EMAIL = "The quiet blog <blog@example.org>"
    run_due()
    whole = everything_in(post_office.mails[0]).casefold()
    for secret in ("wren", "lighthouse", "lost", "title that", "quiet blog", "care", "/comments/"):
        assert secret not in whole
    assert "http://localhost/admin/" in whole
    assert "something needs attention as soon as possible" in whole


def test_no_log_and_no_other_row_holds_a_word_of_the_comment(case, mia, owner, caplog, post_office):
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


def test_nobody_is_alerted_twice_of_the_same_case(case, post_office):
    for _ in range(3):
        run_due()
    CareCase.objects.update(told_at=None)  # as if a worker had died before it recorded the alert
    run_due()
    assert post_office.to() == ["mia@example.org"]


def test_a_case_closed_before_the_alert_alerts_nobody(case, mia, post_office):
    cases.close_case(case.pk, mia)
    run_due()
    assert told() == []


def test_a_queued_alert_is_dropped_when_the_case_is_closed(case, mia, post_office):
    alerts.do_due()
    cases.close_case(case.pk, mia)
    run_due()
    assert post_office.mails == []
    assert Mail.objects.get(name="please_look").dropped_at


def test_a_dead_mail_server_delays_the_alert_and_loses_nothing(case, post_office):
    post_office.close()
    run_due()
    assert case_of(case.comment).told_at
    post_office.open()
    with later(minutes=2):
        run_due()
    assert post_office.to() == ["mia@example.org"]


def test_the_alert_stays_due_and_is_late_while_nobody_can_be_alerted(published_post):
    comment = say(published_post())
    worry(comment)
    run_due()
    assert case_of(comment).told_at is None
    with later(minutes=11):
        run_due()
        assert due_work.is_late()


# -- after a while -----------------------------------------------------------------------


def test_after_half_an_hour_all_other_moderators_are_alerted_once(case, post_office):
    run_due()
    with later(minutes=29):
        run_due()
        assert told() == ["mia"]
    for minutes in (30, 90, 600):
        with later(minutes=minutes):
            run_due()
    assert told() == ["mia", "owner"]


def test_the_owner_chooses_the_second_contact_and_the_delay(case, person, post_office):
    ines = person("ines", group="Moderators", is_staff=True)
    change_settings(care_second_contact=ines, care_second_after=5)
    run_due()
    with later(minutes=5):
        run_due()
    assert told() == ["mia", "ines"]


@pytest.mark.parametrize("why", ["on duty already", "no moderator any more", "no address"])
def test_if_the_second_contact_cannot_be_alerted_everybody_is(case, person, mia, why):
    if why == "on duty already":
        contact = mia
    elif why == "no address":
        contact = person("ines", group="Moderators", is_staff=True, verified=False)
    else:
        contact = person("ines")
    change_settings(care_second_contact=contact)
    run_due()
    with later(minutes=30):
        run_due()
    assert told() == ["mia", "owner"]


def test_a_case_closed_in_time_alerts_no_second_contact(case, mia):
    run_due()
    cases.close_case(case.pk, mia)
    with later(hours=2):
        run_due()
    assert told() == ["mia"]


def test_with_nothing_due_the_worker_writes_nothing(case, django_assert_max_num_queries):
    run_due()
    with django_assert_max_num_queries(3):
        alerts.do_due()


def test_handing_a_case_over_restarts_the_time_to_the_second_contact(case, mia, owner, person):
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


def test_a_queued_alert_is_dropped_when_the_case_is_handed_on(
    case, mia, owner, person, post_office
):
    ines = person("ines", group="Moderators", is_staff=True)
    alerts.do_due()
    cases.hand_over(case.pk, ines, mia)
    cases.hand_over(case.pk, owner, mia)
    run_due()
    assert post_office.to() == ["mia@example.org", "owner@example.org"]


def test_a_case_handed_over_before_the_alert_alerts_only_the_new_moderator(case, mia, owner):
    cases.hand_over(case.pk, owner, mia)
    run_due()
    assert told() == ["owner"]

"""Mails to moderators about the queue: in the owner's rhythm, and nothing twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from accounts.mail import address_proofs
from accounts.models import Mail
from blog.models import Blog, Post
from comments.care import cases
from comments.digests import due as digests_due
from comments.digests import preferences
from comments.models import Comment, ConversationSettings, Report
from comments.moderation import decisions
from comments.tree.status import Status
from config import due_work
from tests.comments.factories import say
from tests.comments.mail import everything_in, links_in, one_click, run_due
from tests.comments.report_http import report

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.digests.preferences")]

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
EVENING = NOON.replace(hour=18)
# A new blog's quiet hours, from 21:00 until 07:00. Tests have none unless they set them.
AT_NIGHT = {
    name: ConversationSettings._meta.get_field(name).default
    for name in ("quiet_from", "quiet_until")
}


@pytest.fixture
def post(published_post):
    return published_post(comment_mode="moderated", published_at=NOON - timedelta(days=9))


@pytest.fixture
def clock(post):
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def hourly():
    setting(moderator_mail="hourly")


def setting(**values):
    ConversationSettings.objects.update(**values)


def wait(post, **fields):
    return say(post, status=Status.PENDING, **fields)


def at(clock, moment):
    clock.move_to(moment)
    run_due()


def test_in_the_evening_moderators_and_the_owner_are_told_how_many_comments_wait(
    clock, post, mia, owner, bob, post_office
):
    wait(post)
    clock.shift(timedelta(hours=2))
    wait(post)
    at(clock, EVENING - timedelta(seconds=1))
    assert post_office.mails == []
    at(clock, EVENING)
    assert sorted(post_office.to()) == ["mia@example.org", "owner@example.org"]
    mail = post_office.mails[0]
    assert mail["Subject"] == "2 comments are waiting for you"
    told = everything_in(mail).replace("\xa0", " ")
    assert "2 comments are waiting for a decision, the oldest for 6 hours." in told
    assert len(links_in(mail)) == 3


def test_a_mail_holds_no_word_no_name_and_no_title(clock, post, mia, post_office):
    post.title, post.slug = "About my illness", "about-my-illness"
    post.save()
    reported = say(post, name="Ottilie", body="A secret that is told.")
    wait(post, name="Rosalind", body="Nobody knows of this.", email="rosalind@example.com")
    report(reported, text="It names my street.")
    Blog.objects.update(title="Letters from Ward 7")
    at(clock, EVENING)
    (mail,) = post_office.mails
    told = everything_in(mail)
    for secret in "illness Ottilie Rosalind rosalind secret Nobody street Ward Wren".split():
        assert secret not in told, secret
    assert "reported by readers" in told
    assert "not reviewed yet" in told
    assert mail["From"] == "hearth@localhost" or "<" not in mail["From"]


def test_nothing_is_sent_with_an_empty_queue_or_if_switched_off(clock, post, mia, post_office):
    say(post)
    at(clock, EVENING)
    setting(moderator_mail="off")
    wait(post)
    at(clock, EVENING + timedelta(days=1))
    assert post_office.mails == []
    assert digests_due.due_since() is None


def test_mails_come_once_an_hour_at_most_and_only_with_news(clock, post, mia, hourly, post_office):
    wait(post)
    at(clock, NOON + timedelta(minutes=59))
    assert post_office.mails == []
    for minutes, mails in ((60, 1), (61, 1), (120, 1), (180, 1)):
        at(clock, NOON + timedelta(minutes=minutes))
        assert len(post_office.mails) == mails, minutes
    wait(post)
    at(clock, NOON + timedelta(minutes=239))
    assert len(post_office.mails) == 1
    at(clock, NOON + timedelta(minutes=240))
    assert len(post_office.mails) == 2
    assert "2 comments are waiting" in post_office.mails[1]["Subject"]


def test_comments_still_waiting_are_mentioned_again_after_a_day(
    clock, post, mia, hourly, post_office
):
    wait(post)
    for hours in range(1, 49):
        at(clock, NOON + timedelta(hours=hours))
    assert len(post_office.mails) == 2
    setting(moderator_mail="daily")
    for hours in range(49, 49 + 48):
        at(clock, NOON + timedelta(hours=hours))
    assert len(post_office.mails) == 4


def test_an_old_comment_newly_reported_or_held_is_news(clock, post, mia, hourly, post_office):
    old = say(post, created_at=NOON - timedelta(days=3))
    at(clock, NOON + timedelta(hours=1))
    clock.shift(timedelta(minutes=10))
    report(old)
    at(clock, NOON + timedelta(hours=1, minutes=20))
    assert post_office.mails == []
    at(clock, NOON + timedelta(hours=2))
    assert len(post_office.mails) == 1
    clock.shift(timedelta(minutes=10))
    decisions.decide([old.pk], "hold", mia)
    at(clock, NOON + timedelta(hours=2, minutes=20))
    assert len(post_office.mails) == 1
    at(clock, NOON + timedelta(hours=3))
    assert len(post_office.mails) == 2


def test_quiet_hours_delay_mails_by_the_blogs_clock(clock, post, mia, post_office):
    setting(moderator_mail="hourly", **AT_NIGHT)
    Blog.objects.update(time_zone="Europe/Vienna")  # two hours ahead in May
    clock.move_to(NOON.replace(hour=18, minute=30))
    wait(post)
    for hour in (19, 23, 24 + 4):
        at(clock, NOON.replace(hour=0) + timedelta(hours=hour))
        assert post_office.mails == [], hour
    assert digests_due.due_since() is None
    at(clock, NOON.replace(hour=5) + timedelta(days=1))
    assert len(post_office.mails) == 1


def test_a_mail_that_could_not_leave_before_the_quiet_hours_waits_for_the_morning(
    clock, post, mia, post_office
):
    setting(**AT_NIGHT)
    wait(post)
    post_office.close()
    at(clock, EVENING)
    post_office.open()
    at(clock, EVENING + timedelta(hours=4))
    assert post_office.mails == []
    at(clock, EVENING + timedelta(hours=13))
    assert len(post_office.mails) == 1


def test_a_dead_mail_server_loses_nothing_and_doubles_nothing(clock, post, mia, post_office):
    wait(post)
    post_office.close()
    for minutes in (0, 1, 5):
        at(clock, EVENING + timedelta(minutes=minutes))
    assert post_office.mails == []
    assert Mail.objects.waiting().filter(name="to_decide").count() == 1
    post_office.open()
    for minutes in (30, 90, 120):
        at(clock, EVENING + timedelta(minutes=minutes))
    assert len(post_office.mails) == 1


def test_a_comment_decided_before_the_mail_leaves_is_not_in_it(clock, post, mia, post_office):
    gone, stays = wait(post), wait(post)
    post_office.close()
    at(clock, EVENING)
    decisions.decide([gone.pk], "approve", mia)
    post_office.open()
    at(clock, EVENING + timedelta(minutes=10))
    (mail,) = post_office.mails
    assert f"Comment {stays.pk}" in everything_in(mail)
    assert f"Comment {gone.pk}" not in everything_in(mail)


def test_former_moderators_and_unverified_addresses_get_no_mail(
    clock, post, person, mia, post_office
):
    person("nora", group="Moderators", is_staff=True, verified=False)
    left = person("olga", group="Moderators", is_staff=True)
    wait(post)
    post_office.close()
    at(clock, EVENING)
    left.groups.clear()
    mia.is_active = False
    mia.save()
    post_office.open()
    at(clock, EVENING + timedelta(minutes=10))
    assert post_office.mails == []
    assert digests_due.due_since() is None


def test_comments_on_a_draft_are_not_mentioned(clock, post, mia, post_office):
    wait(post)
    Post.objects.update(status=Post.Status.DRAFT)
    at(clock, EVENING)
    assert post_office.mails == []


def test_care_cases_are_mentioned_first_and_not_listed(clock, post, mia, post_office):
    careful, usual = wait(post), wait(post)
    cases.open_case(careful, "a phrase")
    at(clock, EVENING)  # the alert about care has left by then
    (mail,) = (each for each in post_office.mails if "waiting for you" in each["Subject"])
    told = everything_in(mail)
    assert mail["Subject"] == "One comment is waiting for you"
    assert "Something else needs attention soon." in told
    assert f"Comment {usual.pk}" in told
    assert f"Comment {careful.pk}" not in told
    assert "a phrase" not in told


def test_probable_spam_is_left_out_and_a_long_list_ends_in_a_number(clock, post, mia, post_office):
    suspect = wait(post)
    Comment.objects.filter(pk=suspect.pk).update(queue_priority=Comment.QueuePriority.SUSPECT)
    for _ in range(21):
        wait(post)
    at(clock, EVENING)
    (mail,) = post_office.mails
    told = everything_in(mail)
    assert "And one more in the queue." in told
    assert f"Comment {suspect.pk}," not in told
    assert "may be spam" not in told
    assert len(links_in(mail)) == 21


@pytest.mark.django_db(transaction=True)
def test_simultaneous_workers_mail_everybody_once(post, mia, owner):
    with time_machine.travel(EVENING, tick=False):
        wait(post, created_at=NOON)

        def work(_number):
            try:
                digests_due.do_due()
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(work, range(4)))
        assert Mail.objects.filter(name="to_decide").count() == 2


def test_with_nothing_due_the_worker_writes_nothing(
    clock, post, mia, django_assert_max_num_queries
):
    wait(post)
    with django_assert_max_num_queries(12) as captured:
        digests_due.do_due()
        assert digests_due.due_since() is None
    verbs = {query["sql"].split()[0] for query in captured}
    assert verbs == {"SELECT"}


def test_late_work_is_reported_from_when_it_could_have_been_done(clock, post, mia):
    wait(post)
    clock.move_to(EVENING + timedelta(minutes=11))
    assert digests_due.due_since() == EVENING
    assert due_work.is_late()


# -- each moderator's own setting --------------------------------------------------------


def test_one_click_in_the_mail_program_stops_only_ones_own_mails(
    clock, post, mia, owner, post_office
):
    wait(post)
    at(clock, EVENING)
    own = next(mail for mail in post_office.mails if mail["To"] == "mia@example.org")
    path = one_click(own)
    assert Client().get(path).status_code == 200
    assert not preferences.has_stopped(mia)
    assert Client().post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    post_office.mails.clear()
    at(clock, EVENING + timedelta(days=1))
    assert post_office.to() == ["owner@example.org"]


def test_a_moderators_own_page_stops_and_resumes_the_mails(
    clock, post, signed_in, mia, bob, client, post_office
):
    address = "/account/moderating/"
    assert client.get(address).status_code == 302
    assert signed_in(bob).get(address).status_code == 404
    browser = signed_in(mia)
    assert "you get an email in the evening" in browser.get(address).text
    browser.post(address, {"stop": "yes"})
    assert "You get no emails about comments waiting" in browser.get(address).text
    wait(post)
    at(clock, EVENING)
    assert post_office.mails == []
    browser.post(address, {"go-on": "yes"})
    at(clock, EVENING + timedelta(minutes=1))
    assert len(post_office.mails) == 1


def test_stopping_subscription_mails_does_not_stop_moderation_mails(clock, post, mia, post_office):
    address_proofs.stop_mail("mia@example.org")
    wait(post)
    at(clock, EVENING)
    assert post_office.to() == ["mia@example.org"]


def test_the_networks_of_reporters_are_deleted_on_time(clock, published_post):
    post = published_post(published_at=NOON - timedelta(days=9))
    report(say(post))
    at(clock, NOON + timedelta(days=6))
    assert Report.objects.exclude(network="").exists()
    at(clock, NOON + timedelta(days=7))
    assert not Report.objects.exclude(network="").exists()
    assert Report.objects.count() == 1

"""Sending posts by mail: scheduled, once to each subscriber, in steps, by several workers."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.mail import outbox
from accounts.models import Mail
from blog.models import Mailing, Post, Subscription
from blog.newsletter import send, subscribe
from blog.publishing import publish
from config import due_work
from tests.accounts.smtp_server import text_of
from tests.blog.mail import AT_ONCE, WEEKLY, many, reads
from tests.comments.mail import run_due

pytestmark = pytest.mark.both_databases("blog.newsletter.send")

WEDNESDAY = "2030-05-01 12:00Z"
SUNDAY_EVENING = "2030-05-05 18:00:01Z"


class Killed(BaseException):
    """Stands for a killed process: no code of ours can catch it."""


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(WEDNESDAY, tick=False)
    return time_machine


def told():
    return sorted(Mail.objects.values_list("to_address", flat=True))


# -- when ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_only_ticked_posts_are_sent(post_office, published_post):
    reads()
    published_post()
    published_post(by_mail=True, kind="page", slug="about")
    run_due()
    assert not post_office.mails
    assert not Mailing.objects.exists()


@pytest.mark.django_db
def test_a_scheduled_post_is_sent_once_when_it_appears(clock, post_office, published_post):
    reads()
    at = timezone.now() + timedelta(hours=1)
    post = published_post(by_mail=True, status="scheduled", published_at=at)
    run_due()
    assert not post_office.mails
    assert send.due_since() is None
    clock.shift(3601)
    assert send.due_since() == at
    run_due()
    run_due()
    assert post_office.to() == ["ada@example.org"]
    post.title = "Another title"
    post.save()
    Post.objects.filter(pk=post.pk).update(published_at=timezone.now())
    run_due()
    assert len(post_office.mails) == 1, "an edited post is not sent again"
    assert send.due_since() is None


@pytest.mark.django_db
@pytest.mark.parametrize("undo", ["take back", "untick", "archive", "delete"])
def test_a_post_unpublished_before_its_time_is_not_sent(clock, post_office, published_post, undo):
    reads()
    at = timezone.now() + timedelta(hours=1)
    post = published_post(by_mail=True, status="scheduled", published_at=at)
    if undo == "delete":
        post.delete()
    elif undo == "untick":
        Post.objects.update(by_mail=False)
    else:
        {"take back": publish.take_back, "archive": publish.archive}[undo](post)
    clock.shift(3601)
    run_due()
    clock.shift(timedelta(days=40))
    run_due()
    assert not post_office.mails


@pytest.mark.django_db
def test_a_post_withdrawn_while_it_is_sent_waits_and_reaches_everybody_once(
    clock, post_office, published_post, monkeypatch
):
    everybody = many(5)
    monkeypatch.setattr(send, "STEP", 2)
    post = published_post(by_mail=True)
    stop_after = iter([True, True, False])
    send.do_due(lambda: next(stop_after))
    publish.take_back(post)
    run_due()
    assert not post_office.mails, "what waits in the outbox waits on"
    assert 0 < len(told()) < 5
    clock.shift(timedelta(hours=2))
    publish.publish(post)
    run_due()
    clock.shift(timedelta(hours=2))
    run_due()
    assert sorted(post_office.to()) == everybody


@pytest.mark.django_db
def test_a_new_subscriber_gets_no_earlier_posts(post_office, published_post):
    reads()
    published_post(by_mail=True)
    run_due()
    reads("late@example.org")
    run_due()
    assert post_office.to() == ["ada@example.org"]


@pytest.mark.django_db
def test_unsubscribing_while_a_mail_waits_stops_it(post_office, published_post):
    reads()
    published_post(by_mail=True)
    send.do_due()
    Subscription.objects.all().delete()
    run_due()
    assert not post_office.mails
    assert Mail.objects.get().dropped_at


# -- the weekly mail ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_week_of_posts_comes_in_one_mail_on_sunday_evening(clock, post_office, published_post):
    reads("ada@example.org", WEEKLY)
    published_post(by_mail=True, title="The first")
    published_post(title="Never by mail")
    run_due()
    clock.shift(timedelta(days=2))
    published_post(by_mail=True, title="The second")
    run_due()
    assert not post_office.mails
    clock.move_to(SUNDAY_EVENING, tick=False)
    run_due()
    run_due()
    [letter] = post_office.mails
    text = text_of(letter)
    assert text.index("The first") < text.index("The second")
    assert "Never" not in text
    assert letter["Subject"] == "2 new posts on Hearth"
    clock.shift(timedelta(days=7))
    run_due()
    assert len(post_office.mails) == 1, "a week without posts has no letter"


@pytest.mark.django_db
def test_a_post_that_is_hidden_on_sunday_moves_to_the_next_weekly_mail(
    clock, post_office, published_post
):
    reads("ada@example.org", WEEKLY)
    post = published_post(by_mail=True, title="Taken back")
    run_due()
    publish.take_back(post)
    clock.move_to(SUNDAY_EVENING, tick=False)
    run_due()
    assert not post_office.mails
    publish.publish(post)
    clock.shift(timedelta(days=7))
    run_due()
    assert [mail["Subject"] for mail in post_office.mails] == ["Taken back"]


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after"), [(AT_ONCE, WEEKLY), (WEEKLY, AT_ONCE)])
def test_changing_the_rhythm_misses_no_post_and_repeats_none(
    clock, post_office, published_post, before, after
):
    reads("ada@example.org", before)
    published_post(by_mail=True, title="Before")
    run_due()
    clock.shift(timedelta(days=1))
    reads("ada@example.org", after)
    clock.shift(timedelta(days=1))
    published_post(by_mail=True, title="After")
    run_due()
    clock.move_to(SUNDAY_EVENING, tick=False)
    run_due()
    assert sorted(mail["Subject"] for mail in post_office.mails) == ["After", "Before"]


# -- many, and what goes wrong -----------------------------------------------------------------


@pytest.mark.django_db
def test_five_thousand_readers_cost_the_same_for_each_step(published_post):
    many(5000)
    published_post(by_mail=True)
    send.do_due(lambda: False)  # the row is there, nobody is told yet
    costs = set()
    for _ in range(4):
        with CaptureQueriesContext(connection) as seen:
            looks = iter([True, False])
            send.do_due(lambda looks=looks: next(looks))
        costs.add(len(seen))
    assert len(told()) == 4 * send.STEP
    assert len(costs) == 1
    assert costs.pop() <= 18
    send.do_due()
    assert len(set(told())) == len(told()) == 5000


@pytest.mark.django_db
def test_with_nothing_due_the_worker_writes_nothing(django_assert_max_num_queries):
    with django_assert_max_num_queries(3) as seen:
        send.do_due()
    assert all(query["sql"].startswith("SELECT") for query in seen.captured_queries)


@pytest.mark.django_db
def test_who_ends_a_weekly_mail_and_begins_anew_delays_no_other(clock, post_office, published_post):
    ada = reads(rhythm=WEEKLY)
    reads("bea@example.org", WEEKLY)
    published_post(by_mail=True)
    run_due()
    clock.move_to(SUNDAY_EVENING, tick=False)
    send.do_due()
    assert told() == ["ada@example.org", "bea@example.org"]
    subscribe.unsubscribe(ada)
    reads(rhythm=AT_ONCE)
    run_due()
    assert post_office.to() == ["bea@example.org"]
    assert not Mail.objects.waiting().exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dies_at", [1, 2, 3])
def test_a_killed_worker_skips_nobody_and_mails_nobody_twice(
    post_office, published_post, monkeypatch, dies_at
):
    everybody = many(5)
    monkeypatch.setattr(send, "STEP", 2)
    published_post(by_mail=True)
    post_many, count = outbox.enqueue_many, []

    def die_at_some_point(*args):
        count.append(post_many(*args))
        if len(count) == dies_at:
            raise Killed
        return count[-1]

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "enqueue_many", die_at_some_point)
        with pytest.raises(Killed):
            send.do_due()
    assert len(told()) == (dies_at - 1) * 2, "what the step did that died is undone"
    run_due()
    assert sorted(post_office.to()) == everybody
    assert Mailing.objects.get(post__isnull=False).count == 5


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_to_everybody_once(post_office, published_post, monkeypatch, time_machine):
    everybody = many(12)
    monkeypatch.setattr(send, "STEP", 2)
    for _ in range(2):
        published_post(by_mail=True)
    in_workers(run_due)
    run_due()
    assert sorted(post_office.to()) == sorted(everybody * 2)
    Subscription.objects.update(rhythm=WEEKLY, weekly_until=None)
    published_post(by_mail=True)
    in_workers(run_due)
    time_machine.move_to(timezone.now() + timedelta(days=8), tick=False)
    in_workers(run_due)
    run_due()
    assert sorted(post_office.to()) == sorted(everybody * 3)
    assert (
        Mailing.objects.filter(post=None).count()
        == Mailing.objects.filter(post=None).values("week").distinct().count()
    )


def in_workers(work, number=3):
    def in_one():
        try:
            work()
        finally:
            connections.close_all()

    workers = [threading.Thread(target=in_one) for _ in range(number)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


@pytest.mark.django_db
def test_a_dead_mail_server_loses_no_mail(clock, post_office, published_post):
    reads()
    post_office.close()
    published_post(by_mail=True)
    run_due()
    clock.shift(timedelta(minutes=12))
    assert due_work.is_late()
    post_office.open()
    run_due()
    assert post_office.to() == ["ada@example.org"]
    assert not due_work.is_late()


@pytest.mark.django_db
def test_a_mailing_that_fails_delays_no_other(clock, published_post, monkeypatch, caplog):
    reads()
    bad, good = published_post(by_mail=True), published_post(by_mail=True)
    about = send.mail_topic

    def fail_for_one(post):
        if post == bad.pk:
            raise ValueError("ada@example.org")
        return about(post)

    with monkeypatch.context() as patch:
        patch.setattr(send, "mail_topic", fail_for_one)
        send.do_due()
    assert Mailing.objects.get(post=good).done_at
    assert "ada@" not in caplog.text
    clock.shift(3601)
    send.do_due()
    assert Mailing.objects.get(post=bad).done_at


@pytest.mark.django_db
def test_keys_of_old_mails_are_deleted_by_a_later_mailing(clock, published_post, post_office):
    reads()
    published_post(by_mail=True)
    run_due()
    clock.shift(timedelta(days=15))
    published_post(by_mail=True)
    run_due()
    run_due()
    assert Mail.objects.count() == 1


@pytest.mark.django_db
def test_a_password_reset_does_not_wait_behind_a_mailing(published_post, post_office):
    from accounts.mail import address_proofs

    many(3)
    published_post(by_mail=True)
    send.do_due()
    address_proofs.request_proof(address_proofs.get_or_create_address("new@example.org"))
    run_due()
    assert len(post_office.mails) == 4
    assert post_office.to()[0] == "new@example.org"

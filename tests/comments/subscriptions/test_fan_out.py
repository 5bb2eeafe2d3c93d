"""Fan-out of notifications: in steps, by several workers, each subscriber once despite crashes."""

import threading

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.mail import outbox
from accounts.models import Address, Mail
from comments.models import DigestEntry, NotificationJob, Subscription
from comments.subscriptions import fan_out
from tests.comments.factories import say
from tests.comments.http import send
from tests.comments.mail import follows, run_due, verified

pytestmark = pytest.mark.both_databases(
    "comments.publication", "comments.models.subscriptions", "comments.subscriptions.fan_out"
)


class Killed(BaseException):
    """Stands for a killed process: no code of ours can catch it."""


@pytest.fixture
def post(published_post):
    return published_post(comment_mode="open")


def guests(post, count, name="reader"):
    """Subscribe so many verified guests to a post; return their addresses."""
    for number in range(count):
        follows(verified(f"{name}{number}@example.org"), post=post)
    return sorted(Address.objects.values_list("email", flat=True))


def told():
    return sorted(Mail.objects.values_list("to_address", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("rhythms", [1, 3], ids=["one way each", "three ways each"])
def test_steps_skip_nobody_and_mail_nobody_twice(client, post, monkeypatch, rhythms):
    everybody = guests(post, 7)
    monkeypatch.setattr(fan_out, "STEP", 3)
    root = say(post)
    for address in Address.objects.all():
        if rhythms == 3:
            follows(address)
            follows(address, comment=root)
    send(client, root)
    fan_out.do_due()
    assert told() == everybody
    assert not NotificationJob.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dies_at", [1, 2, 3, 4])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_killed_between_or_within_steps_loses_and_repeats_nothing(
    client, post, monkeypatch, dies_at, when
):
    everybody = guests(post, 7)
    monkeypatch.setattr(fan_out, "STEP", 2)
    send(client, post)
    post_some, count = outbox.enqueue_many, []

    def die_at_some_point(*args):
        count.append(args)
        done = post_some(*args) if len(count) < dies_at or when == "after" else None
        if len(count) == dies_at:
            raise Killed
        return done

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "enqueue_many", die_at_some_point)
        with pytest.raises(Killed):
            fan_out.do_due()
    # The killed step is rolled back; those before it are kept.
    assert len(told()) == (dies_at - 1) * 2
    fan_out.do_due()
    assert told() == everybody


@pytest.mark.django_db(transaction=True)
def test_two_workers_mail_everybody_once(client, post, monkeypatch, post_office):
    everybody = guests(post, 12)
    monkeypatch.setattr(fan_out, "STEP", 2)
    send(client, post, "One.")
    send(client, post, "Two.")
    workers = [threading.Thread(target=in_a_worker) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    run_due()
    assert sorted(post_office.to()) == sorted(everybody * 2)
    assert not NotificationJob.objects.exists()


def in_a_worker(work=run_due):
    try:
        work()
    finally:
        connections.close_all()


@pytest.mark.django_db
def test_posting_takes_no_longer_with_many_subscribers(client, post):
    send(client, post)  # the first comment of a post costs more
    costs = []
    for count in (1, 20):
        guests(post, count, f"of{count}x")
        with CaptureQueriesContext(connection) as seen:
            assert send(client, post, f"Words for {count}.").status_code == 302
        costs.append(len(seen))
    assert costs[0] == costs[1]


@pytest.mark.django_db
def test_with_nothing_due_the_worker_writes_nothing(django_assert_max_num_queries):
    with django_assert_max_num_queries(6) as seen:
        fan_out.do_due()
    assert all(query["sql"].startswith("SELECT") for query in seen.captured_queries)


@pytest.mark.django_db
def test_late_notifications_are_noticed(client, post, time_machine):
    from config import due_work

    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    assert fan_out.due_since() is None
    send(client, type(post).objects.get())
    time_machine.shift(601)
    assert due_work.is_late()
    run_due()
    assert not due_work.is_late()


@pytest.mark.django_db
def test_unconfirmed_subscriptions_can_be_found(post, time_machine):
    from datetime import timedelta

    from comments.subscriptions.subscribe import SubscriptionRequest, subscribe_guest

    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    subscribe_guest("ada@example.org", SubscriptionRequest(post=post))
    follows(verified("bea@example.org"), post=post)
    assert not Subscription.objects.expired().exists()
    time_machine.shift(timedelta(days=7, seconds=1))
    assert Subscription.objects.expired().get().address.email == "ada@example.org"


# A few Chinese characters become many letters in Punycode.
LONG = f"{'a' * 60}@{'.'.join(['扅蔠聟輩綟鎧蛰蹃灕劙冃粘要'] * 5)}.example.org"


@pytest.mark.django_db
def test_an_address_that_is_too_long_blocks_nobody_else(client, post, bob, mia):
    EmailAddress.objects.filter(user=bob).update(email=LONG)
    follows(bob, post=post)
    follows(mia, post=post)
    follows(bob, Subscription.Rhythm.DAILY)
    send(client, post)
    fan_out.do_due()
    assert "mia@example.org" in told()
    assert not NotificationJob.objects.exists()


@pytest.mark.django_db
def test_a_failing_notification_is_postponed_and_the_others_are_sent(
    client, post, bob, monkeypatch, caplog, time_machine
):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    follows(bob, post=post)
    send(client, post, "One.")
    send(client, post, "Two.")
    bad = NotificationJob.objects.order_by("pk").first()
    state_of = fan_out.state_of

    def fail_for_one(comment):
        if comment.pk == bad.pk:
            raise ValueError("bob@example.org")
        return state_of(comment)

    with monkeypatch.context() as patch:
        patch.setattr(fan_out, "state_of", fail_for_one)
        fan_out.do_due()
    assert told() == ["bob@example.org"]
    assert NotificationJob.objects.get() == bad
    assert f"announcement of #{bad.pk} postponed: ValueError" in caplog.text
    assert "bob@example.org" not in caplog.text
    time_machine.shift(3600)
    fan_out.do_due()
    assert told() == ["bob@example.org"] * 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rows", [NotificationJob, DigestEntry])
def test_a_worker_does_not_spin_while_another_holds_the_row(client, post, bob, rows):
    follows(bob, post=post)
    send(client, post)
    if rows is DigestEntry:
        comment = NotificationJob.objects.get().comment
        NotificationJob.objects.all().delete()
        rows.objects.create(follower="u1", comment=comment, due_at="2020-01-01 12:00Z")
    if not connection.features.has_select_for_update_skip_locked:
        return  # one writer at a time: no row can be held
    looks = []
    with transaction.atomic():
        rows.objects.select_for_update().get()
        other = threading.Thread(
            target=in_a_worker,
            args=[lambda: fan_out.do_due(lambda: len(looks.append(1) or looks) < 9)],
        )
        other.start()
        other.join()
    assert len(looks) == 2


@pytest.mark.django_db
def test_a_digest_that_fails_delays_no_other(client, post, monkeypatch, time_machine):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    for name in ("ada", "bea", "cia"):
        follows(verified(f"{name}@example.org"), "daily", post=post)
    send(client, post)
    fan_out.do_due()
    time_machine.move_to("2030-05-01 19:00Z", tick=False)
    put = outbox.enqueue_many

    def fail_for_bea(name, rows):
        if any(email == "bea@example.org" for email, *_rest in rows):
            raise ZeroDivisionError
        return put(name, rows)

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "enqueue_many", fail_for_bea)
        fan_out.do_due()
    assert told() == ["ada@example.org", "cia@example.org"]
    assert DigestEntry.objects.filter(posted_at=None).count() == 1
    time_machine.shift(3600)
    fan_out.do_due()
    assert told() == ["ada@example.org", "bea@example.org", "cia@example.org"]

"""Many mails: in few queries, over one connection, and those to one person first."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.due_rows import Turn
from accounts.mail import outbox
from accounts.models import EmailLink, Mail
from comments.models import DigestEntry
from comments.subscriptions import fan_out
from tests.blog.mail import WEEKLY, many
from tests.comments.http import send
from tests.comments.mail import follows, run_due, verified

pytestmark = pytest.mark.both_databases("accounts.mail.outbox")

# Those that Django adds around others; a mail costs no more for them than a savepoint.
AROUND = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@pytest.fixture
def post(db, published_post, settings):
    settings.SITE_URL = "http://localhost"
    return published_post(comment_mode="open", title="By the lake")


def mailed(post):
    """Have a post sent by mail."""
    type(post).objects.filter(pk=post.pk).update(by_mail=True)


def followers(post, count, **how):
    return [follows(verified(f"reader{n:03}@example.org", **how), post=post) for n in range(count)]


def queries(work, *arguments):
    """Return how many queries it takes to do this."""
    with CaptureQueriesContext(connection) as seen:
        work(*arguments)
    return sum(not query["sql"].startswith(AROUND) for query in seen.captured_queries)


def enqueued(count, name="new_post"):
    """Put so many mails that are not wanted any more into the outbox; return them in order."""
    arguments = {"new_post": {"sent": 0, "subscriber": "a0"}, "answer": {"comment": 0}}[name]
    if name == "answer":
        arguments |= {"follower": "a0"}
    rows = [(f"{name}{n:03}@example.org", f"{name} {n}", arguments) for n in range(count)]
    assert outbox.enqueue_many(name, rows) == count
    return list(Mail.objects.filter(name=name).order_by("pk"))


# -- queries -------------------------------------------------------------------------------


def test_telling_followers_takes_less_than_a_query_a_mail(client, post, post_office):
    followers(post, 150)
    send(client, post)
    assert queries(fan_out.do_due) < 50
    assert Mail.objects.filter(name="answer").count() == 150


def test_telling_followers_who_wait_for_the_evening_takes_less_than_a_query_each(
    client, post, post_office, time_machine
):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    for number in range(60):
        follows(verified(f"reader{number}@example.org"), "daily", post=post)
    send(client, post)
    assert queries(fan_out.do_due) < 30
    assert DigestEntry.objects.count() == 60
    time_machine.move_to("2030-05-01 19:00Z", tick=False)
    assert queries(fan_out.do_due) < 30
    assert Mail.objects.filter(name="digest").count() == 60
    assert queries(outbox.do_due) <= 3 * 60
    assert len({mail["To"] for mail in post_office.mails}) == 60


@pytest.mark.parametrize("discreet", [False, True], ids=["open", "discreet"])
def test_sending_to_followers_takes_at_most_three_queries_a_mail(
    client, post, post_office, discreet
):
    followers(post, 40, discreet=discreet)
    send(client, post)
    fan_out.do_due()
    assert queries(outbox.do_due) <= 3 * 40
    assert len(post_office.mails) == 40
    assert len({mail["To"] for mail in post_office.mails}) == 40


@pytest.mark.parametrize("rhythm", ["at-once", WEEKLY])
def test_sending_a_newsletter_takes_at_most_three_queries_a_mail(
    post, post_office, time_machine, rhythm
):
    from blog.newsletter import send as newsletter

    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    post.__class__.objects.update(published_at=timezone.now(), touched_at=timezone.now())
    many(40, rhythm)
    mailed(post)
    newsletter.do_due()
    time_machine.move_to("2030-05-05 19:00Z", tick=False)  # a Sunday
    assert queries(newsletter.do_due) < 40
    assert Mail.objects.count() == 40
    assert queries(outbox.do_due) <= 3 * 40
    assert len(post_office.mails) == 40
    assert len({mail["List-Unsubscribe"] for mail in post_office.mails}) == 40


# -- one connection ------------------------------------------------------------------------


def test_one_connection_carries_all_mails_and_one_refused_address_costs_no_other(
    db, post_office, mails_to_one
):
    names = mails_to_one(30)
    post_office.refused[names[3]] = "550 no such person"
    post_office.refused[names[7]] = "450 mailbox busy"
    outbox.do_due()
    assert post_office.to() == [name for name in names if name not in post_office.refused]
    assert len(post_office.connections) == 1
    assert Mail.objects.get(to_address=names[3]).given_up_at
    assert Mail.objects.waiting().get().to_address == names[7]


@pytest.fixture
def mails_to_one(settings, monkeypatch):
    """A function that enqueues mails to one person each; returns their addresses."""

    def enqueue(count):
        names = [f"p{number:03}@example.org" for number in range(count)]
        for name in names:
            outbox.enqueue_rendered("account/email/login_code", name, subject="Code", text="1234")
        return names

    return enqueue


@pytest.mark.parametrize("how", ["says goodbye", "hangs up"])
@pytest.mark.parametrize("after", [1, 7])
def test_a_server_that_ends_the_connection_after_some_mails_gets_the_rest_in_another(
    db, post_office, mails_to_one, how, after
):
    names = mails_to_one(15)
    post_office.most_mails, post_office.hangs_up = after, how == "hangs up"
    outbox.do_due()
    assert post_office.to() == names
    assert len(post_office.connections) == -(-15 // after)
    assert set(Mail.objects.values_list("attempts", flat=True)) == {1}


def test_a_server_that_always_hangs_up_is_not_asked_for_ever(db, post_office, mails_to_one):
    mails_to_one(3)
    post_office.most_mails = 0
    outbox.do_due()
    assert post_office.mails == []
    assert set(Mail.objects.values_list("attempts", flat=True)) == {1}
    assert len(post_office.connections) == 3


def test_a_mail_whose_text_has_left_is_not_sent_again_at_once(db, post_office, mails_to_one):
    mails_to_one(1)
    mails_to_one(1)
    post_office.answers = ["", "421 going down"]
    outbox.do_due()
    assert len(post_office.mails) == 1
    assert Mail.objects.waiting().get().last_error == "SMTPDataError"


def test_the_connection_stays_open_from_one_turn_to_the_next(
    db, post_office, mails_to_one, monkeypatch
):
    names = mails_to_one(6)
    # A clock by which each mail takes a second.
    monkeypatch.setattr("accounts.due_rows.monotonic", lambda: len(post_office.mails))
    for number in range(1, 7):
        outbox.do_due(Turn(lambda: True, seconds=1))
        assert len(post_office.mails) == number
    outbox.do_due(Turn(lambda: True, seconds=1))  # nothing is due: it is closed
    assert post_office.to() == names
    assert len(post_office.connections) == 1


# -- claims --------------------------------------------------------------------------------


def test_a_worker_that_is_stopped_gives_back_what_it_did_not_send(db, post, post_office):
    many(5)
    mailed(post)
    from blog.newsletter import send as newsletter

    newsletter.do_due()
    outbox.do_due(going=lambda: not post_office.mails)
    assert len(post_office.mails) == 1
    left = Mail.objects.due()
    assert list(left.values_list("attempts", "claim")) == [(0, None)] * 4
    assert EmailLink.objects.count() == 1
    outbox.do_due()
    assert len(post_office.mails) == 5
    assert EmailLink.objects.count() == 5


def test_a_mail_that_kills_its_worker_takes_no_other_along(db, time_machine):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    enqueued(3)
    assert len(outbox.claimed()) == 3
    time_machine.shift(outbox.CLAIM)
    alone = [outbox.claimed() for _ in range(3)]
    assert [len(mails) for mails in alone] == [1, 1, 1]
    assert {mail.attempts for [mail] in alone} == {2}


def test_two_workers_claim_different_mails(db):
    enqueued(outbox.MOST_AT_ONCE + 5)
    first, second = outbox.claimed(), outbox.claimed()
    assert (len(first), len(second)) == (outbox.MOST_AT_ONCE, 5)
    assert not {mail.pk for mail in first} & {mail.pk for mail in second}
    assert outbox.claimed() == []


def test_a_mail_to_one_person_leaves_before_all_others_and_those_to_many_take_turns(
    db, mails_to_one
):
    enqueued(50), enqueued(50, "answer"), mails_to_one(1)
    after, order = Mail.Stream.ONE, []
    while mails := outbox.claimed(after):
        after = mails[0].stream
        order.append((after, len(mails)))
    one, followers, readers = Mail.Stream
    assert order == [
        (one, 1), (followers, 20), (readers, 20), (followers, 20), (readers, 20),
        (followers, 10), (readers, 10),
    ]  # fmt: skip


def test_streams_take_turns_also_where_a_turn_is_long_enough_for_one_mail(
    client, post, post_office, monkeypatch
):
    from blog.newsletter import send as newsletter

    followers(post, 3)
    send(client, post)
    many(3)
    mailed(post)
    fan_out.do_due()
    newsletter.do_due()
    monkeypatch.setattr("accounts.due_rows.monotonic", lambda: len(post_office.mails))
    sent = []
    for _ in range(6):
        outbox.do_due(Turn(lambda: True, seconds=1))
        new = Mail.objects.filter(sent_at__isnull=False).exclude(pk__in=[pk for pk, _ in sent])
        sent += new.values_list("pk", "name")
    outbox.do_due()
    assert [name for _pk, name in sent] == ["answer", "new_post"] * 3


def test_a_code_to_sign_in_is_sent_after_the_mails_of_one_turn(post, post_office, mails_to_one):
    from blog.newsletter import send as newsletter

    many(50)
    mailed(post)
    newsletter.do_due()
    outbox.do_due(going=lambda: len(post_office.mails) < 3)
    [code] = mails_to_one(1)
    run_due()
    assert post_office.to().index(code) == 3
    assert len(post_office.mails) == 51


# -- the plan ------------------------------------------------------------------------------


@pytest.fixture
def much_waits(db):
    """50,400 mails: newsletters that wait, some that wait for later, and some that are done."""
    now = timezone.now()
    day = timezone.timedelta(days=1)
    rows = [
        Mail(
            name="new_post",
            stream=Mail.Stream.READERS if number % 10 else Mail.Stream.ONE,
            to_address="ada@example.org",
            due_at=now + day if number % 5 == 0 else now - day,
            sent_at=now if number % 7 == 0 else None,
        )
        for number in range(70)
    ]
    Mail.objects.bulk_create(rows)
    columns = ", ".join(field.column for field in Mail._meta.fields if not field.primary_key)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO accounts_mail ({columns}) WITH RECURSIVE copies(n) AS "
            "(SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < 719) "
            f"SELECT {columns} FROM copies CROSS JOIN accounts_mail"
        )
        cursor.execute("ANALYZE accounts_mail")
    assert Mail.objects.count() == 50_400


def test_what_is_next_is_found_by_its_index_whatever_waits(much_waits):
    with CaptureQueriesContext(connection) as seen:
        assert outbox.due_since()
        assert len(outbox.claimed()) == outbox.MOST_AT_ONCE
        outbox.claimed(after=Mail.Stream.READERS)
    asked = [each["sql"] for each in seen if each["sql"].startswith("SELECT")]
    assert len(asked) >= 5
    for number, sql in enumerate(asked):
        with connection.cursor() as cursor:
            words = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
            cursor.execute(f"{words} {sql}")
            plan = "\n".join(str(row) for row in cursor.fetchall())
        assert "accounts_mail_next" in plan, plan
        assert "Seq Scan" not in plan, plan
        if number:  # the first one sorts its three rows
            assert "sort" not in plan.lower(), plan
            assert "temp b-tree" not in plan.lower(), plan

"""The outbox: each mail is sent once, on time, and none is lost on the way."""

import smtplib
import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.mail import compose, outbox
from accounts.mail.compose import EmailContent
from accounts.models import Mail

pytestmark = pytest.mark.both_databases(
    "accounts.models.user", "accounts.models.mail", "accounts.mail.outbox"
)

NOON = "2030-05-01 12:00Z"


@compose.named("answer")
def answer(comment=0, late=False):
    """A mail as an app defines it, with the templates of the address proof."""
    if late:
        raise compose.Postpone(timedelta(hours=1))
    if comment == 404:
        return None
    return EmailContent({"link": f"http://localhost/m/{comment}/"})


@pytest.fixture(autouse=True)
def _app_with_a_mail(settings, monkeypatch):
    settings.EMAILS = [*settings.EMAILS, "tests.accounts.mail.test_outbox.answer"]
    monkeypatch.setattr(compose, "template_name", lambda name: "accounts/emails/proof.html")


def post(to="ada@example.org", **more):
    return outbox.enqueue("answer", to, **more)


def test_what_is_due_is_sent_once(db, post_office):
    post()
    call_command("run_due")
    call_command("run_due")
    assert post_office.to() == ["ada@example.org"]
    assert Mail.objects.get().sent_at


def test_a_mail_that_is_due_later_waits(db, post_office, time_machine):
    time_machine.move_to(NOON, tick=False)
    post(due_at=timezone.now() + timedelta(hours=1))
    outbox.do_due()
    assert post_office.mails == []
    time_machine.shift(3600)
    outbox.do_due()
    assert len(post_office.mails) == 1


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_rolled_back_with_the_transaction_that_queued_it():
    def change_ones_mind():
        with transaction.atomic():
            post()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_ones_mind()
    assert not Mail.objects.exists()


def test_a_mail_is_queued_once_for_each_key(db, post_office):
    assert post(once="answer 12 to 7")
    assert post(once="answer 12 to 7") is None
    outbox.do_due()
    assert post(once="answer 12 to 7") is None
    outbox.do_due()
    assert len(post_office.mails) == 1


def test_a_key_outlives_the_address_it_was_used_for(db, post_office, time_machine):
    time_machine.move_to(NOON, tick=False)
    post(once="answer 12 to 7")
    post("bea@example.org")
    outbox.do_due()
    time_machine.shift(8 * 24 * 3600)
    call_command("purge")
    assert [(mail.once, mail.to_address) for mail in Mail.objects.all()] == [("answer 12 to 7", "")]


@pytest.mark.parametrize("words", ["w" * 201, {"text": "Dear Ada"}, 1.5, ["w" * 201]])
def test_no_words_of_a_comment_are_stored_in_the_outbox(db, words):
    with pytest.raises(ValueError, match="comment"):
        post(comment=words)


def test_a_mail_of_an_unknown_kind_is_not_queued(db):
    with pytest.raises(LookupError):
        outbox.enqueue("unheard_of", "ada@example.org")


def test_a_mail_that_is_not_wanted_any_more_is_dropped(db, post_office):
    post(comment=404)
    outbox.do_due()
    assert post_office.mails == []
    assert Mail.objects.get().dropped_at


def test_a_mail_may_wait_without_that_being_a_failure(db, post_office, time_machine):
    time_machine.move_to(NOON, tick=False)
    post(late=True)
    outbox.do_due()
    mail = Mail.objects.get()
    assert (mail.due_at - timezone.now(), mail.attempts) == (timedelta(hours=1), 0)


def test_each_retry_waits_twice_as_long_and_the_last_one_gives_up(db, post_office, time_machine):
    time_machine.move_to(NOON, tick=False)
    post_office.close()
    post()
    pauses = []
    while Mail.objects.waiting().exists():
        outbox.do_due()
        mail = Mail.objects.get()
        pauses.append((mail.due_at - timezone.now()) / timedelta(minutes=1))
        time_machine.shift(mail.due_at - timezone.now())
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 0]
    assert mail.given_up_at
    assert mail.last_error == "ConnectionRefusedError"


def test_a_server_that_is_down_is_asked_once_and_not_for_every_mail(db, post_office):
    post_office.close()
    for name in "abc":
        post(f"{name}@example.org")
    outbox.do_due()
    assert sorted(Mail.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_a_mail_that_is_refused_for_now_is_sent_later(db, post_office, time_machine):
    time_machine.move_to(NOON, tick=False)
    post_office.answers = ["450 greylisted"]
    post()
    outbox.do_due()
    assert Mail.objects.get().last_error == "SMTPDataError"
    time_machine.shift(60)
    outbox.do_due()
    assert len(post_office.mails) == 1


def test_an_address_that_is_refused_for_good_is_not_tried_again(db, post_office):
    post_office.refused["ada@example.org"] = "550 no such person"
    post()
    post("bea@example.org")
    outbox.do_due()
    assert post_office.to() == ["bea@example.org"]
    assert Mail.objects.get(to_address="ada@example.org").given_up_at


def test_an_address_that_is_refused_for_now_is_tried_again(db, post_office):
    post_office.refused["ada@example.org"] = "450 mailbox busy"
    post()
    outbox.do_due()
    assert Mail.objects.waiting().get().last_error == "SMTPRecipientsRefused"


def test_a_server_that_does_not_answer_is_left_after_a_while(db, post_office, settings):
    settings.EMAIL_TIMEOUT = 0.2
    post_office.hold()
    post()
    outbox.do_due()
    assert Mail.objects.waiting().get().last_error in {"TimeoutError", "SMTPServerDisconnected"}


@pytest.mark.parametrize("to", ["ada@example.org\nBcc: eve@example.org", ""])
def test_an_address_that_smtp_cannot_carry_is_given_up_and_delays_no_other_mail(
    db, post_office, to
):
    post(to)
    post("bea@example.org")
    outbox.do_due()
    assert post_office.to() == ["bea@example.org"]
    assert Mail.objects.get(to_address=to).given_up_at


def test_a_mail_that_cannot_be_rendered_delays_no_other_mail(db, post_office, monkeypatch):
    post(comment=1)
    post("bea@example.org", comment=2)
    written = answer

    def fail(comment):
        return written(comment) if comment == 2 else 1 / 0

    monkeypatch.setattr(compose, "email_function", lambda name: fail)
    outbox.do_due()
    assert post_office.to() == ["bea@example.org"]
    assert Mail.objects.waiting().get().last_error == "ZeroDivisionError"


class Killed(BaseException):
    """Stands for a killed process: no code of ours can catch it."""


def test_the_claim_of_a_killed_worker_expires(db, post_office, monkeypatch, time_machine):
    time_machine.move_to(NOON, tick=False)

    def die(*_):
        raise Killed

    post()
    with monkeypatch.context() as patch:
        patch.setattr(smtplib.SMTP, "sendmail", die)
        with pytest.raises(Killed):
            outbox.do_due()
    outbox.do_due()
    assert post_office.mails == []
    time_machine.shift(outbox.CLAIM)
    outbox.do_due()
    assert len(post_office.mails) == 1


def test_a_mail_that_kills_every_worker_is_given_up(db, monkeypatch, time_machine):
    time_machine.move_to(NOON, tick=False)
    post()
    Mail.objects.update(attempts=outbox.MOST_ATTEMPTS)
    outbox.do_due()
    mail = Mail.objects.get()
    assert mail.given_up_at
    assert mail.last_error == "Unfinished"


def test_a_worker_that_comes_back_late_changes_nothing(db, post_office):
    post()
    [mail] = outbox.claimed()
    Mail.objects.update(claim=None, claimed_until=None)
    outbox.do_due()
    outbox.put_off(mail, OSError())
    assert not Mail.objects.waiting().exists()
    assert Mail.objects.get().last_error == ""


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_send_the_same_mail(post_office):
    post()
    post_office.hold()
    first = threading.Thread(target=in_a_worker)
    first.start()
    assert post_office.reached.wait(30)
    # The first worker is in the middle of sending, and other writers do not wait for it.
    outbox.do_due()
    post("bea@example.org")
    post_office.release()
    first.join()
    outbox.do_due()
    assert sorted(post_office.to()) == ["ada@example.org", "bea@example.org"]


@pytest.mark.django_db(transaction=True)
def test_many_workers_share_the_work(post_office):
    names = sorted(f"{number}@example.org" for number in range(30))
    for name in names:
        post(name)
    workers = [threading.Thread(target=in_a_worker) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(post_office.to()) == names
    assert not Mail.objects.waiting().exists()


def in_a_worker():
    try:
        outbox.do_due()
    finally:
        connections.close_all()


def test_a_worker_that_is_told_to_stop_ends_after_the_mail_it_is_at(db, post_office):
    post()
    post("bea@example.org")
    outbox.do_due(going=lambda: not post_office.mails)
    assert post_office.to() == ["ada@example.org"]
    assert Mail.objects.due().count() == 1


def test_a_mail_that_waited_behind_a_slow_one_is_composed_again(
    db, post_office, monkeypatch, time_machine
):
    """What it says may have changed meanwhile: here, that it is no longer wanted."""
    time_machine.move_to(NOON, tick=False)
    post()
    post("bea@example.org")
    sent, send = [], smtplib.SMTP.sendmail

    def send_slowly(*given):
        time_machine.shift(outbox.FRESH + timedelta(seconds=1))
        sent.append(given)
        return send(*given)

    monkeypatch.setattr(smtplib.SMTP, "sendmail", send_slowly)
    written = answer
    monkeypatch.setattr(compose, "email_function", lambda name: lambda: written(404 if sent else 0))
    outbox.do_due()
    assert post_office.to() == ["ada@example.org"]
    assert Mail.objects.get(to_address="bea@example.org").dropped_at


def test_with_nothing_due_the_worker_writes_nothing(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(5) as seen:
        outbox.do_due()
    assert all(query["sql"].startswith("SELECT") for query in seen.captured_queries)


def test_a_failure_is_reported_after_the_other_mails_were_tried(db, post_office, settings):
    settings.DUE_WORK = ["tests.accounts.mail.test_outbox", *settings.DUE_WORK]
    post()
    with pytest.raises(CommandError, match=r"Failed: tests\.accounts\.mail\.test_outbox"):
        call_command("run_due")
    assert len(post_office.mails) == 1


def do_due(going):
    raise ZeroDivisionError


def test_a_forgotten_address_is_in_no_row(db):
    post()
    post("bea@example.org")
    outbox.delete_mails_to("ADA@example.org")
    assert Mail.objects.get().to_address == "bea@example.org"


@pytest.fixture
def given_up(db, post_office):
    post_office.refused["ada@example.org"] = "550 not today"
    mail = post()
    outbox.do_due()
    post_office.refused.clear()
    return mail


def press_again(client, mail):
    address = "/admin/accounts/mail/"
    fields = {"action": "try_again", "_selected_action": [mail.pk]}
    return client.post(address, fields, follow=True).text


def test_the_owner_sees_what_was_given_up_and_tries_again(given_up, owner, signed_in, post_office):
    desk = signed_in(owner)
    page = desk.get("/admin/accounts/mail/?state=given-up").text
    assert "ada@example.org" in page
    assert "SMTPRecipientsRefused" in page
    assert "1 email will be sent again" in press_again(desk, given_up)
    outbox.do_due()
    assert post_office.to() == ["ada@example.org"]
    assert "None of these can be sent again." in press_again(desk, given_up)


@pytest.mark.parametrize("somebody", ["alice", "mia"])
def test_nobody_else_sees_the_outbox(given_up, somebody, request, signed_in):
    desk = signed_in(request.getfixturevalue(somebody))
    assert desk.get("/admin/accounts/mail/").status_code == 403


def test_not_even_the_owner_reads_the_secrets_in_a_mail(client, bob, owner, signed_in):
    client.post("/account/password/reset/", {"email": "bob@example.org"})
    mail = Mail.objects.get()
    page = signed_in(owner).get(f"/admin/accounts/mail/{mail.pk}/change/").text
    assert "bob@example.org" in page
    assert "/reset/key/" in mail.written["text"]
    assert "/reset/key/" not in page


def test_the_index_for_what_is_due_is_used(db):
    if connection.vendor != "sqlite":
        pytest.skip("the planner of PostgreSQL looks at so small a table as a whole")
    assert "accounts_mail_next" in Mail.objects.due().filter(stream=Mail.Stream.ONE).explain()

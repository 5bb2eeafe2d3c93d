"""A mail server that is down, slow or strict delays no request and loses no mail."""

import pytest
from django.core.management import call_command

from accounts.mail import outbox
from accounts.models import Mail, User
from tests.accounts.smtp_server import text_of

SENT_ALREADY = "/account/confirm-email/"


@pytest.fixture
def nobody_sends(monkeypatch):
    """Fails the test when a request talks to a mail server."""

    def fail(*args, **kwargs):
        raise AssertionError("a request opened a connection for mail")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    return monkeypatch


def test_no_request_waits_for_a_mail_server(nobody_sends, sign_up, client, bob, shown_again):
    assert sign_up("carol", "carol@example.org").headers["Location"] == SENT_ALREADY
    reset = client.post("/account/password/reset/", {"email": "bob@example.org"})
    assert reset.headers["Location"] == "/account/password/reset/done/"
    added = shown_again(bob).post(
        "/account/email/", {"action_add": "", "email": "second@example.org"}
    )
    assert added.status_code == 302
    posted = set(Mail.objects.values_list("to_address", flat=True))
    assert posted == {"carol@example.org", "bob@example.org", "second@example.org"}


def test_a_mail_is_delivered_once_the_server_is_back(sign_up, post_office, time_machine):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    post_office.close()
    sign_up("carol", "carol@example.org")
    outbox.do_due()
    assert Mail.objects.get().last_error == "ConnectionRefusedError"
    post_office.open()
    outbox.do_due()
    assert post_office.mails == []
    time_machine.shift(60)
    outbox.do_due()
    assert post_office.to() == ["carol@example.org"]
    assert User.objects.filter(username="carol").exists()


def test_the_secrets_of_a_mail_are_deleted_when_it_is_sent(client, bob, post_office):
    client.post("/account/password/reset/", {"email": "bob@example.org"})
    assert "/account/password/reset/key/" in Mail.objects.get().written["text"]
    outbox.do_due()
    assert "/account/password/reset/key/" in text_of(post_office.mails[0])
    mail = Mail.objects.get()
    assert mail.sent_at
    assert mail.written is None


def test_the_secrets_of_a_mail_that_is_given_up_are_deleted_too(
    client, bob, post_office, time_machine
):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    post_office.refused["bob@example.org"] = "550 no such person"
    client.post("/account/password/reset/", {"email": "bob@example.org"})
    outbox.do_due()
    assert Mail.objects.get().written
    time_machine.shift(4 * 24 * 3600)
    call_command("purge")
    mail = Mail.objects.get()
    assert mail.given_up_at
    assert mail.written is None
    assert outbox.try_again(Mail.objects.all()) == 0


def test_answers_do_not_reveal_who_has_an_account_while_the_server_is_down(sign_up, client, bob):
    known = client.post("/account/password/reset/", {"email": "bob@example.org"})
    unknown = client.post("/account/password/reset/", {"email": "eve@example.org"})
    assert known.headers["Location"] == unknown.headers["Location"]
    taken, free = sign_up("carol", "bob@example.org"), sign_up("dora", "dora@example.org")
    assert taken.headers["Location"] == free.headers["Location"]
    assert Mail.objects.count() == 4


def test_a_mail_about_an_account_has_a_plain_form_and_html(sign_up, post_office):
    sign_up("carol", "carol@example.org")
    outbox.do_due()
    kinds = [part.get_content_type() for part in post_office.mails[0].iter_parts()]
    assert kinds == ["text/plain", "text/html"]


def test_the_log_says_why_a_mail_failed_and_not_to_whom(sign_up, post_office, caplog):
    post_office.refused["carol@example.org"] = "550 no carol@example.org here"
    sign_up("carol", "carol@example.org")
    outbox.do_due()
    ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]
    assert any("SMTPRecipientsRefused" in line for line in ours)
    assert not any("carol" in line for line in ours)

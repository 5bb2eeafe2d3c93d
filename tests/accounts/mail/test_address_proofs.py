"""Guests' email addresses: one normal form for all spellings, verified by a mailed link alone."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from accounts.mail import address_proofs, outbox
from accounts.models import Address, EmailLink, Mail
from accounts.text import email_normalization
from tests.accounts.smtp_server import html_of, text_of

pytestmark = pytest.mark.both_databases("accounts.mail.address_proofs")

A_DAY = 24 * 3600


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ada@example.org", "ada@example.org"),
        (" Ada.B@Example.ORG ", "Ada.B@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@bu\u0308cher.example", "ada@xn--bcher-kva.example"),
        ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_an_address_has_one_normal_form(typed, stored):
    assert email_normalization.normalize_email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "ada@example",
        "ada@example.org\nBcc: eve@example.org",
        "ada\r\n@example.org",
        "ada@exam\x00ple.org",
        f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 63}.example",
        f"ada@{'b' * 64}.example",
        "ada@..example.org",
        "ada@\ud800.example",
    ],
)
def test_an_invalid_address_is_refused(typed):
    with pytest.raises(ValidationError):
        email_normalization.normalize_email(typed)


def test_spellings_of_one_address_are_one_row(db):
    first = address_proofs.get_or_create_address("Ada@Example.org")
    assert address_proofs.get_or_create_address("aDA@EXAMPLE.org") == first
    assert first.email == "Ada@example.org"
    assert first.discreet
    assert first.verified_at is None


@pytest.fixture
def ada(db, time_machine):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    return address_proofs.get_or_create_address("ada@example.org")


@pytest.fixture
def link_of(post_office):
    """A function that has the due mails sent and returns the path in the last one."""

    def read():
        outbox.do_due()
        return re.search(r"http://localhost(/m/\S+)", text_of(post_office.mails[-1]))[1]

    return read


def test_an_address_is_verified_by_pressing_the_button_behind_its_link(client, ada, link_of):
    assert address_proofs.request_proof(ada)
    path = link_of()
    assert client.get(path).status_code == 200
    ada.refresh_from_db()
    assert ada.verified_at is None
    assert "Your email address is confirmed" in client.post(path).text
    ada.refresh_from_db()
    assert ada.verified_at


def test_the_proof_mail_says_nothing_about_anybody(ada, post_office, settings):
    settings.DEFAULT_FROM_EMAIL = "The lake house <lake@example.net>"
    address_proofs.request_proof(ada)
    outbox.do_due()
    mail = post_office.mails[0]
    assert mail["From"] == "lake@example.net"
    assert mail["Subject"] == "Please confirm your email address"
    allowed = {"Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID"}
    assert set(mail) <= allowed | {"Auto-Submitted", "X-Peer", "X-MailFrom", "X-RcptTo"}
    for words in (text_of(mail), html_of(mail)):
        assert "lake house" not in words
        assert len(re.findall(r"/m/", re.sub(r">http\S+</a>", "", words))) == 1


def test_the_proof_mail_comes_once_a_day_at_most(ada, post_office, time_machine):
    assert address_proofs.request_proof(ada)
    assert not address_proofs.request_proof(address_proofs.get_or_create_address("ADA@example.org"))
    time_machine.shift(A_DAY - 1)
    assert not address_proofs.request_proof(ada)
    time_machine.shift(1)
    assert address_proofs.request_proof(ada)
    assert Mail.objects.count() == 2


def test_no_proof_mail_comes_once_the_address_is_verified(client, ada, link_of, time_machine):
    address_proofs.request_proof(ada)
    client.post(link_of())
    time_machine.shift(A_DAY)
    assert not address_proofs.request_proof(ada)


def test_a_proof_that_waits_is_dropped_once_it_is_not_needed(ada, post_office):
    address_proofs.request_proof(ada)
    Address.objects.update(verified_at="2030-05-01 12:00Z")
    outbox.do_due()
    assert post_office.mails == []


def test_a_link_works_once(client, ada, link_of):
    address_proofs.request_proof(ada)
    path = link_of()
    client.post(path)
    again = client.post(path)
    assert again.status_code == 404
    assert "no longer works" in again.text


def test_a_link_expires_after_three_days(client, ada, link_of, time_machine):
    address_proofs.request_proof(ada)
    path = link_of()
    time_machine.shift(3 * A_DAY)
    assert client.post(path).status_code == 404
    ada.refresh_from_db()
    assert ada.verified_at is None
    time_machine.shift(1)
    call_command("purge")
    assert not EmailLink.objects.exists()


def test_no_token_is_stored(ada, link_of):
    address_proofs.request_proof(ada)
    token = link_of().split("/")[2]
    assert len(token) >= 43
    mail, link = Mail.objects.values().get(), EmailLink.objects.values().get()
    assert token not in f"{mail} {link}"


def test_somebody_who_stopped_all_mails_can_ask_for_them_again(client, ada, link_of, time_machine):
    Address.objects.update(verified_at="2030-04-01 12:00Z", stopped_at="2030-04-02 12:00Z")
    assert address_proofs.request_proof(ada)
    client.post(link_of())
    ada.refresh_from_db()
    assert ada.stopped_at is None
    assert ada.verified_at.month == 4


def test_another_spelling_does_not_get_round_a_stop_of_all_mails(db):
    address = address_proofs.get_or_create_address("ada@bücher.example")
    Address.objects.filter(pk=address.pk).update(stopped_at="2030-04-02 12:00Z")
    assert Address.objects.has_stopped("ADA@BÜCHER.example")
    assert not Address.objects.has_stopped("bea@bücher.example")
    assert not Address.objects.has_stopped("no address")

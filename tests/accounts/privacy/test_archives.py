"""Data archives: made in the background, fetched by a signed link, deleted after a day."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.mail import address_proofs, outbox
from accounts.models import Address, Archive, ArchivePart, EmailLink, Mail
from accounts.privacy import archive_format, archives, guest_access, registry
from config import due_work
from tests.accounts.smtp_server import text_of
from tests.conftest import PASSWORD

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases(
        "accounts.models.archive", "accounts.privacy.archives", "accounts.due_rows"
    ),
]
NOON = "2030-05-01 12:00Z"
ADA = "ada@example.org"
OWN, ASK = "/account/archive/", "/privacy/archive/"


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOON, tick=False)


def verified(email=ADA):
    address = address_proofs.get_or_create_address(email)
    Address.objects.filter(pk=address.pk).update(verified_at="2020-01-01 12:00Z")
    return Address.objects.get(pk=address.pk)


def run_due():
    assert due_work.do_due() == []


def link_in(mail):
    """The path of the one link in a mail that arrived."""
    (line,) = [line for line in text_of(mail).splitlines() if line.startswith("http")]
    return line.removeprefix("http://localhost")


def read(response):
    """Return ``(page, data)`` of a downloaded archive."""
    assert response.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert archive.testzip() is None
    assert archive.namelist() == ["index.html", "data.json"]
    return archive.read("index.html").decode(), json.loads(archive.read("data.json"))


def file_of(archive):
    return f"{ASK}{archives.signed(archive)}/file/"


@pytest.fixture
def bobs(bob):
    """bob's archive, which is ready."""
    archives.request_archive(user=bob)
    archives.do_due()
    return Archive.objects.get()


@pytest.fixture
def adas():
    """The archive of a guest, which is ready."""
    archives.request_archive(address=verified())
    archives.do_due()
    return Archive.objects.get()


# -- of an account -----------------------------------------------------------------------


def test_an_account_asks_for_an_archive_gets_a_mail_and_downloads_it(shown_again, bob, post_office):
    client = shown_again(bob)
    assert "Create my archive" in client.get(OWN).text
    assert client.post(OWN, follow=True).status_code == 200
    assert "is being created" in client.get(OWN).text
    run_due()
    assert post_office.to() == ["bob@example.org"]
    assert link_in(post_office.mails[0]) == OWN
    assert "bob" not in text_of(post_office.mails[0])
    page = client.get(OWN)
    assert "is ready" in page.text
    answer = client.get(file_of(Archive.objects.get()))
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    html, data = read(answer)
    assert data["addresses"] == ["bob@example.org"]
    assert "bob@example.org" in html


def test_a_browser_left_open_neither_makes_nor_shows_an_archive(signed_in, bob, time_machine):
    client = signed_in(bob)
    assert client.post(OWN)["Location"].startswith("/account/reauthenticate/")
    assert not Archive.objects.exists()
    answer = client.post("/account/reauthenticate/", {"password": "wrong", "next": OWN})
    assert answer.status_code == 200
    assert not Archive.objects.exists()
    # The request itself is kept until the password was given again.
    client.post(OWN)
    answer = client.post("/account/reauthenticate/", {"password": PASSWORD, "next": OWN})
    assert answer["Location"] == OWN
    archives.do_due()
    assert "is ready" in client.get(OWN).text
    time_machine.shift(timedelta(minutes=5))
    assert client.get(OWN)["Location"].startswith("/account/reauthenticate/")


def test_opening_the_page_requests_no_archive(signed_in, bob):
    signed_in(bob).get(OWN)
    assert not Archive.objects.exists()


def test_another_persons_link_opens_nothing(client, signed_in, bobs, mia):
    address = file_of(bobs)
    stranger = client.get(address)
    assert stranger.status_code == 302
    assert stranger["Location"].startswith("/account/login/")
    assert signed_in(mia).get(address).status_code == 404
    assert signed_in(mia).get(address.removesuffix("file/")).status_code == 404
    assert "is ready" not in signed_in(mia).get(OWN).text


@pytest.mark.parametrize("given", ["1", "1:forged", "MQ:1abcde:signature", "%00", "x" * 3000])
def test_a_forged_link_opens_nothing(client, adas, given):
    assert client.get(f"{ASK}{given}/").status_code == 404
    assert client.get(f"{ASK}{given}/file/").status_code == 404


def test_a_signature_of_something_else_opens_nothing(client, adas):
    from django.core import signing

    for other in (
        signing.dumps(adas.pk),
        signing.dumps(adas.pk, salt="comments.guests.recognition"),
    ):
        assert client.get(f"{ASK}{other}/file/").status_code == 404


def test_an_archive_is_deleted_after_a_day(client, signed_in, bob, bobs, time_machine):
    address = file_of(bobs)
    time_machine.shift(timedelta(hours=24))
    assert signed_in(bob).get(address).status_code == 404
    run_due()
    assert not Archive.objects.exists()
    assert not ArchivePart.objects.exists()


def test_an_archive_that_is_not_ready_cannot_be_downloaded(signed_in, bob):
    archive = archives.request_archive(user=bob)
    assert signed_in(bob).get(file_of(archive)).status_code == 404


def test_two_requests_make_one_archive_and_a_later_one_makes_another(bob, time_machine):
    first = archives.request_archive(user=bob)
    assert archives.request_archive(user=bob) == first
    archives.do_due()
    assert archives.request_archive(user=bob) == first
    time_machine.shift(timedelta(hours=1, seconds=1))
    second = archives.request_archive(user=bob)
    assert second != first
    archives.do_due()
    assert Archive.objects.get() == second


def test_an_account_without_a_verified_address_gets_its_archive_without_a_mail(person, shown_again):
    carol = person("carol", verified=False)
    archives.request_archive(user=carol)
    archives.do_due()
    assert not Mail.objects.exists()
    assert "is ready" in shown_again(carol).get(OWN).text


# -- of a guest --------------------------------------------------------------------------


def said(sql):
    """A statement without its values and the number of its savepoint."""
    return re.sub(r" (\"s\d\w+\"|VALUES.*)", "", sql)[:60]


def asked(client, email=ADA):
    return client.post(ASK, {"email": email})


def test_a_guest_asks_confirms_waits_and_downloads_an_archive(client, post_office):
    verified()
    assert asked(client).status_code == 200
    run_due()
    (mail,) = post_office.mails
    assert mail["To"] == ADA
    link = link_in(mail)
    assert client.get(link).status_code == 200
    choice = client.post(link)
    assert "Download your data" in choice.text
    assert not Archive.objects.exists()
    answer = client.post(link, {"act": "archive"})
    assert answer.status_code == 302
    waits = client.get(answer["Location"])
    assert "is being created" in waits.text
    assert waits.headers["Referrer-Policy"] == "no-referrer"
    assert not waits.cookies
    run_due()
    ready = client.get(answer["Location"])
    assert "Download" in ready.text
    _page, data = read(client.get(f"{answer['Location']}file/"))
    assert data["addresses"] == [ADA]
    # The mail that says so leads there, too, from another device.
    pressed = Client().post(link_in(post_office.mails[1]))
    assert pressed.status_code == 302
    assert "Download" in client.get(pressed["Location"]).text


def test_the_link_is_good_for_a_day_and_one_act(client, post_office, time_machine):
    verified()
    asked(client)
    run_due()
    link = link_in(post_office.mails[0])
    for _look in range(3):
        assert client.post(link).status_code == 200
    assert client.post(link, {"act": "archive"}).status_code == 302
    assert client.post(link, {"act": "archive"}).status_code == 404
    assert client.get(link).status_code == 404
    asked(client)
    run_due()
    late = link_in(
        [mail for mail in post_office.mails if "works once, within 24 hours" in text_of(mail)][1]
    )
    time_machine.shift(timedelta(hours=24, seconds=1))
    assert client.get(late).status_code == 404
    assert client.post(late, {"act": "archive"}).status_code == 404


def test_a_known_and_an_unknown_address_get_the_same_answer_for_the_same_work(client, post_office):
    verified()
    verified("taken@example.org")
    address_proofs.get_or_create_address("typed@example.org")
    asked(client, "warm@example.org")
    told = {}
    for email in (ADA, "unknown@example.org", "typed@example.org"):
        with CaptureQueriesContext(connection) as captured:
            answer = asked(client, email)
        told[email] = answer.status_code, answer.text, [said(query["sql"]) for query in captured]
    assert told[ADA] == told["unknown@example.org"] == told["typed@example.org"]
    run_due()
    assert post_office.to() == [ADA]
    # An unknown address is not stored either.
    assert set(Mail.objects.exclude(to_address=ADA).values_list("to_address", flat=True)) == {""}
    assert "unknown" not in str(list(Mail.objects.values()))


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Ada@Example.org", "aDA@example.ORG"),
        ("ada@zo\u00eb.example", "ada@zoe\u0308.example"),
        ("ada@zoe\u0308.example", "ADA@xn--zo-ija.example"),
    ],
)
def test_another_spelling_is_found_and_the_mail_goes_to_the_stored_one(
    client, post_office, stored, typed
):
    address = verified(stored)
    assert asked(client, typed).status_code == 200
    run_due()
    assert post_office.to() == [address.email]


def test_a_lookalike_address_is_not_found(client, post_office):
    verified("ada@ada.example")
    asked(client, "ada@\u0430da.example")
    run_due()
    assert post_office.mails == []


@pytest.mark.parametrize("email", ["", "ada", "ada@", "a" * 300 + "@example.org", "a@b\x00.org"])
def test_an_invalid_address_is_refused_kindly(client, email):
    answer = asked(client, email)
    assert answer.status_code == 422
    assert not Mail.objects.exists()


def test_one_network_may_ask_ten_times_in_an_hour(client, time_machine):
    for number in range(guest_access.FROM_A_NETWORK):
        assert asked(client, f"somebody{number}@example.org").status_code == 200
    refused = client.post(ASK, {"email": ADA}, headers={"X-Forwarded-For": "203.0.113.7"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert client.post(ASK, {"email": ADA}, REMOTE_ADDR="198.51.100.9").status_code == 200
    time_machine.shift(timedelta(hours=1))
    assert asked(client).status_code == 200


def test_nobody_can_fill_somebody_elses_mailbox(client, post_office):
    verified()
    pages = [
        client.post(ASK, {"email": email}, REMOTE_ADDR=f"198.51.{number}.9").text
        for number, email in enumerate([ADA, "ADA@example.org", ADA, ADA, ADA])
    ]
    assert len(set(pages)) == 1
    run_due()
    assert post_office.to() == [ADA] * guest_access.TO_AN_ADDRESS


def test_a_dead_mail_server_loses_nothing(client, post_office, time_machine):
    verified()
    post_office.close()
    assert asked(client).status_code == 200
    run_due()
    assert not Mail.objects.filter(sent_at__isnull=False).exists()
    post_office.open()
    time_machine.shift(timedelta(minutes=2))
    run_due()
    assert client.get(link_in(post_office.mails[0])).status_code == 200


def test_erasing_the_address_erases_its_link(client, post_office):
    verified()
    asked(client)
    run_due()
    Address.objects.all().delete()
    assert client.post(link_in(post_office.mails[0]), {"act": "archive"}).status_code == 404
    assert not EmailLink.objects.exists()


# -- workers -----------------------------------------------------------------------------


def test_only_one_of_two_workers_makes_an_archive(bob, monkeypatch):
    archives.request_archive(user=bob)
    packed = []
    pack = archive_format.pack

    def slow(subject, file):
        packed.append(subject)
        archives.do_due()  # another worker comes by meanwhile
        pack(subject, file)

    monkeypatch.setattr(archive_format, "pack", slow)
    archives.do_due()
    assert len(packed) == 1
    assert Archive.objects.get().is_ready
    assert Mail.objects.filter(name="archive_ready").count() == 1


def test_another_worker_takes_over_from_a_killed_one(bob, monkeypatch, time_machine):
    archives.request_archive(user=bob)

    def die(subject, file):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(archive_format, "pack", die)
        with pytest.raises(KeyboardInterrupt):
            archives.do_due()
    archives.do_due()
    assert not Archive.objects.get().is_ready
    time_machine.shift(archives.CLAIM)
    archives.do_due()
    assert Archive.objects.get().is_ready


def test_a_worker_that_was_too_slow_stores_nothing(bob, monkeypatch, time_machine, caplog):
    archives.request_archive(user=bob)
    pack, turns = archive_format.pack, []

    def slow(subject, file):
        turns.append(file)
        if len(turns) == 1:
            time_machine.shift(archives.CLAIM)
            archives.do_due()
        pack(subject, file)

    monkeypatch.setattr(archive_format, "pack", slow)
    archives.do_due()
    assert len(turns) == 2
    assert "accounts.privacy.archives" not in {record.name for record in caplog.records}
    numbers = list(ArchivePart.objects.values_list("number", flat=True))
    assert numbers == list(range(len(numbers)))
    assert Mail.objects.filter(name="archive_ready").count() == 1


def test_an_archive_that_cannot_be_made_is_given_up_and_the_page_says_so(
    signed_in, shown_again, bob, monkeypatch, time_machine, caplog
):
    archives.request_archive(user=bob)

    def fail(subject, file):
        raise ValueError("bob@example.org said something")

    with monkeypatch.context() as patch:
        patch.setattr(archive_format, "pack", fail)
        for _attempt in range(archives.MOST_ATTEMPTS):
            archives.do_due()
            time_machine.shift(timedelta(hours=1))
    assert "bob@example.org" not in caplog.text
    assert "couldn’t be created" in signed_in(bob).get(OWN).text
    run_due()
    assert not Mail.objects.waiting().exists()
    client = shown_again(bob)
    client.post(OWN)
    archives.do_due()
    assert "is ready" in client.get(OWN).text


def test_an_archive_that_nobody_makes_is_noticed(bob, time_machine):
    archives.request_archive(user=bob)
    time_machine.shift(due_work.LATE + timedelta(seconds=1))
    assert due_work.is_late()
    run_due()
    assert not due_work.is_late()


def test_the_mail_leaves_only_once_the_archive_is_ready(bob, post_office, time_machine):
    archives.request_archive(user=bob)
    outbox.do_due()
    assert post_office.mails == []
    archives.do_due()
    time_machine.shift(archives.LOOK_AGAIN)
    outbox.do_due()
    assert post_office.to() == ["bob@example.org"]


def test_a_large_archive_is_stored_in_parts_and_downloaded_whole(signed_in, bob, monkeypatch):
    monkeypatch.setattr(archives, "PART", 100)
    archives.request_archive(user=bob)
    archives.do_due()
    assert ArchivePart.objects.count() > 3
    answer = signed_in(bob).get(file_of(Archive.objects.get()))
    whole = b"".join(answer.streaming_content)
    assert len(whole) == int(answer.headers["Content-Length"])
    assert zipfile.ZipFile(io.BytesIO(whole)).testzip() is None


def test_an_erasure_deletes_an_archive_even_while_it_is_made(bob, monkeypatch):
    archives.request_archive(user=bob)
    pack = archive_format.pack

    def erased_meanwhile(subject, file):
        archives.erase(registry.DataSubject.from_user(bob))
        pack(subject, file)

    monkeypatch.setattr(archive_format, "pack", erased_meanwhile)
    archives.do_due()
    assert not Archive.objects.exists()
    assert not ArchivePart.objects.exists()
    run_due()
    assert not Mail.objects.filter(sent_at__isnull=False).exists()


def test_the_log_of_requests_keeps_no_link(adas):
    from config.logging import KEYS

    told = KEYS.sub(r"\1...", f'"GET {file_of(adas)} HTTP/1.1" 404')
    assert archives.signed(adas) not in told

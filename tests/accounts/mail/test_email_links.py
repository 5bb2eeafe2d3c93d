"""Links in mails: opening one changes nothing, its button acts, and the token stays secret."""

import logging
import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.mail import address_proofs, compose, links, outbox
from accounts.mail.compose import EmailContent
from accounts.models import Address, EmailLink
from tests.accounts.smtp_server import html_of, text_of

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class GoSomewhere(links.LinkAction):
    name = "go"
    once = False

    def act(self, link):
        return f"/posts/{link.arguments['slug']}/"


class Stop(links.LinkAction):
    name = "stop"
    once = False

    def act(self, link):
        address_proofs.stop_mail(link.address.email)


class Fail(links.LinkAction):
    name = "fail"

    def act(self, link):
        Address.objects.update(discreet=False)
        raise ZeroDivisionError


@compose.named("answer")
def answer(address, comment):
    """A mail as another app would define it."""
    found = Address.objects.get(pk=address)
    return EmailContent(
        {"link": f"http://localhost/c/{comment}/?a=1&b='2'"},
        unsubscribe=links.make_link("stop", address=found),
        discreet=found.discreet,
        message_id=compose.message_id("comment", comment, found.pk),
        in_reply_to=compose.message_id("comment", comment - 1, found.pk),
    )


@pytest.fixture(autouse=True)
def _app_with_mails(settings, monkeypatch):
    here = "tests.accounts.mail.test_email_links"
    settings.EMAILS = [*settings.EMAILS, f"{here}.answer"]
    settings.LINK_ACTIONS = [
        *settings.LINK_ACTIONS,
        *(f"{here}.{name}" for name in ("GoSomewhere", "Stop", "Fail")),
    ]
    monkeypatch.setattr(compose, "template_name", lambda name: "accounts/emails/proof.html")


@pytest.fixture
def ada(db):
    return address_proofs.get_or_create_address("ada@example.org")


@pytest.fixture
def path_to(ada):
    """A function that makes a link and returns its path."""
    return lambda kind, **more: links.make_link(kind, address=ada, **more).removeprefix(
        "http://localhost"
    )


def test_opening_a_link_changes_nothing(client, path_to):
    before = [*Address.objects.values()]
    for kind in ("prove", "stop"):
        path = path_to(kind)
        for _ in range(3):
            assert client.get(path).status_code == client.head(path).status_code == 200
    assert [*Address.objects.values()] == before
    assert not EmailLink.objects.exclude(used_at=None).exists()


@pytest.mark.parametrize("kind", ["prove", "stop"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_page_of_a_link_is_not_cached_indexed_or_sent_as_a_referrer(
    client, path_to, kind, method
):
    page = getattr(client, method)(path_to(kind))
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page.text
    assert not page.cookies


def test_the_page_of_a_link_has_one_button_and_names_nobody(client, path_to, alice):
    from blog.models import Blog

    Blog.objects.update_or_create(pk=1, defaults={"title": "The lake house"})
    for kind in ("prove", "stop"):
        page = client.get(path_to(kind)).text
        assert page.count("<button") == 1
        assert "<a " not in page
        assert "lake house" not in page
        assert "ada" not in page.lower().replace("data", "")


@pytest.mark.parametrize("token", ["x", "a" * 43, "%F0%9F%8C%B1", "%FF"])
def test_a_forged_link_gets_a_kind_page(client, db, token):
    for page in (client.get(f"/m/{token}/"), client.post(f"/m/{token}/")):
        assert page.status_code == 404
        assert page.headers["Cache-Control"] == "private, no-store"
        assert "no longer works" in page.text


def test_a_link_of_a_removed_kind_does_nothing(client, path_to, settings):
    path = path_to("go", slug="lake")
    settings.LINK_ACTIONS = settings.LINK_ACTIONS[:2]
    assert client.post(path).status_code == 404


def test_a_link_can_redirect_without_a_referrer(client, path_to):
    path = path_to("go", slug="lake")
    assert "lake" not in client.get(path).text
    for _ in range(2):
        answer = client.post(path)
        assert answer.headers["Location"] == "/posts/lake/"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_an_action_that_fails_does_not_use_up_the_link(client, path_to):
    path = path_to("fail")
    with pytest.raises(ZeroDivisionError):
        client.post(path)
    assert EmailLink.objects.get().used_at is None
    assert Address.objects.get().discreet


def test_a_link_answers_only_get_and_post(client, path_to):
    assert client.put(path_to("stop")).status_code == 405


def test_no_token_reaches_the_log(client, path_to, caplog):
    from config.logging import RedactingFilter

    caplog.handler.addFilter(RedactingFilter())
    caplog.set_level(logging.INFO)
    for path in ("/m/" + "s3cret" * 8 + "/", "/account/confirm-email/s3cret/extra/"):
        client.get(path)
    logging.getLogger("django.server").info('"%s" %s', "GET /m/s3cret/ HTTP/1.1", 200)
    caplog.handler.removeFilter(caplog.handler.filters[-1])
    assert "/m/..." in caplog.text
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize("path", ["/comments/7/receipt/{}/edit/", "/m/{}/", "/comments/proof/{}/"])
@pytest.mark.parametrize("slash", ["/", "%2F", "%2f", "%252F"])
def test_no_token_reaches_the_log_inside_another_address(path, slash):
    from config.logging import RedactingFilter

    whole = "GET /content-notes/?back=" + path.format("s3cret").replace("/", slash)
    record = logging.LogRecord("django.server", logging.INFO, "", 0, '"%s" 200', (whole,), None)
    assert RedactingFilter().filter(record)
    assert "s3cret" not in record.getMessage()
    assert "GET /content-notes/?back=" in record.getMessage()


def post_answer(ada, comment=12):
    outbox.enqueue("answer", ada.email, address=ada.pk, comment=comment)


@pytest.fixture
def arrived(ada, post_office):
    """A mail that ada gets because of a subscription."""
    post_answer(ada)
    outbox.do_due()
    return post_office.mails[0]


def path_in(mail):
    """The path that a mail program would post to."""
    return re.fullmatch(r"\s*<http://localhost(/m/[^<>]+)>", mail["List-Unsubscribe"])[1]


def test_a_subscription_can_be_ended_with_one_press_in_the_mail_program(arrived, ada):
    assert arrived["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    program = Client(enforce_csrf_checks=True)
    answer = program.post(path_in(arrived), ONE_CLICK)
    assert answer.status_code == 200
    assert not answer.cookies
    ada.refresh_from_db()
    assert ada.stopped_at


def test_ending_a_subscription_also_stops_mails_that_already_wait(
    arrived, ada, client, post_office
):
    post_answer(ada, 13)
    client.post(path_in(arrived))
    post_answer(ada, 14)
    outbox.do_due()
    assert len(post_office.mails) == 1


def test_pressing_twice_is_no_error(client, path_to):
    path = path_to("stop")
    assert client.post(path).status_code == client.post(path).status_code == 200


def test_mail_headers_let_programs_show_a_thread(arrived, ada, post_office):
    post_answer(ada, 13)
    outbox.do_due()
    first, second = post_office.mails
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert first["Message-ID"] != second["Message-ID"]


def test_a_message_id_depends_on_what_the_mail_is_about():
    assert compose.message_id("comment", 1, 2) == compose.message_id("comment", 1, 2)
    assert compose.message_id("comment", 1, 2) != compose.message_id("comment", 12, 0)
    assert compose.message_id("comment", 1, 12) != compose.message_id("comment", 11, 2)


def test_a_mail_that_is_tried_again_keeps_its_message_id(ada, post_office, time_machine):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    seen = []
    take = post_office.handle_DATA

    async def lose_the_answer(server, session, envelope):
        seen.append(envelope.content.partition(b"Message-ID: ")[2].partition(b"\r\n")[0])
        return "451 try again" if len(seen) == 1 else await take(server, session, envelope)

    post_office.controller.handler.handle_DATA = lose_the_answer
    address_proofs.request_proof(ada)
    outbox.do_due()
    time_machine.shift(60)
    outbox.do_due()
    assert len(seen) == 2
    assert len(set(seen)) == 1


def test_plain_text_is_plain_and_html_is_escaped(arrived):
    assert "?a=1&b='2'" in text_of(arrived)
    assert "?a=1&amp;b=&#x27;2&#x27;" in html_of(arrived)


def test_discreet_mails_do_not_name_the_sender(ada, post_office, settings):
    settings.DEFAULT_FROM_EMAIL = "The lake house <lake@example.net>"
    post_answer(ada, 1)
    outbox.do_due()
    Address.objects.update(discreet=False)
    post_answer(ada, 2)
    outbox.do_due()
    assert [mail["From"] for mail in post_office.mails] == [
        "lake@example.net",
        "The lake house <lake@example.net>",
    ]


def test_every_mail_asks_programs_for_no_automatic_answer(arrived):
    assert arrived["Auto-Submitted"] == "auto-generated"


def test_the_path_of_a_link_is_the_documented_one():
    assert reverse("accounts:link", args=["x"]) == "/m/x/"

"""A new email address counts once both it and the old address have confirmed the change."""

import pytest

from accounts.models import EmailChange, Mail, User
from tests.house.purging import purge

pytestmark = pytest.mark.both_databases("accounts.auth.email_change")

NEW = "robert@example.org"


@pytest.fixture
def asked(bob, shown_again):
    """bob's client after asking for another address."""
    client = shown_again(bob)
    client.post("/account/email/", {"action_add": "", "email": NEW})
    return client


def link_to(mails, link_in, address):
    return next(link_in(mail) for mail in mails if mail.to == [address])


def address_of(bob):
    bob.refresh_from_db()
    return bob.email, [(row.email, row.verified) for row in bob.emailaddress_set.all()]


OLD = ("bob@example.org", [("bob@example.org", True)])


@pytest.mark.parametrize("first", ["bob@example.org", NEW])
def test_the_address_changes_only_after_both_addresses_confirm(
    asked, client, bob, mailoutbox, link_in, first
):
    mails = list(mailoutbox)
    assert {mail.to[0] for mail in mails} == {"bob@example.org", NEW}
    client.post(link_to(mails, link_in, first))
    assert address_of(bob) == OLD
    (other,) = {"bob@example.org", NEW} - {first}
    client.post(link_to(mails, link_in, other))
    assert address_of(bob) == (NEW, [(NEW, True)])


def test_opening_the_links_confirms_nothing(asked, client, bob, mailoutbox, link_in):
    for mail in list(mailoutbox):
        assert client.get(link_in(mail)).status_code == 200
    assert address_of(bob) == OLD


def test_an_address_change_needs_the_password_again(bob, signed_in):
    answer = signed_in(bob).post("/account/email/", {"action_add": "", "email": NEW})
    assert answer.headers["Location"].startswith("/account/reauthenticate/")
    assert not EmailChange.objects.exists()
    assert not Mail.objects.exists()


def test_neither_mail_names_a_person_or_the_other_address(asked, mailoutbox):
    for mail in mailoutbox:
        (html,) = (part for part, _kind in mail.alternatives)
        said = mail.subject + mail.body + html
        (other,) = {"bob@example.org", NEW} - {mail.to[0]}
        assert other not in said
        assert "Bob" not in said
        assert mail.from_email == "hearth@localhost"


def test_the_links_of_a_cancelled_change_stop_working(asked, bob, mailoutbox, link_in):
    links = [link_in(mail) for mail in mailoutbox]
    asked.post("/account/email/stop/")
    for link in links:
        assert asked.post(link).status_code == 404
    assert address_of(bob) == OLD


def test_links_expire_after_three_days(asked, bob, mailoutbox, link_in, time_machine):
    links = [link_in(mail) for mail in mailoutbox]
    from datetime import timedelta

    from django.utils import timezone

    time_machine.move_to(timezone.now() + timedelta(days=3, minutes=1))
    for link in links:
        assert asked.get(link).status_code == 404
    purge()
    assert not EmailChange.objects.exists()
    assert address_of(bob) == OLD


def test_a_stranger_gets_one_mail_a_day_however_often_somebody_asks(asked, mailoutbox):
    asked.post("/account/email/", {"action_add": "", "email": NEW.upper()})
    asked.post("/account/email/stop/")
    asked.post("/account/email/", {"action_add": "", "email": NEW})
    assert [mail.to for mail in mailoutbox].count([NEW]) == 1


def test_a_new_password_by_mail_does_not_prove_the_new_address(asked, bob, client, mailoutbox):
    client.post("/account/password/reset/", {"email": NEW})
    assert not any("/password/reset/key/" in mail.body for mail in mailoutbox)
    client.post("/account/login/code/", {"email": NEW})
    assert User.objects.get(pk=bob.pk).email == "bob@example.org"


@pytest.mark.parametrize("email", ["", "no address", "bob@example.org", "BOB@example.org"])
def test_an_address_that_is_not_new_or_not_valid_is_refused_at_its_field(bob, shown_again, email):
    page = shown_again(bob).post("/account/email/", {"action_add": "", "email": email})
    assert page.status_code == 200
    assert 'class="errorlist"' in page.content.decode()
    assert not EmailChange.objects.exists()


def test_the_page_shows_a_pending_change_and_how_to_cancel_it(asked):
    page = asked.get("/account/email/").content.decode()
    assert NEW in page
    assert "/account/email/stop/" in page
    asked.post("/account/email/stop/")
    assert NEW not in asked.get("/account/email/").content.decode()

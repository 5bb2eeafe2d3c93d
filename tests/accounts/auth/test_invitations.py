"""Registration is open, by invitation or closed; an invitation creates one account."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.auth import invitations
from accounts.models import EmailLink, Invitation, SignupSettings, User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.both_databases("accounts.models.signup")

ADD = "/admin/accounts/invitation/add/"


def rule(sign_up):
    SignupSettings.get()
    SignupSettings.objects.update(sign_up=sign_up)


@pytest.fixture
def invited_only(db):
    rule("invited")


def copied(answer):
    """The link that the owner is shown once."""
    return re.search(r"http://localhost(/m/[\w-]+/)", answer.content.decode())[1]


@pytest.fixture
def link(owner, invited_only):
    """The path of an invitation that the owner has made to copy."""
    client = Client()
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    return copied(client.post(ADD, {"email": "", "note": "for carol"}, follow=True))


def follow(client, link):
    assert client.get(link).status_code == 200
    return client.post(link, follow=True)


SAID = {"invited": "Sign-up is by invitation", "closed": "Sign-up is currently closed"}


def is_closed(client, sign_up="invited"):
    return SAID[sign_up] in client.get("/account/signup/").content.decode()


@pytest.mark.parametrize("sign_up", SAID)
def test_nobody_signs_up_without_a_link(db, client, sign_up_form, sign_up):
    rule(sign_up)
    assert is_closed(client, sign_up)
    assert SAID[sign_up] in sign_up_form(client).content.decode()
    assert not User.objects.exists()


@pytest.fixture
def sign_up_form():
    """A function that sends the form."""

    def send(client, username="carol"):
        fields = {"username": username, "email": f"{username}@example.org"}
        both = {"password1": PASSWORD, "password2": PASSWORD}
        return client.post("/account/signup/", fields | both)

    return send


def test_an_invitation_makes_one_account(client, link, sign_up_form):
    follow(client, link)
    assert not is_closed(client)
    assert sign_up_form(client).headers["Location"] == "/account/confirm-email/"
    assert User.objects.filter(username="carol").exists()
    assert is_closed(client)
    assert client.get(link).status_code == 404
    row = Invitation.objects.get()
    assert row.used_at
    assert row.email == ""


def test_an_invitation_is_used_up_even_if_the_address_has_an_account(
    client, link, bob, sign_up_form
):
    """Or the invitation would tell who has one."""
    follow(client, link)
    fields = {"username": "carol", "email": "bob@example.org"}
    client.post("/account/signup/", fields | {"password1": PASSWORD, "password2": PASSWORD})
    assert is_closed(client)
    assert not User.objects.filter(username="carol").exists()


def test_a_refused_form_does_not_use_up_the_invitation(client, link, sign_up_form):
    follow(client, link)
    client.post("/account/signup/", {"username": "carol", "email": "x", "password1": "y"})
    assert sign_up_form(client).headers["Location"] == "/account/confirm-email/"


def test_of_two_browsers_with_one_invitation_one_makes_an_account(link, sign_up_form):
    first, second = Client(), Client()
    follow(first, link)
    follow(second, link)
    sign_up_form(first)
    sign_up_form(second, "dora")
    assert not User.objects.filter(username="dora").exists()


def test_two_simultaneous_sign_ups_use_an_invitation_once(link, bob):
    key = Invitation.objects.get().pk
    assert [invitations.redeem(key), invitations.redeem(key)] == [True, False]


def test_an_invitation_expires_after_two_weeks(client, link, time_machine, sign_up_form):
    follow(client, link)
    time_machine.move_to(timezone.now() + timedelta(days=14, minutes=1))
    assert client.get(link).status_code == 404
    sign_up_form(client)
    assert not User.objects.filter(username="carol").exists()


def test_a_deleted_invitation_stops_working(client, link):
    Invitation.objects.all().delete()
    assert client.get(link).status_code == 404


def test_closed_registration_refuses_invitations_too(client, link, sign_up_form):
    rule("closed")
    follow(client, link)
    assert is_closed(client, "closed")
    sign_up_form(client)
    assert not User.objects.filter(username="carol").exists()


@pytest.mark.parametrize("carried", ["x", "1", "1:made-up:by-somebody"])
def test_a_forged_invitation_link_opens_nothing(client, invited_only, carried):
    client.get(f"/account/invitation/{carried}/")
    assert is_closed(client)


def test_the_owner_mails_an_invitation(owner, signed_in, invited_only, mailoutbox, sign_up_form):
    fields = {"email": "Carol@Example.org", "note": "my niece"}
    page = signed_in(owner).post(ADD, fields, follow=True).content.decode()
    assert "/m/" not in page
    (mail,) = mailoutbox
    assert mail.to == ["Carol@Example.org"]
    assert "niece" not in mail.body
    assert "owner" not in mail.body
    guest = Client()
    follow(guest, re.search(r"http://localhost(/m/[\w-]+/)", mail.body)[1])
    sign_up_form(guest)
    assert User.objects.filter(username="carol").exists()
    assert not Invitation.objects.exclude(email="").exists()


def test_the_link_is_shown_once_and_kept_as_a_hash(link, owner, signed_in):
    token = link.split("/")[2]
    assert not EmailLink.objects.filter(digest=token).exists()
    client = signed_in(owner)
    row = Invitation.objects.get()
    for path in ("", f"{row.pk}/change/"):
        assert token not in client.get(f"/admin/accounts/invitation/{path}").content.decode()


@pytest.mark.parametrize("who", ["alice", "mia"])
def test_authors_and_moderators_invite_nobody(db, who, request, signed_in):
    assert signed_in(request.getfixturevalue(who)).get(ADD).status_code == 403


def test_the_owner_sets_the_rule_in_the_admin(owner, signed_in):
    client = signed_in(owner)
    page = client.get("/admin/accounts/signupsettings/", follow=True)
    fields = {"sign_up": "closed", "second_factor": "wished"}
    client.post(page.redirect_chain[-1][0], fields)
    assert SignupSettings.get().sign_up == "closed"
    client.post(page.redirect_chain[-1][0], {"sign_up": "whoever", "second_factor": "wished"})
    assert SignupSettings.get().sign_up == "closed"

"""Second factors: setting up app codes and recovery codes, and that nothing bypasses them."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client

from accounts.models import SignupSettings
from tests.accounts.totp import code, set_up_app
from tests.conftest import PASSWORD

DESK, NEEDED = "/admin/", "/account/second-factor/"


@pytest.fixture
def app(bob):
    """The secret in bob's app."""
    return set_up_app(bob)


@pytest.fixture
def required(db):
    """The owner asks everybody who works here for a second factor."""
    SignupSettings.get()
    SignupSettings.objects.update(second_factor=SignupSettings.SecondFactor.STAFF)


def test_the_password_alone_does_not_sign_in(client, sign_in, signed_in_now, app):
    assert sign_in("bob").headers["Location"] == "/account/2fa/authenticate/"
    assert not signed_in_now()
    client.post("/account/2fa/authenticate/", {"code": code(app)})
    assert signed_in_now()


@pytest.mark.parametrize("wrong", ["", "000000", "no code", "12345678", "١٢٣٤٥٦", "1" * 5000])
def test_a_wrong_code_opens_nothing(client, sign_in, signed_in_now, app, wrong):
    sign_in("bob")
    page = client.post("/account/2fa/authenticate/", {"code": wrong})
    assert page.status_code == 200
    assert not signed_in_now()


def test_five_wrong_codes_end_the_attempt(client, sign_in, signed_in_now, app):
    sign_in("bob")
    for _ in range(5):
        client.post("/account/2fa/authenticate/", {"code": "000000"})
    page = client.post("/account/2fa/authenticate/", {"code": code(app)}).content.decode()
    assert "Too many failed" in page
    assert not signed_in_now()


def test_a_code_works_once(client, sign_in, signed_in_now, app):
    used = code(app)
    for opens in (True, False):
        sign_in("bob")
        client.post("/account/2fa/authenticate/", {"code": used})
        assert signed_in_now() is opens
        client.post("/account/logout/")


def test_a_recovery_code_works_once(client, bob, sign_in, signed_in_now, app):
    RecoveryCodes.activate(bob)
    first = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    for opens in (True, False):
        sign_in("bob")
        client.post("/account/2fa/authenticate/", {"code": first})
        assert signed_in_now() is opens
        client.post("/account/logout/")


def test_a_mailed_code_does_not_bypass_the_second_factor(client, mailoutbox, signed_in_now, app):
    client.post("/account/login/code/", {"email": "bob@example.org"})
    mailed = mailed_code(mailoutbox[0])
    answer = client.post("/account/login/code/confirm/", {"code": mailed})
    assert answer.headers["Location"] == "/account/2fa/authenticate/"
    assert not signed_in_now()


def mailed_code(mail):
    return re.search(r"^[A-Z0-9-]{6,}$", mail.body, re.MULTILINE)[0]


def test_a_mailed_code_signs_in_without_a_password(client, bob, mailoutbox, signed_in_now):
    page = client.post("/account/login/code/", {"email": "bob@example.org"}, follow=True)
    assert "works for 15 minutes" in page.content.decode()
    wrong = client.post("/account/login/code/confirm/", {"code": "AAAAAA"})
    assert wrong.status_code == 200
    assert not signed_in_now()
    client.post("/account/login/code/confirm/", {"code": mailed_code(mailoutbox[0])})
    assert signed_in_now()


def test_three_wrong_codes_end_a_mailed_one(client, bob, mailoutbox, signed_in_now):
    client.post("/account/login/code/", {"email": "bob@example.org"})
    for _ in range(3):
        client.post("/account/login/code/confirm/", {"code": "AAAAAA"})
    client.post("/account/login/code/confirm/", {"code": mailed_code(mailoutbox[0])})
    assert not signed_in_now()


def test_a_mailed_code_works_only_in_the_browser_that_asked_for_it(client, bob, mailoutbox):
    client.post("/account/login/code/", {"email": "bob@example.org"})
    other = Client()
    other.post("/account/login/code/confirm/", {"code": mailed_code(mailoutbox[0])})
    assert "_auth_user_id" not in other.session


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_gives_recovery_codes_and_a_mail(bob, shown_again, mailoutbox):
    client = shown_again(bob)
    page = client.get("/account/2fa/totp/activate/")
    svg, secret = page.context["totp_svg"], page.context["form"].secret
    assert svg.lstrip().startswith("<svg")
    assert "bob@example.org" not in page.context["totp_url"]
    client.post("/account/2fa/totp/activate/", {"code": "000000"})
    assert not Authenticator.objects.exists()
    done = client.post("/account/2fa/totp/activate/", {"code": code(secret)}, follow=True)
    assert done.content.decode().count("<li><code>") == 10
    assert mailoutbox[0].to == ["bob@example.org"]
    assert "bob" not in mailoutbox[0].body.replace("bob@example.org", "").lower()


def test_changing_the_second_factor_needs_the_password_again(bob, signed_in, app):
    client = signed_in(bob)
    for path in ("totp/deactivate/", "recovery-codes/generate/", "webauthn/add/"):
        answer = client.post(f"/account/2fa/{path}")
        assert answer.headers["Location"].startswith("/account/reauthenticate/"), path
    assert Authenticator.objects.filter(type="totp").exists()


def test_staff_need_no_second_factor_unless_the_owner_requires_it(alice, signed_in):
    assert signed_in(alice).get(DESK).status_code == 200


@pytest.mark.parametrize("who", ["alice", "mia", "owner"])
def test_the_admin_is_closed_without_a_required_second_factor(who, request, signed_in, required):
    client = signed_in(request.getfixturevalue(who))
    for path in (DESK, "/admin/queue/waiting/", "/admin/blog/post/add/", "/admin/password_change/"):
        assert client.get(path).headers["Location"] == NEEDED, path
        assert client.post(path).headers["Location"] == NEEDED, path
    assert "passkey" in client.get(NEEDED).content.decode()
    assert client.post("/admin/logout/").status_code in {200, 302}


def test_readers_never_need_a_second_factor(bob, signed_in, required):
    assert signed_in(bob).get("/account/profile/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_up_a_second_factor_opens_the_admin_at_once(mia, shown_again, required):
    client = shown_again(mia)
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    client.post("/account/2fa/totp/activate/", {"code": code(secret)})
    assert client.get(DESK).status_code == 200


def test_a_session_from_before_the_requirement_has_to_show_the_second_factor(
    mia, signed_in, required
):
    client, secret = signed_in(mia), set_up_app(mia)
    answer = client.get(DESK)
    assert answer.headers["Location"] == "/account/2fa/reauthenticate/?next=%2Fadmin%2F"
    back = client.post(answer.headers["Location"], {"code": code(secret), "next": DESK})
    assert back.headers["Location"] == DESK
    assert client.get(DESK).status_code == 200


def test_removing_the_second_factor_closes_the_admin_again(mia, shown_again, required):
    client = shown_again(mia)
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    client.post("/account/2fa/totp/activate/", {"code": code(secret)})
    client.post("/account/2fa/totp/deactivate/")
    assert client.get(DESK).headers["Location"] == NEEDED


def test_a_password_does_not_switch_a_signed_in_colleague_to_another_account(
    mia, owner, signed_in, signed_in_now
):
    set_up_app(owner)
    client = signed_in(mia)
    fields = {"username": "owner", "password": PASSWORD, "next": DESK}
    assert client.post("/admin/login/", fields).status_code == 302
    assert client.session["_auth_user_id"] == str(mia.pk)

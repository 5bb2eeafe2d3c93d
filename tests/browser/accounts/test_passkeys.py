"""Passkeys and app codes, in a browser with a virtual authenticator.

From signing up to signing in by passkey alone: test_account_lifecycle.py.

The authenticator is Chromium's virtual one (WebAuthn of the DevTools protocol), and its fingerprint
always fits. LOOK= names a folder for pictures of the pages on the way."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import SignupSettings
from tests.accounts.totp import code
from tests.browser.looks import look
from tests.conftest import PASSWORD


def give_authenticator(tab, **options):
    """Give a tab a virtual authenticator, as a phone has; return the CDP session that holds it."""
    devtools = tab.context.new_cdp_session(tab)
    devtools.send("WebAuthn.enable")
    usual = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": usual | options})
    return devtools, made["authenticatorId"]


@pytest.fixture
def arrived(mailoutbox):
    """A function that returns the path of the first link in the newest mail to an address."""
    from accounts.mail import outbox

    def path(address):
        outbox.do_due()
        mail = next(mail for mail in reversed(mailoutbox) if mail.to == [address])
        return re.search(r"https?://[^/\s]+(/\S+)", mail.body)[1]

    return path


def fill(tab, **fields):
    for label, text in fields.items():
        tab.get_by_label(label.replace("_", " "), exact=True).fill(text)


def press(tab, name):
    tab.get_by_role("button", name=name, exact=True).click()


def sign_in(tab, login, password=PASSWORD):
    tab.goto("/account/login/")
    tab.get_by_label("Username or email").fill(login)
    tab.get_by_label("Password", exact=True).fill(password)
    press(tab, "Sign in")


def heading(tab, words):
    expect(tab.get_by_role("heading", level=1)).to_have_text(words)


def add_passkey(tab):
    """Make a passkey on the page of one's account, after showing the password again."""
    tab.goto("/account/2fa/webauthn/add/")
    heading(tab, "Confirm it’s you")
    look(tab, "is-it-you")
    tab.get_by_label("Your password").fill(PASSWORD)
    press(tab, "Continue")
    heading(tab, "Add a passkey")
    look(tab, "passkey-add")
    press(tab, "Create passkey")
    heading(tab, "Recovery codes")


def test_a_passkey_works_after_the_password_and_opens_the_admin(page, mia):
    SignupSettings.get()
    SignupSettings.objects.update(second_factor="staff")
    tab = page("/", width=1280)
    devtools, authenticator = give_authenticator(tab)
    sign_in(tab, "mia")
    expect(tab.get_by_text("Signed in as Mia")).to_be_visible()
    tab.goto("/admin/")
    heading(tab, "Set up two-factor authentication")
    look(tab, "second-factor-needed")
    add_passkey(tab)
    tab.goto("/admin/")
    expect(tab).to_have_url(re.compile(r"/admin/"))
    expect(tab.get_by_role("heading", name="Set up two-factor authentication")).to_have_count(0)
    tab.context.clear_cookies()
    sign_in(tab, "mia")
    heading(tab, "One more step")
    look(tab, "one-more-step")
    # The key is not at hand: nothing is lost, the page says so, and the admin stays closed.
    devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator})
    tab.goto("/admin/")
    expect(tab.get_by_text("Signed in as")).to_have_count(0)
    expect(
        tab.get_by_role("heading", name="Sign in")
        .or_(tab.get_by_text("two-factor authentication"))
        .first
    ).to_be_visible()


def test_without_the_passkey_the_page_says_so_and_an_app_can_be_set_up(page, bob):
    tab = page("/account/login/", width=360)
    give_authenticator(tab)
    press(tab, "Use a passkey")
    expect(tab.get_by_role("alert")).to_contain_text("That didn’t work")
    look(tab, "passkey-trouble")
    expect(tab.get_by_label("Password", exact=True)).to_be_visible()
    sign_in(tab, "bob")
    expect(tab.get_by_text("Signed in as Bob")).to_be_visible()
    tab.goto("/account/2fa/totp/activate/")
    tab.get_by_label("Your password").fill(PASSWORD)
    press(tab, "Continue")
    heading(tab, "Authenticator app")
    assert tab.locator(".qr svg path").count() == 1
    secret = tab.locator(".key").inner_text()
    tab.get_by_label("Current code from your app").fill("000000")
    press(tab, "Set up")
    expect(tab.locator(".errorlist")).to_have_text("This code isn’t right. Please check it.")
    assert tab.locator(".key").inner_text() == secret
    tab.get_by_label("Current code from your app").fill(code(secret))
    press(tab, "Set up")
    heading(tab, "Recovery codes")
    recovery = tab.locator(".recovery-codes li").first.inner_text()
    tab.context.clear_cookies()
    sign_in(tab, "bob")
    heading(tab, "One more step")
    tab.get_by_label("Code from your app, or a recovery code").fill(recovery)
    press(tab, "Continue")
    expect(tab.get_by_text("Signed in as Bob")).to_be_visible()
    for path, name in (
        ("profile/", "profile"),
        ("sessions/", "sessions"),
        ("email/", "email"),
        ("password/change/", "password"),
        ("login/code/", "code"),
    ):
        tab.goto(f"/account/{path}")
        look(tab, name)

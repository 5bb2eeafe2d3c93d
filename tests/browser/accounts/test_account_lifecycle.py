"""The life of an account in one browser: from signing up to a database that knows nothing of it."""

import json
import re
import zipfile

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Archive, ErasureRequest
from comments.models import Comment
from tests.browser.accounts.test_passkeys import (
    add_passkey,
    arrived,  # noqa: F401  a fixture
    give_authenticator,
    heading,
    press,
    sign_in,
)
from tests.browser.looks import look
from tests.comments.mail import run_due
from tests.comments.personal_data import MARK, places
from tests.conftest import PASSWORD

EMAIL = f"{MARK}@example.org"
WORDS = f"How still it was, says {MARK}."


@pytest.fixture
def post(published_post):
    return published_post(slug="lake", title="An evening by the lake", comment_mode="open")


def signs_up(tab, arrived):  # noqa: F811
    look(tab, "sign-up")
    tab.get_by_label("Email").fill(EMAIL)
    tab.get_by_label("Username").fill(MARK)
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.get_by_label("Repeat password").fill(PASSWORD)
    press(tab, "Create account")
    heading(tab, "Check your inbox")
    look(tab, "sign-up-mail")
    tab.goto(arrived(EMAIL))
    heading(tab, "Confirm your email address")
    look(tab, "confirm")
    press(tab, "Yes, confirm it")
    heading(tab, "Sign in")


def comes_back_by_passkey(tab):
    tab.goto("/account/logout/")
    press(tab, "Sign out")
    expect(tab.get_by_role("link", name="Sign in")).to_be_visible()
    tab.goto("/account/login/")
    look(tab, "sign-in")
    press(tab, "Use a passkey")
    expect(tab.get_by_text(f"Signed in as {MARK}")).to_be_visible()
    assert Authenticator.objects.get(type="webauthn").last_used_at


def comments(tab, post):
    tab.goto(f"{post.get_absolute_url()}reply/")
    tab.get_by_label("Your comment").fill(WORDS)
    press(tab, "Send")
    expect(tab.locator(".comment .p-author")).to_contain_text(MARK)


def shows_that_it_is_she(tab):
    heading(tab, "Confirm it’s you")
    tab.get_by_label("Your password").fill(PASSWORD)
    press(tab, "Continue")


def takes_everything_along(tab, folder):
    tab.goto("/account/archive/")
    heading(tab, "Download your data")
    press(tab, "Create my archive")
    shows_that_it_is_she(tab)
    expect(tab.get_by_role("status")).to_contain_text("is being created")
    run_due()
    tab.get_by_role("link", name="Check again").click()
    expect(tab.get_by_role("status")).to_contain_text("is ready")
    with tab.expect_download() as download:
        tab.get_by_role("link", name="Download archive").click()
    download.value.save_as(folder / "archive.zip")
    with zipfile.ZipFile(folder / "archive.zip") as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert WORDS in texts["index.html"]
    (data,) = (text for name, text in texts.items() if name.endswith(".json"))
    assert json.loads(data)
    assert WORDS in data
    assert EMAIL in data


def erases_everything(tab):
    tab.goto("/account/leave/")
    heading(tab, "Three ways to leave")
    # The password was given a moment ago.
    tab.get_by_role("link", name="Erase everything").click()
    heading(tab, "Erase everything")
    press(tab, "Erase everything")
    heading(tab, "You’re leaving")


def test_an_account_from_signing_up_to_being_erased(page, arrived, post, tmp_path):  # noqa: F811
    tab = page("/account/signup/", width=360)
    give_authenticator(tab)
    signs_up(tab, arrived)
    sign_in(tab, MARK)
    expect(tab.get_by_text(f"Signed in as {MARK}")).to_be_visible()
    add_passkey(tab)
    look(tab, "recovery-codes")
    assert tab.locator(".recovery-codes li").count() == 10
    for path, name in (("", "2fa"), ("webauthn/", "passkeys"), ("totp/activate/", "totp")):
        tab.goto(f"/account/2fa/{path}")
        look(tab, name)
    comes_back_by_passkey(tab)
    comments(tab, post)
    takes_everything_along(tab, tmp_path)
    assert Archive.objects.exists()
    assert places()
    erases_everything(tab)
    assert Comment.objects.get().body == ""
    # A jump in time would affect the browser's driver, too.
    ErasureRequest.objects.update(due_at=timezone.now())
    run_due()
    assert not get_user_model().objects.filter(username=MARK).exists()
    assert not Archive.objects.exists()
    tab.goto("/account/leave/")
    expect(tab).to_have_url(re.compile("/account/login/"))
    press(tab, "Use a passkey")
    expect(tab.get_by_role("status")).to_contain_text("doesn’t match any account")
    assert places() == set()

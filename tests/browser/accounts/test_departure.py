"""Erasing everything, and taking that back within the day.

Erasure for good: test_account_lifecycle.py, and tests/accounts/test_without_scripts.py."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from accounts.models import ErasureRequest
from tests.browser.axe import violations
from tests.browser.looks import look, too_wide
from tests.comments.factories import say
from tests.conftest import PASSWORD

WORDS = "I still set out two cups."


@pytest.fixture
def comment(published_post, bob):
    post = published_post(slug="lake", title="An evening by the lake", comment_mode="open")
    comment = say(post, name="", user=bob, body=WORDS)
    say(post, comment, name="Wren", body="So do I.")
    return comment


def title(tab, words):
    expect(tab.get_by_role("heading", level=1)).to_have_text(words)


def gives_her_password(tab):
    tab.locator("input[type=password]").fill(PASSWORD)
    tab.get_by_role("button", name="Continue").click()


def asks_for_everything(tab):
    tab.goto("/account/leave/")
    title(tab, "Three ways to leave")
    look(tab, "leaving-ways")
    tab.get_by_role("link", name="Erase everything").click()
    gives_her_password(tab)
    title(tab, "Erase everything")
    look(tab, "leaving-everything")
    assert not violations(tab)
    assert too_wide(tab) == []
    tab.get_by_role("button", name="Erase everything").click()
    title(tab, "You’re leaving")


def is_read(seen):
    words = Client().get("/posts/lake/").content.decode()
    assert "So do I." in words
    assert (WORDS in words) == seen


def test_a_person_erases_everything_and_takes_it_back(page, comment, bob, post_office):
    tab = page("/", user=bob, width=360, dark=True)
    asks_for_everything(tab)
    look(tab, "leaving-waits")
    assert not violations(tab)
    is_read(seen=False)
    tab.get_by_role("link", name="Keep everything").click()
    title(tab, "Keep everything")
    tab.get_by_role("button", name="Keep everything").click()
    title(tab, "Three ways to leave")
    expect(tab.get_by_text("Everything is as it was before.")).to_be_visible()
    assert not ErasureRequest.objects.exists()
    is_read(seen=True)

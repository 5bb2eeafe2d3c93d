"""Somebody erases everything, thinks better of it, and comes back; then she goes for good."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import ErasureRequest
from comments.models import Comment
from tests.browser.axe import violations
from tests.browser.comments.test_subscriptions import look
from tests.comments.factories import say
from tests.comments.mail import links_in, run_due
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
    tab.get_by_role("button", name="Go on").click()


def asks_for_everything(tab, looks=False):
    """``looks``: also for faults of the page, by scripts."""
    tab.goto("/account/leave/")
    title(tab, "Leave, in one of three ways")
    look(tab, "leaving-ways")
    tab.get_by_role("link", name="Erase everything").click()
    gives_her_password(tab)
    title(tab, "Erase everything")
    look(tab, "leaving-everything")
    assert not looks or not violations(tab)
    tab.get_by_role("button", name="Erase everything").click()
    title(tab, "You are leaving")


def is_read(page, seen):
    reader = page("/posts/lake/", javascript=False)
    expect(reader.get_by_text("So do I.")).to_be_visible()
    expect(reader.get_by_text(WORDS)).to_have_count(1 if seen else 0)


@pytest.mark.parametrize(("width", "dark"), [(360, True), (1280, False)])
def test_she_erases_everything_and_takes_it_back(page, comment, bob, post_office, width, dark):
    tab = page("/", user=bob, width=width, dark=dark)
    asks_for_everything(tab, looks=True)
    look(tab, f"leaving-waits-{width}")
    assert not violations(tab)
    is_read(page, seen=False)
    tab.get_by_role("link", name="Keep everything").click()
    title(tab, "Keep everything")
    tab.get_by_role("button", name="Keep everything").click()
    title(tab, "Leave, in one of three ways")
    expect(tab.get_by_text("Everything is as it was before.")).to_be_visible()
    assert not ErasureRequest.objects.exists()
    is_read(page, seen=True)


def test_the_mail_brings_it_back_and_after_a_day_she_is_gone(page, comment, bob, post_office):
    tab = page("/", user=bob, javascript=False)
    asks_for_everything(tab)
    run_due()
    (mail,) = post_office.mails
    stranger = page(links_in(mail)[0])
    stranger.get_by_role("button", name="Keep it").click()
    title(stranger, "Done")
    is_read(page, seen=True)
    # A second time she means it.
    tab.goto("/account/leave/everything/")
    title(tab, "Erase everything")
    tab.get_by_role("button", name="Erase everything").click()
    title(tab, "You are leaving")
    # Time that jumps would jump for the browser's driver, too.
    ErasureRequest.objects.update(due_at=timezone.now())
    run_due()
    is_read(page, seen=False)
    assert not get_user_model().objects.filter(username="bob").exists()
    assert Comment.objects.get(pk=comment.pk).body == ""
    tab.goto("/account/leave/")
    expect(tab).to_have_url(re.compile("/account/login/"))

"""In Chromium: from the ticked box to the proof, the mail, the answer and unsubscribing."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment, Subscription
from comments.moderation import decisions
from comments.tree.status import Status
from tests.browser.conftest import become
from tests.browser.looks import look, too_wide
from tests.comments.factories import say
from tests.comments.mail import follows, links_in, run_due


@pytest.fixture
def post(published_post):
    return published_post(title="An evening by the lake", slug="lake", comment_mode="first-timers")


def test_a_guest_subscribes_hears_of_an_answer_and_unsubscribes(page, post, mia, post_office):
    tab = page("/posts/lake/reply/", width=360)
    tab.get_by_label("Name").fill("Ada")
    tab.get_by_role("textbox", name="Email").fill("ada@example.org")
    tab.get_by_label("Your comment").fill("How deep is the water?")
    assert tab.get_by_label("Discreet emails").is_checked()
    tab.get_by_text("More options").click()
    tab.get_by_label("Email me when someone replies").check()
    look(tab, "form")
    tab.get_by_role("button", name="Send").click()
    tab.locator(".waiting-note").wait_for()

    run_due()
    (proof,) = links_in(post_office.mails[0])
    tab.goto(proof)
    tab.get_by_role("button", name="Confirm").click()
    expect(tab.get_by_label("Replies to a comment")).to_be_checked()
    assert tab.get_by_label("Discreet emails").is_checked()
    look(tab, "proof")
    tab.get_by_role("button", name="Follow").click()
    tab.get_by_text("You’re following what you chose.").wait_for()
    tab.get_by_role("button", name="Yes, I wrote that").click()
    tab.get_by_text("You’re known here now.").wait_for()

    first = Comment.objects.get()
    decisions.decide([first.pk], "approve", mia)
    answer = say(post, first, Status.PENDING, body="As deep as two men.")
    decisions.decide([answer.pk], "approve", mia)
    run_due()
    read, stop, _all = links_in(post_office.mails[1])
    tab.goto(read)
    look(tab, "read")
    tab.get_by_role("button", name="Read it").click()
    tab.wait_for_url(f"**/posts/lake/**#comment-{answer.pk}")
    assert "As deep as two men." in tab.locator(f"#comment-{answer.pk}").inner_text()
    tab.goto(stop)
    look(tab, "stop")
    tab.get_by_role("button", name="Unfollow").click()
    tab.get_by_role("heading", name="You’ve unfollowed this").wait_for()
    assert not Subscription.objects.exists()

    tab.goto(f"/comments/{answer.pk}/reply/")
    tab.get_by_label("Name").fill("Ada")
    tab.get_by_role("textbox", name="Email").fill("ada@example.org")
    tab.get_by_label("Your reply").fill("Thank you.")
    tab.get_by_role("button", name="Send").click()
    tab.wait_for_url("**/posts/lake/**#comment-*")
    assert Comment.objects.get(body="Thank you.").status == Status.APPROVED


def test_the_pages_fit_every_width_and_theme(page, post, bob):
    comment = say(post, user=bob, name="")
    for what in ({}, {"post": post}, {"comment": comment}):
        follows(bob, **what)
    tab = page("/posts/lake/")
    for name, path in (
        ("conversation", "/posts/lake/"),
        ("form", "/posts/lake/reply/"),
        ("follow-guest", "/posts/lake/following/"),
    ):
        tab.goto(path)
        assert too_wide(tab) == [], name
        look(tab, name)
    tab.get_by_role("textbox", name="Email").fill("nobody")
    tab.get_by_role("button", name="Follow", exact=True).click()
    tab.get_by_role("alert").wait_for()
    look(tab, "refused")
    tab.get_by_role("textbox", name="Email").fill("ada@example.org")
    tab.get_by_role("button", name="Follow", exact=True).click()
    tab.get_by_role("heading", name="Check your inbox").wait_for()
    look(tab, "done")
    become(tab, bob)
    for name, path in (
        ("follow-bob", f"/comments/{comment.pk}/following/"),
        ("list", "/account/following/"),
    ):
        tab.goto(path)
        assert too_wide(tab) == [], name
        look(tab, name)

"""In Chromium: from the ticked box to the proof, the mail, the answer, and the end of the mails."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from comments.models import Comment, Subscription
from comments.moderation import decisions
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.mail import follows, links_in, run_due

LOOKS = [(360, False), (360, True), (1280, False), (1280, True)]
BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def look(tab, name):
    """Keep a picture where LOOK= names a folder, to be looked at by people."""
    if folder := os.environ.get("LOOK"):
        tab.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.fixture
def post(published_post):
    return published_post(title="An evening by the lake", slug="lake", comment_mode="first-timers")


@BOTH
def test_a_guest_ticks_a_box_is_known_hears_of_an_answer_and_stops_it(
    page, post, mia, post_office, javascript
):
    tab = page("/posts/lake/reply/", javascript=javascript, width=360)
    tab.get_by_label("Name").fill("Ada")
    tab.get_by_label("E-mail").fill("ada@example.org")
    tab.get_by_label("Your answer").fill("How deep is the water?")
    assert tab.get_by_label("Discreet mails").is_checked()
    tab.get_by_label("Tell me when someone answers").check()
    look(tab, f"form-{javascript}")
    tab.get_by_role("button", name="Send").click()
    tab.locator(".waiting-note").wait_for()

    run_due()
    (proof,) = links_in(post_office.mails[0])
    tab.goto(proof)
    tab.get_by_role("button", name="Confirm").click()
    expect(tab.get_by_label("Answers to a comment")).to_be_checked()
    assert tab.get_by_label("Discreet mails").is_checked()
    look(tab, f"proof-{javascript}")
    tab.get_by_role("button", name="Follow what is ticked").click()
    tab.get_by_text("You follow what you ticked.").wait_for()
    tab.get_by_role("button", name="Yes, I wrote that").click()
    tab.get_by_text("You are known here now.").wait_for()

    first = Comment.objects.get()
    decisions.decide([first.pk], "approve", mia)
    answer = say(post, first, Status.PENDING, body="As deep as two men.")
    decisions.decide([answer.pk], "approve", mia)
    run_due()
    read, stop, _all = links_in(post_office.mails[1])
    tab.goto(read)
    look(tab, f"read-{javascript}")
    tab.get_by_role("button", name="Read it").click()
    tab.wait_for_url(f"**/posts/lake/**#comment-{answer.pk}")
    assert "As deep as two men." in tab.locator(f"#comment-{answer.pk}").inner_text()
    tab.goto(stop)
    look(tab, f"stop-{javascript}")
    tab.get_by_role("button", name="Stop these mails").click()
    tab.get_by_role("heading", name="No more mails about this will come").wait_for()
    assert not Subscription.objects.exists()

    tab.goto(f"/comments/{answer.pk}/reply/")
    tab.get_by_label("Name").fill("Ada")
    tab.get_by_label("E-mail").fill("ada@example.org")
    tab.get_by_label("Your answer").fill("Thank you.")
    tab.get_by_role("button", name="Send").click()
    tab.wait_for_url("**/posts/lake/**#comment-*")
    assert Comment.objects.get(body="Thank you.").status == Status.APPROVED


@BOTH
def test_a_box_without_an_address_is_told_beside_the_field(page, post, javascript):
    tab = page("/posts/lake/reply/", javascript=javascript)
    tab.get_by_label("Name").fill("Ada")
    tab.get_by_label("Your answer").fill("Words of mine.")
    tab.get_by_label("Tell me when someone answers").check()
    tab.get_by_label("Discreet mails").uncheck()
    tab.get_by_role("button", name="Send").click()
    tab.get_by_role("alert").wait_for()
    assert tab.get_by_label("Your answer").input_value() == "Words of mine."
    assert tab.get_by_label("E-mail").get_attribute("aria-invalid") == "true"
    assert tab.get_by_label("Tell me when someone answers").is_checked()
    assert not tab.get_by_label("Discreet mails").is_checked()


@BOTH
def test_a_signed_in_person_follows_with_one_press(page, post, bob, javascript):
    tab = page("/posts/lake/", user=bob, javascript=javascript)
    tab.get_by_role("link", name="Follow this conversation by mail").click()
    tab.get_by_role("button", name="Follow", exact=True).click()
    tab.get_by_text("You follow this: at once.").wait_for()
    tab.get_by_role("link", name="All that you follow").click()
    tab.get_by_role("button", name="Stop following").click()
    tab.get_by_text("You follow no conversation.").wait_for()


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_the_pages_fit_every_width_and_light(page, post, bob, width, dark):
    comment = say(post, user=bob, name="")
    for what in ({}, {"post": post}, {"comment": comment}):
        follows(bob, **what)
    at = f"{width}-{'dark' if dark else 'light'}"
    for name, path, user in (
        ("follow-guest", "/posts/lake/following/", None),
        ("follow-bob", f"/comments/{comment.pk}/following/", bob),
        ("list", "/account/following/", bob),
        ("conversation", "/posts/lake/", None),
        ("form", "/posts/lake/reply/", None),
    ):
        tab = page(path, user=user, width=width, dark=dark)
        assert not tab.evaluate(WIDE), name
        look(tab, f"{name}-{at}")
    tab = page("/posts/lake/following/", width=width, dark=dark)
    tab.get_by_label("E-mail").fill("nobody")
    tab.get_by_role("button", name="Follow", exact=True).click()
    tab.get_by_role("alert").wait_for()
    look(tab, f"refused-{at}")
    tab.get_by_label("E-mail").fill("ada@example.org")
    tab.get_by_role("button", name="Follow", exact=True).click()
    tab.get_by_role("heading", name="Please look into your mail").wait_for()
    look(tab, f"done-{at}")

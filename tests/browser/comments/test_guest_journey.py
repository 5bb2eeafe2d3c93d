"""A guest's whole journey; without scripts: tests/comments/posting/test_without_scripts.py.

A guest reads, answers, finds the receipt, verifies an address, edits the comment, is approved,
hears of an answer, ends the mails and withdraws the comment. LOOK= names a folder for a
recording."""

import os
import re
from contextlib import contextmanager
from pathlib import Path

import pytest

from comments.models import Comment, Subscription
from comments.moderation import decisions
from comments.tree.status import Status
from tests.accounts.smtp_server import text_of
from tests.comments.factories import say
from tests.comments.mail import links_in, one_click, run_due

FOLDER = os.environ.get("LOOK")


@pytest.fixture
def conversation(published_post, bob):
    """A post with a comment by bob."""
    post = published_post(slug="lake", title="An evening by the lake", comment_mode="first-timers")
    return say(post, user=bob, name="", body="How still it was.")


def test_a_guest_takes_every_step_from_reading_to_withdrawal(page, conversation, mia, post_office):
    tab = page("/", width=360)
    with _recorded(tab, "walk"):
        tab.goto("/posts/lake/")
        comment = _walk(tab, page, conversation, mia, post_office)
    comment.refresh_from_db()
    assert (comment.status, comment.body) == (Status.WITHDRAWN, "")
    tab.goto("/posts/lake/")
    tombstone = tab.locator(f"#comment-{comment.pk}")
    assert tombstone.inner_text() == "The writer deleted this comment."
    assert tab.get_by_text("As deep as two men.").is_visible()


@contextmanager
def _recorded(tab, name):
    """Record every step for `playwright show-trace`, in the folder that LOOK= names."""
    if not FOLDER:
        yield
        return
    tracing = tab.context.tracing
    tracing.start(screenshots=True, snapshots=True)
    try:
        yield
    finally:
        tracing.stop(path=Path(FOLDER) / f"{name}.zip")


def _walk(tab, page, conversation, mia, post_office):
    receipt = _answers(tab, conversation)
    comment = Comment.objects.latest("pk")
    assert comment.status == Status.PENDING
    _verifies_her_address(tab, receipt, post_office)
    _changes_her_words(tab, receipt)
    _is_approved(page, mia, comment)
    _hears_of_an_answer(tab, conversation.post, comment, mia, post_office)
    _takes_it_back(tab, receipt)
    return comment


def _answers(tab, conversation):
    """Answer bob; return the private link of the receipt."""
    assert tab.get_by_text("How still it was.").is_visible()
    tab.get_by_role("link", name="Reply to Bob").click()
    tab.get_by_label("Name").fill("Ada")
    tab.locator("#answer, .answering").get_by_label("Email").first.fill("ada@example.org")
    tab.get_by_label("Your reply").fill("How deep is the water?")
    tab.get_by_text("More options").click()
    tab.get_by_label("Email me when someone replies").check()
    tab.get_by_label("Discreet emails").uncheck()
    tab.get_by_role("button", name="Send").click()
    tab.locator(".waiting-note").wait_for()
    tab.get_by_role("link", name="View, edit or delete").click()
    return tab.get_by_label("Link to save").input_value()


def _verifies_her_address(tab, receipt, post_office):
    run_due()
    (mail,) = post_office.mails
    (proof,) = links_in(mail)
    tab.goto(proof)
    tab.get_by_role("button", name="Confirm").click()
    tab.get_by_label("Discreet emails").uncheck()
    tab.get_by_role("button", name="Follow").click()
    tab.get_by_text("You’re following what you chose.").wait_for()
    tab.get_by_role("button", name="Yes, I wrote that").click()
    tab.get_by_text("You’re known here now.").wait_for()


def _changes_her_words(tab, receipt):
    tab.goto(receipt)
    tab.get_by_role("link", name="Edit it").click()
    tab.get_by_label("Your comment").fill("How deep is the lake?")
    tab.get_by_role("button", name="Send").click()
    tab.wait_for_url(receipt)
    assert tab.get_by_text("How deep is the lake?").is_visible()


def _is_approved(page, mia, comment):
    """A moderator approves the comment in the queue."""
    desk = page("/admin/", user=mia)
    assert desk.get_by_text("How deep is the lake?").is_visible()
    desk.get_by_role("button", name="Approve").first.click()
    desk.get_by_text(re.compile("^Approved ")).wait_for()
    comment.refresh_from_db()
    assert comment.status == Status.APPROVED


def _somebody_answers(post, comment, mia, words):
    answer = say(post, comment, Status.PENDING, body=words)
    decisions.decide([answer.pk], "approve", mia)
    return answer


def _hears_of_an_answer(tab, post, comment, mia, post_office):
    answer = _somebody_answers(post, comment, mia, "As deep as two men.")
    run_due()
    mail = post_office.mails[-1]
    assert mail["To"] == "ada@example.org"
    assert one_click(mail)
    assert "As deep as two men." in text_of(mail)
    stop, _all = links_in(mail)
    tab.goto(answer.get_absolute_url())
    tab.wait_for_url(f"**/posts/lake/**#comment-{answer.pk}")
    tab.goto(stop)
    tab.get_by_role("button", name="Unfollow").click()
    tab.get_by_role("heading", name="You’ve unfollowed this").wait_for()
    assert not Subscription.objects.exists()
    _somebody_answers(post, comment, mia, "And cold.")
    run_due()
    assert post_office.mails[-1] is mail


def _takes_it_back(tab, receipt):
    tab.goto(receipt)
    tab.get_by_role("link", name="Delete it").click()
    tab.get_by_role("button", name="Delete comment").click()
    tab.get_by_role("heading", name="You deleted this comment.").wait_for()

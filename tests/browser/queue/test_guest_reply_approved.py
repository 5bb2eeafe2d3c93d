"""In Chromium: a guest answers, a moderator approves with one press, everybody sees the answer."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from comments.tree.status import Status
from tests.browser.looks import too_wide
from tests.conftest import PASSWORD

WAITING = "Only you can see this for now."
WORDS = "I read this by the window – twice 🌱"


def answer(tab, link):
    """Write an answer through the link on the page."""
    tab.get_by_role("link", name=link).first.click()
    tab.get_by_label("Name").fill("Ada")
    tab.get_by_label("Your reply").fill(WORDS)
    tab.get_by_role("button", name="Send").click()
    tab.locator(".waiting-note").wait_for()


@pytest.fixture
def conversation(published_post):
    """A post with a comment of Wren's and a reply to it."""
    post = published_post()
    first = Comment(post=post, name="Wren", body="The first word.", status=Status.APPROVED)
    first.save()
    Comment(post=post, parent=first, name="Robin", body="A reply.", status=Status.APPROVED).save()
    return post


def test_a_guests_answer_waits_and_is_public_once_approved(page, mia, conversation):
    address = conversation.get_absolute_url()
    tab = page(address)
    answer(tab, "Reply to Wren")
    assert WAITING in tab.locator(".waiting-note").inner_text()
    assert WORDS in tab.locator("article.waiting").inner_text()
    assert "#comment-" in tab.url

    stranger = page(address)
    assert WORDS not in stranger.content()

    desk = page("/admin/")
    desk.fill("[name=login]", "mia")
    desk.fill("[name=password]", PASSWORD)
    desk.press("[name=password]", "Enter")
    desk.wait_for_url("**/admin/")
    desk.get_by_role("button", name="Approve: Ada").click()
    desk.get_by_text("Approved Ada’s comment.").wait_for()
    assert desk.locator("article.card").count() == 0

    stranger.reload()
    assert WORDS in stranger.locator("article", has_text="Ada").last.inner_text()
    tab.reload()
    assert tab.locator(".waiting-note").count() == 0


def test_a_refused_form_keeps_the_words_and_focuses_the_error(page, conversation):
    tab = page(conversation.get_absolute_url())
    tab.get_by_role("link", name="Write a comment").first.click()
    expect(tab.get_by_label("Your comment")).to_be_focused()
    tab.get_by_label("Your comment").fill(WORDS)
    tab.get_by_role("button", name="Send").click()
    tab.get_by_role("alert").wait_for()
    assert tab.get_by_label("Your comment").input_value() == WORDS
    assert tab.get_by_label("Name").get_attribute("aria-invalid") == "true"
    tab.get_by_label("Name").fill("Ada")
    tab.get_by_role("button", name="Send").click()
    tab.locator(".waiting-note").wait_for()


def test_nothing_makes_a_narrow_page_scroll_sideways(page, conversation):
    above = Comment.objects.get(name="Robin")
    long_word = "Donaudampfschifffahrtsgesellschaftskapitän" * 3
    for number in range(6):
        body = f"{long_word} https://example.org/{'a' * 90}\n\n```\n{long_word * 2}\n```"
        name = f"{long_word[:70]}{number}"
        above = Comment(
            post=conversation, parent=above, name=name, body=body, status=Status.APPROVED
        )
        above.save()
    own, tab = above.get_absolute_url(), page("/", width=320, height=700)
    for address in (conversation.get_absolute_url(), f"{own}thread/", f"{own}reply/", own):
        tab.goto(address)
        assert too_wide(tab, 320, 360) == [], address

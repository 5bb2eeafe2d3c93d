"""Printed pages: a post, and its conversation on request, without any controls."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment

pytestmark = pytest.mark.django_db(transaction=True)
DARK = "getComputedStyle(document.documentElement).color"


@pytest.fixture
def conversation(published_post):
    post = published_post(slug="lake", title="The lake", comment_mode="open")
    first = Comment(post=post, name="Ana", body="I was there.", status=1)
    first.save()
    Comment(post=post, parent=first, name="Ben", body="So was I.", status=1).save()
    return post


def test_a_post_is_printed_without_controls(page, conversation):
    tab = page("/posts/lake/", dark=True)
    tab.emulate_media(media="print", color_scheme="dark")
    expect(tab.get_by_role("heading", name="The lake")).to_be_visible()
    expect(tab.get_by_text("The water was quite still.")).to_be_visible()
    for gone in (".footer", ".menu", ".conversation", ".write"):
        for each in tab.locator(gone).all():
            expect(each).to_be_hidden()
    assert tab.evaluate(DARK) == "rgb(0, 0, 0)"


def test_a_conversation_is_printed_with_dates_if_the_address_points_to_it(page, conversation):
    tab = page("/posts/lake/#comments")
    when = tab.locator("article.comment time").first
    expect(when).to_have_text("now")
    tab.emulate_media(media="print")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(when).to_have_text(when.get_attribute("title"))
    for words in ("I was there.", "So was I."):
        expect(tab.get_by_text(words)).to_be_visible()
    for gone in (
        ".support-link",
        ".report-link",
        ".answer",
        ".fold > summary",
        ".conversation-act",
    ):
        for each in tab.locator(gone).all():
            expect(each).to_be_hidden()
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(when).to_have_text("now")

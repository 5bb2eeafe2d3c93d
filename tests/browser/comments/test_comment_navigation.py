"""In Chromium: keys move between comments, more replies load in place, times stay current."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from comments.models import Comment
from comments.tree.status import Status
from tests.browser.axe import violations


@pytest.fixture
def post(published_post):
    """A post with two threads; five of the first one's seven replies are shown."""
    post = published_post()
    first = Comment(post=post, name="Wren", body="The first word.", status=Status.APPROVED)
    first.save()
    for number in range(1, 8):
        name = f"Robin {number}"
        Comment(post=post, parent=first, name=name, body="A reply.", status=Status.APPROVED).save()
    Comment(post=post, name="Lark", body="Another word.", status=Status.APPROVED).save()
    return post


def article(tab, name):
    heading = tab.locator("h3", has_text=re.compile(rf"^\s*{name}\s*$"))
    return tab.locator("article.comment", has=heading)


def test_more_replies_load_in_place_or_a_sentence_says_that_they_cannot(page, post):
    tab = page(post.get_absolute_url())
    address = tab.url
    tab.route("**/after/**", lambda route: route.fulfill(status=502, body=""))
    link = tab.get_by_role("link", name="Show 2 more replies")
    link.click()
    expect(tab.get_by_role("alert")).to_contain_text("Try again in a moment.")
    tab.unroute("**/after/**")
    link.click()
    # The first new reply has the focus.
    expect(article(tab, "Robin 6")).to_be_focused()
    expect(tab.get_by_role("alert")).to_have_count(0)
    expect(tab.locator("article.comment")).to_have_count(9)
    expect(tab.locator("#announcements")).to_have_text("2 more replies are shown.")
    assert tab.url == address
    assert not violations(tab)


def test_j_and_k_move_the_focus_and_r_answers(page, post):
    tab = page(post.get_absolute_url())
    tab.keyboard.press("j")
    expect(article(tab, "Wren")).to_be_focused()
    tab.keyboard.press("j")
    tab.keyboard.press("j")
    expect(article(tab, "Robin 2")).to_be_focused()
    tab.keyboard.press("k")
    expect(article(tab, "Robin 1")).to_be_focused()
    tab.keyboard.press("Control+k")
    expect(article(tab, "Robin 1")).to_be_focused()
    tab.keyboard.press("r")
    words = tab.get_by_role("form", name="Reply to Robin 1").get_by_label("Your reply")
    expect(words).to_be_focused()
    words.press_sequentially("jkr?")
    expect(words).to_have_value("jkr?")
    expect(words).to_be_focused()


def test_a_question_mark_lists_the_keys_and_they_can_be_switched_off(page, post):
    tab = page(post.get_absolute_url())
    tab.keyboard.press("j")
    tab.keyboard.press("?")
    dialog = tab.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    assert not violations(tab)
    tab.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(article(tab, "Wren")).to_be_focused()
    tab.keyboard.press("?")
    dialog.get_by_label("Use these shortcuts on this device").uncheck()
    dialog.get_by_role("button", name="Close").click()
    tab.keyboard.press("j")
    expect(article(tab, "Wren")).to_be_focused()
    tab.reload()
    tab.keyboard.press("j")
    expect(tab.locator("article.comment:focus")).to_have_count(0)
    tab.get_by_role("link", name="Keyboard shortcuts").click()
    expect(dialog.get_by_label("Use these shortcuts on this device")).not_to_be_checked()


def test_times_say_how_long_ago_and_stay_current(page, post):
    written = timezone.now() - timedelta(minutes=59, seconds=30)
    Comment.objects.filter(name="Lark").update(created_at=written)
    tab = page("/")
    tab.clock.install()
    tab.goto(post.get_absolute_url())
    time = article(tab, "Lark").locator("time")
    expect(time).to_have_text("59 minutes ago")
    assert re.fullmatch(r"\d+ \w+ \d{4}, \d\d:\d\d", time.get_attribute("title"))
    tab.clock.run_for(60_000)
    expect(time).to_have_text("1 hour ago")
    expect(article(tab, "Wren").locator("time")).to_have_text("1 minute ago")


def test_without_javascript_the_keys_are_listed_and_times_are_dates(page, post):
    tab = page(post.get_absolute_url(), javascript=False)
    text = article(tab, "Lark").locator("time").inner_text()
    assert re.fullmatch(r"\d+ \w+ \d{4}, \d\d:\d\d", text)
    tab.get_by_role("link", name="Keyboard shortcuts").click()
    expect(tab.get_by_text("next comment")).to_be_visible()
    assert tab.get_by_role("checkbox").count() == 0

"""In Chromium: people never meet the honeypot field, and quick writers lose nothing."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from comments.tree.status import Status
from tests.browser.axe import violations

WORDS = "I read this by the window – twice 🌱"


@pytest.fixture
def address(published_post):
    post = published_post(comment_mode="open")
    Comment(post=post, name="Wren", body="The first word.", status=Status.APPROVED).save()
    return post.get_absolute_url()


def opened(tab):
    tab.get_by_role("link", name="Write a comment").first.click()
    form = tab.locator("form.form:has(textarea)")
    form.get_by_label("Your comment").wait_for()
    return form


def test_nobody_sees_reaches_or_fills_in_the_honeypot(page, address):
    tab = page(address)
    form = opened(tab)
    field = form.locator("[name=twilight]")
    expect(field).to_have_count(1)
    expect(field).to_be_hidden()
    expect(form.get_by_role("textbox")).to_have_count(3)  # name, address, answer
    passed = []
    form.get_by_label("Your comment").focus()
    for _ in range(12):
        tab.keyboard.press("Tab")
        passed.append(tab.locator(":focus").get_attribute("name"))
    assert "twilight" not in passed
    assert {"name", "email"} <= set(passed)
    form.get_by_label("Name").fill("Ada")
    form.get_by_label("Your comment").fill(WORDS)
    # A draft that comes back does not fill it in, and the text gets the focus.
    tab.reload()
    form = opened(tab)
    expect(form.get_by_label("Your comment")).to_have_value(WORDS)
    expect(form.get_by_label("Your comment")).to_be_focused()
    assert form.locator("[name=twilight]").input_value() == ""
    assert violations(tab) == []
    form.get_by_role("button", name="Send").click()
    expect(tab.locator("article.comment", has_text=WORDS)).to_be_visible()
    assert Comment.objects.get(name="Ada").status == Status.APPROVED


def test_without_scripts_nobody_sees_the_honeypot_either(page, address):
    tab = page(f"{address}reply/", javascript=False)
    expect(tab.locator("[name=twilight]")).to_have_count(1)
    expect(tab.locator("[name=twilight]")).to_be_hidden()
    expect(tab.locator("form:has(textarea)").get_by_role("textbox")).to_have_count(3)


def test_a_very_quick_comment_is_held_and_not_lost(page, address, monkeypatch):
    monkeypatch.setattr("comments.spam.form_checks.LEAST", 600)  # quicker than that on any machine
    tab = page(address)
    form = opened(tab)
    form.get_by_label("Name").fill("Ada")
    form.get_by_label("Your comment").fill(WORDS)
    form.get_by_role("button", name="Send").click()
    expect(tab.locator(".waiting-note")).to_contain_text("Now and then a comment is reviewed first")
    expect(tab.locator("article.waiting")).to_contain_text(WORDS)

"""In Chromium: a form that waited too long, or whose cookies are gone, is sent by one press."""

import re

import pytest
from playwright.sync_api import expect

from comments.models import Comment, Reaction, Report
from tests.browser.conftest import become
from tests.comments.factories import say

WORDS = "I read this by the window – twice 🌱"


@pytest.fixture
def comment(published_post):
    return say(published_post(comment_mode="open"), name="Wren", body="The first word.")


def answer_form(tab):
    """Open the form below the comment, and fill it in."""
    tab.get_by_role("link", name="Reply to Wren").click()
    form = tab.get_by_role("form", name="Reply to Wren")
    form.get_by_label("Name").fill("Ada")
    form.get_by_label("Your reply").fill(WORDS)
    return form


def press(form, name):
    form.get_by_role("button", name=name).click()


def test_with_cookies_cleared_one_press_sends(page, comment):
    tab = page(comment.post.get_absolute_url())
    form = answer_form(tab)
    tab.context.clear_cookies()
    press(form, "Send")
    expect(tab.locator("article.comment", has_text=WORDS)).to_be_visible()
    assert [each.body for each in Comment.objects.filter(name="Ada")] == [WORDS]


def test_each_press_may_find_the_proof_stale(page, comment):
    tab = page(comment.post.get_absolute_url())
    form = answer_form(tab)
    for words in ("*Softly.*", "*Slowly.*"):
        tab.context.clear_cookies()
        form.get_by_label("Your reply").fill(words)
        press(form, "Preview")
        expect(form.locator(".preview em")).to_have_text(words.strip("*"))
    assert not Comment.objects.filter(name="Ada").exists()
    tab.context.clear_cookies()
    press(form, "Send")
    expect(form).to_have_count(0)
    expect(tab.locator("article.comment em", has_text="Slowly.")).to_be_visible()
    assert Comment.objects.filter(name="Ada").count() == 1


def test_support_and_reports_go_through_too(page, comment):
    tab = page(comment.post.get_absolute_url())
    tab.get_by_role("link", name="Support Wren").click()
    button = tab.locator("form.support").get_by_role("button", name="With you")
    expect(button).to_be_visible()
    tab.context.clear_cookies()
    button.click()
    tab.locator("button[aria-pressed=true]", has_text="With you").wait_for()
    assert Reaction.objects.get().comment == comment
    tab.get_by_role("link", name="Report Wren’s comment").click()
    form = tab.locator("form.report")
    form.get_by_label("It’s unkind or attacks someone").check()
    form.get_by_label("In your own words").fill("Look, please.")
    tab.context.clear_cookies()
    press(form, "Send to moderators")
    expect(tab.get_by_text("A moderator will look at it")).to_be_visible()
    assert [(each.reason, each.text) for each in Report.objects.all()] == [
        ("unkind", "Look, please.")
    ]


def test_who_signed_in_meanwhile_sees_the_words_and_whose_they_would_be(page, bob, comment):
    tab = page(comment.post.get_absolute_url())
    form = answer_form(tab)
    tab.context.clear_cookies()
    become(tab, bob)
    press(form, "Send")
    expect(tab.get_by_text(f"You’re now signed in as {bob.name}")).to_be_visible()
    expect(tab.get_by_label("Your text")).to_have_value(WORDS)
    press(tab, "Send")
    expect(tab.locator("article.comment", has_text=WORDS)).to_be_visible()
    assert Comment.objects.get(user=bob).body == WORDS


def test_where_no_proof_is_ever_taken_the_page_has_every_word(page, comment):
    tab = page(comment.post.get_absolute_url())
    form = answer_form(tab)

    def spoil(route):
        sent = re.sub("csrfmiddlewaretoken=[^&]*", "csrfmiddlewaretoken=x", route.request.post_data)
        route.continue_(post_data=sent)

    tab.route("**/reply/", spoil)
    press(form, "Send")
    expect(tab.get_by_role("heading", name="Not sent yet")).to_be_visible()
    expect(tab.get_by_label("Your text")).to_have_value(WORDS)
    expect(tab.get_by_label("Name")).to_have_value("Ada")
    assert not Comment.objects.filter(name="Ada").exists()

"""In Chromium: a reader says that somebody should look at a comment, with and without a script."""

import re

import pytest
from playwright.sync_api import expect

from comments.models import Comment, Report
from comments.tree.status import Status
from tests.browser.axe import violations
from tests.browser.comments.test_subscriptions import look

WIDTHS = pytest.mark.parametrize("width", [360, 1280])


@pytest.fixture
def comment(published_post):
    post = published_post(comment_mode="open")
    comment = Comment(post=post, name="Wren", body="A word.", status=Status.APPROVED)
    comment.save()
    return comment


def article(tab):
    return tab.locator("article.comment").first


def told():
    return list(Report.objects.values_list("reason", "text"))


@WIDTHS
@pytest.mark.parametrize("dark", [False, True])
def test_the_form_opens_below_the_comment_and_thanks_in_its_place(page, comment, width, dark):
    tab = page(comment.post.get_absolute_url(), width=width, dark=dark)
    link = article(tab).get_by_role("link", name="Report the comment of Wren")
    assert link.inner_text() == "Report"
    look(tab, f"report-link-{width}-{dark}")
    link.click()
    form = article(tab).locator("form.report")
    expect(form.get_by_label("I am worried about this person")).to_be_focused()
    look(tab, f"report-form-{width}-{dark}")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert not violations(tab)
    form.get_by_label("It is unkind or attacks somebody").check()
    form.get_by_label("In your own words").fill("He always does this.")
    form.get_by_role("button", name="Send to the moderators").click()
    thanks = article(tab).get_by_role("status").filter(has_text="A moderator will look at it")
    expect(thanks).to_be_focused()
    look(tab, f"report-thanks-{width}-{dark}")
    assert not violations(tab)
    assert told() == [("unkind", "He always does this.")]
    link.click()
    form = article(tab).locator("form.report")
    form.get_by_label("Something else").check()
    form.get_by_role("button", name="Send to the moderators").click()
    expect(article(tab).get_by_role("status")).to_contain_text("We have this already")


@WIDTHS
def test_without_a_script_it_is_two_pages_behind_answer(page, comment, width):
    tab = page(comment.post.get_absolute_url(), width=width, javascript=False)
    assert not tab.context.cookies()
    tab.get_by_role("link", name="Answer Wren").click()
    tab.get_by_role("link", name="Report this comment").click()
    expect(tab.get_by_role("button", name="Send to the moderators")).to_be_visible()
    look(tab, f"report-page-{width}")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.get_by_role("button", name="Send to the moderators").click()
    expect(tab.get_by_text("Choose what comes nearest.")).to_be_visible()
    tab.get_by_label("I am worried about this person").check()
    tab.get_by_role("button", name="Send to the moderators").click()
    expect(tab.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(tab.get_by_text("call the emergency services where you are")).to_be_visible()
    look(tab, f"report-thanks-page-{width}")
    tab.get_by_role("link", name="Back to the conversation").click()
    expect(tab).to_have_url(re.compile(f"#comment-{comment.pk}$"))
    assert told() == [("worried", "")]


def test_escape_and_cancel_close_it_and_lead_back_to_the_link(page, comment):
    tab = page(comment.post.get_absolute_url())
    link = article(tab).get_by_role("link", name="Report the comment of Wren")
    for close in (
        lambda: tab.keyboard.press("Escape"),
        lambda: tab.get_by_role("button", name="Cancel").click(),
    ):
        link.press("Enter")
        form = article(tab).locator("form.report")
        form.get_by_label("Something else").focus()
        close()
        expect(form).to_be_hidden()
        expect(link).to_be_focused()
    assert told() == []


def test_a_form_without_a_choice_says_what_is_missing_and_keeps_the_words(page, comment):
    tab = page(comment.post.get_absolute_url())
    article(tab).get_by_role("link", name="Report the comment of Wren").click()
    tab.get_by_label("In your own words").fill("It names my street.")
    tab.get_by_role("button", name="Send to the moderators").click()
    expect(article(tab).get_by_role("alert").filter(has_text="comes nearest")).to_be_focused()
    assert tab.get_by_label("In your own words").input_value() == "It names my street."
    assert not violations(tab)


def test_no_word_of_a_report_stays_on_the_device(page, comment):
    tab = page(comment.post.get_absolute_url())
    article(tab).get_by_role("link", name="Report the comment of Wren").click()
    tab.get_by_label("In your own words").fill("It names my street.")
    kept = tab.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    assert "street" not in kept


def test_what_is_gone_meanwhile_or_cannot_be_sent_is_told_in_its_place(page, comment):
    tab = page(comment.post.get_absolute_url())
    link = article(tab).get_by_role("link", name="Report the comment of Wren")
    link.click()
    form = article(tab).locator("form.report")
    form.get_by_label("It is advertising or spam").check()
    tab.context.route("**/report/", lambda route: route.fulfill(status=502, body="<html>"))
    form.get_by_role("button", name="Send to the moderators").click()
    expect(form.get_by_text("press once more in a moment")).to_be_visible()
    tab.context.unroute("**/report/")
    Comment.objects.filter(pk=comment.pk).update(status=Status.REMOVED)
    form.get_by_role("button", name="Send to the moderators").click()
    expect(article(tab).get_by_role("alert").filter(has_text="not shown any more")).to_be_focused()


def test_ones_own_comment_has_no_such_link(page, bob, published_post):
    own = Comment(post=published_post(), user=bob, body="Mine.", status=Status.APPROVED)
    own.save()
    tab = page(own.post.get_absolute_url(), user=bob)
    article(tab).get_by_role("link", name="Yours: receipt").wait_for()
    assert tab.locator(".report-link").count() == 0


def test_a_closed_conversation_and_a_branch_have_the_link_too(page, comment):
    tab = page(f"/comments/{comment.pk}/thread/")
    article(tab).get_by_role("link", name="Report the comment of Wren").wait_for()
    comment.post.comment_mode = "closed"
    comment.post.save()
    tab = page(comment.post.get_absolute_url())
    article(tab).get_by_role("link", name="Report the comment of Wren").click()
    article(tab).locator("form.report").wait_for()

"""In Chromium: a reader reports a comment."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment, Report
from comments.tree.status import Status
from tests.browser.axe import violations
from tests.browser.looks import look, too_wide


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


def test_the_report_form_opens_below_the_comment_and_thanks_in_place(page, comment):
    tab = page(comment.post.get_absolute_url(), width=360, dark=True)
    link = article(tab).get_by_role("link", name="Report Wren’s comment")
    assert link.inner_text() == "Report"
    look(tab, "report-link")
    link.click()
    form = article(tab).locator("form.report")
    expect(form.get_by_label("I’m worried about this person")).to_be_focused()
    look(tab, "report-form")
    assert too_wide(tab) == []
    assert not violations(tab)
    words = form.get_by_label("In your own words")
    words.fill("He always does this.")
    # No word of it stays on the device.
    kept = tab.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    assert "always" not in kept
    form.get_by_role("button", name="Send to moderators").click()
    # Without a choice it says what is missing, and keeps the words.
    expect(article(tab).get_by_role("alert").filter(has_text="closest reason")).to_be_focused()
    expect(words).to_have_value("He always does this.")
    assert not violations(tab)
    form.get_by_label("It’s unkind or attacks someone").check()
    form.get_by_role("button", name="Send to moderators").click()
    thanks = article(tab).get_by_role("status").filter(has_text="A moderator will look at it")
    expect(thanks).to_be_focused()
    look(tab, "report-thanks")
    assert not violations(tab)
    assert told() == [("unkind", "He always does this.")]
    link.click()
    form = article(tab).locator("form.report")
    form.get_by_label("Something else").check()
    form.get_by_role("button", name="Send to moderators").click()
    expect(article(tab).get_by_role("status")).to_contain_text("You’ve already told us")


def test_escape_and_cancel_close_the_form_and_return_focus_to_the_link(page, comment):
    tab = page(comment.post.get_absolute_url())
    link = article(tab).get_by_role("link", name="Report Wren’s comment")
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


def test_a_missing_comment_or_a_failed_request_is_reported_in_place(page, comment):
    tab = page(comment.post.get_absolute_url())
    link = article(tab).get_by_role("link", name="Report Wren’s comment")
    link.click()
    form = article(tab).locator("form.report")
    form.get_by_label("It’s advertising or spam").check()
    tab.context.route("**/report/", lambda route: route.fulfill(status=502, body="<html>"))
    form.get_by_role("button", name="Send to moderators").click()
    expect(form.get_by_text("Try again in a moment.")).to_be_visible()
    tab.context.unroute("**/report/")
    Comment.objects.filter(pk=comment.pk).update(status=Status.REMOVED)
    form.get_by_role("button", name="Send to moderators").click()
    expect(article(tab).get_by_role("alert").filter(has_text="no longer visible")).to_be_focused()


def test_every_comment_but_ones_own_has_the_link_even_in_a_closed_conversation(page, comment, bob):
    tab = page(f"/comments/{comment.pk}/thread/", user=bob)
    article(tab).get_by_role("link", name="Report Wren’s comment").wait_for()
    own = Comment(post=comment.post, user=bob, body="Mine.", status=Status.APPROVED)
    own.save()
    comment.post.comment_mode = "closed"
    comment.post.save()
    tab.goto(comment.post.get_absolute_url())
    article(tab).get_by_role("link", name="Report Wren’s comment").click()
    article(tab).locator("form.report").wait_for()
    mine = tab.locator(f"#comment-{own.pk}")
    mine.get_by_role("link", name="View, edit or delete").wait_for()
    assert mine.locator(".report-link").count() == 0


def test_a_comment_of_somebody_with_a_public_page_is_reported_itself(page, comment, bob):
    bob.is_public = True
    bob.save()
    Comment(post=comment.post, user=bob, body="Another.", status=Status.APPROVED).save()
    tab = page(comment.post.get_absolute_url(), width=360)
    tab.get_by_role("link", name="Report Bob’s comment").click()
    expect(tab.locator("form.report").get_by_label("Something else")).to_be_visible()

"""In Chromium: a reader gives a reaction, and the writer finds it on the receipt."""

import pytest
from playwright.sync_api import expect

from comments.guests import receipt_tokens
from comments.models import Comment, Reaction
from comments.tree.status import Status
from tests.browser.axe import violations
from tests.browser.looks import too_wide

LINE = "Readers support Wren"


@pytest.fixture
def comment(published_post):
    comment = Comment(post=published_post(), name="Wren", body="A word.", status=Status.APPROVED)
    comment.save()
    return comment


def article(tab):
    return tab.locator("article.comment").first


def press(tab, name, pressed):
    """Press a button of the small form and wait until it shows its new state."""
    tab.get_by_role("button", name=name).click()
    tab.locator(f"button[aria-pressed={pressed}]", has_text=name).wait_for()


def test_one_press_opens_the_small_form_and_another_sends_it(page, comment):
    tab = page(comment.post.get_absolute_url())
    tab.get_by_role("link", name="Support Wren").click()
    form = article(tab).locator("form.support")
    form.wait_for()
    expect(form.get_by_role("button", name="With you")).to_be_focused()
    press(tab, "With you", "true")
    expect(form.locator("button[aria-pressed=true]")).to_be_focused()
    assert "no one will know it came from you" in form.inner_text()
    assert article(tab).get_by_role("link", name="Support Wren").count() == 0
    press(tab, "Me too", "true")
    press(tab, "With you", "false")
    assert list(Reaction.objects.values_list("kind__name", flat=True)) == ["Me too"]

    stranger = page(comment.post.get_absolute_url())
    article(stranger).get_by_role("link", name=LINE).click()
    press(stranger, "Me too", "true")
    writer = page(f"/comments/{comment.pk}/receipt/{receipt_tokens.renew(comment)}/")
    assert "Me too (2)" in writer.locator(".support-given").inner_text().replace("\xa0", " ")


def test_without_scripts_no_link_promises_a_form_in_place(page, comment):
    tab = page(comment.post.get_absolute_url(), javascript=False)
    expect(tab.get_by_role("link", name="Reply to Wren")).to_be_visible()
    expect(tab.get_by_role("link", name="Support")).to_have_count(0)
    expect(tab.get_by_role("link", name="Report")).to_have_count(0)


def test_the_small_form_fits_a_narrow_page_and_has_no_violation(page, comment):
    Comment.objects.filter(pk=comment.pk).update(name="Donaudampfschifffahrtsgesellschaft" * 2)
    tab = page(comment.post.get_absolute_url(), width=320)
    tab.locator("a.support-link").click()
    tab.locator("form.support").wait_for()
    assert too_wide(tab, 320, 360) == []
    for box in tab.locator("form.support button").all():
        assert box.bounding_box()["height"] >= 44
    press(tab, "With you", "true")
    assert not violations(tab)
    tab.goto(f"/comments/{comment.pk}/reaction/")
    assert too_wide(tab, 320, 360) == []


def test_the_reply_form_offers_reactions_first_and_once(page, comment):
    tab = page(comment.post.get_absolute_url())
    tab.get_by_role("link", name="Reply to Wren").click()
    box = article(tab).locator(".answering")
    box.locator("form.support").wait_for()
    assert "support" in box.locator("form").first.get_attribute("class").split()
    assert not tab.get_by_role("link", name="Support Wren").is_visible()
    tab.get_by_label("Your reply").fill("Half a word")
    press(tab, "Thank you", "true")
    assert tab.get_by_label("Your reply").input_value() == "Half a word"
    tab.get_by_role("button", name="Send").click()  # without a name
    box.get_by_role("alert").filter(has_text="nothing is lost").wait_for()
    assert tab.locator("form.support").count() == 1
    tab.get_by_role("button", name="Cancel").click()
    tab.get_by_role("link", name="Support Wren").wait_for()


def test_a_failed_reaction_is_reported_and_can_be_retried(page, comment):
    tab = page(comment.post.get_absolute_url())
    tab.context.route("**/reaction/", lambda route: route.fulfill(status=502, body="<html>"))
    link = tab.get_by_role("link", name="Support Wren")
    link.click()
    article(tab).get_by_role("alert").wait_for()
    tab.context.unroute("**/reaction/")
    link.click()
    article(tab).locator("form.support button").first.wait_for()
    tab.context.route("**/reaction/", lambda route: route.fulfill(status=502, body="<html>"))
    tab.get_by_role("button", name="With you").click()
    article(tab).get_by_text("Try again in a moment.").wait_for()
    tab.context.unroute("**/reaction/")
    press(tab, "With you", "true")
    tab.reload()
    link = tab.locator("a.support-link")
    link.wait_for()
    Comment.objects.filter(pk=comment.pk).update(status=Status.REMOVED)
    link.click()
    article(tab).get_by_role("alert").filter(has_text="no longer visible").wait_for()

"""In Chromium: comments in care lead to the help text, with and without scripts; duty pages."""

from playwright.sync_api import expect

from comments.models import ConversationSettings, DutySlot
from tests.browser.axe import violations
from tests.browser.conftest import become
from tests.browser.looks import look, too_wide
from tests.comments.care_cases import WORDS, switch_on

HELP = """\
**You do not have to be alone with this.** Nobody may read what you wrote at once.

- [0800 000 000](tel:0800000000), day and night
- [somebody who writes back](https://listen.example.org/)
"""


def test_the_writer_sees_the_help_text_at_once_and_later(page, published_post):
    switch_on(care_help=HELP)
    post = published_post(comment_mode="open")
    tab = page(post.get_absolute_url(), width=360)
    tab.get_by_role("link", name="Write a comment").click()
    tab.get_by_label("Name").fill("Ada")
    tab.get_by_label("Your comment").fill(WORDS)
    tab.get_by_role("button", name="Send").click()
    block = tab.get_by_role("region", name="Where to find support")
    block.wait_for()
    look(tab, "help")
    number = block.get_by_role("link", name="0800 000 000")
    assert number.get_attribute("href") == "tel:0800000000"
    assert number.bounding_box()["height"] >= 44
    assert too_wide(tab) == []
    private = tab.get_by_label("Link to save").input_value()
    assert not violations(tab)

    elsewhere = page(private, width=360)
    elsewhere.get_by_role("link", name="Delete it").click()
    expect(elsewhere.locator("main")).to_contain_text("up to seven days")
    look(elsewhere, "withdrawal")
    elsewhere.get_by_role("button", name="Delete comment").click()
    assert "until one of them has looked at it" in elsewhere.locator("main").inner_text()
    assert elsewhere.get_by_role("region", name="Where to find support").is_visible()
    look(elsewhere, "withdrawn")


def test_the_duty_pages_have_no_violation(page, owner, mia):
    ConversationSettings.get()
    DutySlot.objects.create(weekday=6, starts="20:00", ends="08:00", moderator=mia)
    # axe reads the style sheets of Django's forms by a style element of its own.
    noise = ["Applying inline style", "Couldn't load preload assets"]
    tab = page("/admin/comments/dutyslot/", user=owner, width=360, noise=noise)
    assert not violations(tab, "#content")
    assert too_wide(tab) == []
    become(tab, mia)
    tab.goto("/admin/comments/dutypreference/")
    assert "20:00–08:00" in tab.locator("main").inner_text()
    assert not violations(tab, "#content")

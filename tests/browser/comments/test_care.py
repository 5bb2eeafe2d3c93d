"""In Chromium: words that ask for care lead to the help text, with and without scripts; duty."""

import pytest
from playwright.sync_api import expect

from comments.models import ConversationSettings, DutySlot
from tests.browser.axe import violations
from tests.browser.comments.test_receipts import LOOKS, look
from tests.comments.care_cases import WORDS, switch_on

HELP = """\
**You do not have to be alone with this.** Nobody may read what you wrote at once.

- [0800 000 000](tel:0800000000), day and night
- [somebody who writes back](https://listen.example.org/)
"""


@pytest.mark.parametrize(("width", "dark"), LOOKS)
@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_the_writer_sees_the_help_text_at_once_and_finds_it_again(
    page, published_post, javascript, width, dark
):
    switch_on(care_help=HELP)
    post = published_post(comment_mode="open")
    tab = page(post.get_absolute_url(), javascript=javascript, width=width, dark=dark)
    tab.get_by_role("link", name="Write an answer").click()
    tab.get_by_label("Name").fill("Ada")
    tab.get_by_label("Your answer").fill(WORDS)
    tab.get_by_role("button", name="Send").click()
    block = tab.get_by_role("region", name="Somebody to turn to")
    block.wait_for()
    look(tab, f"help-{width}-{'dark' if dark else 'light'}")
    number = block.get_by_role("link", name="0800 000 000")
    assert number.get_attribute("href") == "tel:0800000000"
    assert number.bounding_box()["height"] >= 44
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    private = tab.get_by_label("Link to keep").input_value()
    if javascript:
        assert not violations(tab)

    elsewhere = page(private, javascript=javascript, width=width, dark=dark)
    elsewhere.get_by_role("link", name="Take it back").click()
    expect(elsewhere.locator("main")).to_contain_text("seven days at most")
    look(elsewhere, f"withdrawal-{width}-{'dark' if dark else 'light'}")
    elsewhere.get_by_role("button", name="Take it back").click()
    assert "until one of them has looked at it" in elsewhere.locator("main").inner_text()
    assert elsewhere.get_by_role("region", name="Somebody to turn to").is_visible()
    look(elsewhere, f"withdrawn-{width}-{'dark' if dark else 'light'}")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_pages_of_duty_have_no_fault(page, owner, mia, dark):
    ConversationSettings.get()
    DutySlot.objects.create(weekday=6, starts="20:00", ends="08:00", moderator=mia)
    week = page("/admin/comments/dutyslot/", user=owner, dark=dark, width=360)
    assert not violations(week, "#content")
    assert week.evaluate("document.documentElement.scrollWidth") <= 360
    # axe reads the style sheets of Django's forms by a style element of its own.
    noise = ["Applying inline style", "Couldn't load preload assets"]
    mine = page("/admin/comments/dutypreference/", user=mia, dark=dark, width=360, noise=noise)
    assert "20:00–08:00" in mine.locator("main").inner_text()
    assert not violations(mine, "#content")

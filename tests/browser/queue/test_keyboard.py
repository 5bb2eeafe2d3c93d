"""A moderator works through the queue by keyboard alone, on a narrow screen.

On a wide one: test_all_actions.py."""

from playwright.sync_api import expect

from comments.models import Comment, ModerationAction
from comments.tree.status import Status
from tests.browser.axe import violations
from tests.browser.looks import look
from tests.browser.moderation_queue import HERE, card, heading, statuses, waiting


def test_a_moderator_works_through_the_queue_by_keyboard(page, mia, published_post):
    rows = waiting(published_post(), "Ada Ben Cleo Dora Emil")
    tab = page("/admin/", user=mia, width=360)
    said = tab.get_by_role("status")

    tab.keyboard.press("j")
    expect(heading(tab, "Ada")).to_be_focused()
    tab.keyboard.press("j")
    expect(heading(tab, "Ben")).to_be_focused()
    tab.keyboard.press("k")
    expect(heading(tab, "Ada")).to_be_focused()

    tab.keyboard.press("a")
    expect(said).to_contain_text("Approved Ada’s comment.")
    expect(heading(tab, "Ben")).to_be_focused()
    expect(card(tab, "Ada")).to_have_count(0)
    expect(tab.locator("#tabs [aria-current]")).to_have_text("Waiting 4")

    tab.keyboard.press("s")
    expect(said).to_contain_text("Marked Ben’s comment as spam.")
    expect(heading(tab, "Cleo")).to_be_focused()
    look(tab, "keys")

    tab.keyboard.press("u")
    expect(said).to_contain_text("Undone. Ben’s comment is as it was before.")
    expect(heading(tab, "Ben")).to_be_focused()

    tab.keyboard.press("x")
    expect(card(tab, "Ben").get_by_label("Reason", exact=True)).to_be_focused()
    tab.keyboard.press("ArrowDown")
    expect(card(tab, "Ben").get_by_label("Message to the writer")).not_to_have_value("")
    tab.keyboard.press("Tab")
    tab.keyboard.press("End")
    tab.keyboard.type(" as a jay said")  # a, s, j and x are letters here
    tab.keyboard.press("Tab")
    expect(card(tab, "Ben").get_by_role("button", name="Remove comment")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(said).to_contain_text("Removed Ben’s comment.")
    expect(heading(tab, "Cleo")).to_be_focused()

    tab.keyboard.press("n")
    expect(card(tab, "Cleo").get_by_label("Hide the text behind this topic")).to_be_focused()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(said).to_contain_text("Changed the content note of Cleo’s comment.")
    expect(heading(tab, "Cleo")).to_be_focused()

    wanted = [Status.APPROVED, Status.REMOVED, Status.PENDING, Status.PENDING, Status.PENDING]
    assert statuses(*rows) == wanted
    assert ModerationAction.objects.get(act="remove").reason.endswith(" as a jay said")
    assert Comment.objects.get(pk=rows[2].pk).content_note


def test_shortcuts_do_nothing_while_typing_with_modifiers_or_when_switched_off(
    page, mia, published_post
):
    rows = waiting(published_post(), "Ada Ben")
    tab = page(HERE, user=mia)
    tab.keyboard.press("j")
    for keys in ("Control+a", "Alt+s", "Meta+s"):
        tab.keyboard.press(keys)
    card(tab, "Ada").get_by_role("button", name="Reply").click()
    field = card(tab, "Ada").get_by_label("Your reply")
    field.press_sequentially("as asks jax?")
    expect(field).to_have_value("as asks jax?")
    tab.keyboard.press("Escape")
    expect(card(tab, "Ada").get_by_role("button", name="Reply")).to_be_focused()

    tab.keyboard.press("?")
    dialog = tab.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    assert not violations(tab)
    dialog.get_by_label("Turn off these shortcuts on this device").check()
    dialog.get_by_role("button", name="Close").click()
    tab.keyboard.press("a")
    tab.reload()
    heading(tab, "Ada").focus()
    tab.keyboard.press("a")
    assert statuses(*rows) == [Status.PENDING] * 2


def test_after_the_last_card_the_page_leads_on(page, mia, published_post):
    waiting(published_post(), "Ada")
    tab = page(HERE, user=mia)
    tab.keyboard.press("a")  # moves to the first card and decides nothing
    expect(heading(tab, "Ada")).to_be_focused()
    tab.keyboard.press("a")
    expect(tab.get_by_text("Nothing is waiting. Thank you for checking.")).to_be_focused()
    expect(tab).to_have_title("Waiting – Moderation queue")


def test_one_by_one_mode_shows_one_card_and_advances_by_itself(page, mia, published_post):
    waiting(published_post(), "Ada Ben Cleo")
    tab = page(HERE, user=mia, reduced_motion="reduce")
    tab.get_by_role("button", name="One at a time").click()
    expect(card(tab, "Ada")).to_be_visible()
    expect(card(tab, "Ben")).to_be_hidden()
    card(tab, "Ada").get_by_role("button", name="Approve").click()
    expect(heading(tab, "Ben")).to_be_focused()
    expect(card(tab, "Cleo")).to_be_hidden()
    card(tab, "Ben").get_by_role("button", name="Next").click()
    expect(heading(tab, "Cleo")).to_be_focused()
    tab.reload()
    expect(card(tab, "Ben")).to_be_visible()
    expect(card(tab, "Cleo")).to_be_hidden()

"""Moving cards never cause an accidental decision."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment, ModerationAction
from comments.tree.status import Status
from tests.browser.moderation_queue import HERE, card, heading, statuses, waiting
from tests.browser.queue.test_touch import PHONE, Thumb
from tests.comments.factories import say

# Longer than any machine takes for a step of these tests.
LONG = 60_000


def test_a_tap_meant_for_the_previous_card_decides_nothing(page, mia, published_post, monkeypatch):
    monkeypatch.setattr("comments.queue.responses.SETTLE_TIME", LONG)
    first, second = waiting(published_post(), "Ada Ben")
    tab = page(HERE, user=mia, **PHONE)
    thumb = Thumb(tab)
    thumb.tap(card(tab, "Ada").get_by_role("button", name="Approve"))
    expect(heading(tab, "Ben")).to_be_focused()
    # The second card's button is now where the first card's was.
    thumb.tap(card(tab, "Ben").get_by_role("button", name="Approve"))
    card(tab, "Ben").get_by_role("button", name="Remove").tap()
    remove = card(tab, "Ben").get_by_role("button", name="Remove comment")
    expect(remove).to_be_visible()
    thumb.tap(remove)
    # Keys go where the focus is, and so do people who cannot see what moves.
    heading(tab, "Ben").press("s")
    expect(tab.get_by_role("status")).to_contain_text("Marked Ben’s comment as spam.")
    # The message is what people read: Undo is never too early.
    tab.get_by_role("status").get_by_role("button", name="Undo").tap()
    expect(tab.get_by_role("status")).to_contain_text("Undone. Ben’s comment")
    assert statuses(first, second) == [Status.APPROVED, Status.PENDING]
    acts = ModerationAction.objects.filter(who=mia).order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["approve", "spam", "undo"]


# Whether each button is what a finger meets at its middle.
UNCOVERED = """acts => [...acts.querySelectorAll("button")].every(each => {
  const box = each.getBoundingClientRect();
  const met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return each.contains(met);
})"""


@pytest.mark.parametrize("calm", [False, True], ids=["the list", "one by one"])
def test_the_message_covers_no_button_and_the_next_card_stays_in_reach(
    page, mia, published_post, calm
):
    rows = waiting(published_post(), "Ada Ben Cleo")
    Comment.objects.filter(pk=rows[1].pk).update(body_html="<p>" + "A word " * 150 + "</p>")
    tab = page(HERE, user=mia, **PHONE)
    if calm:
        tab.get_by_role("button", name="One at a time").tap()
    expect(tab.get_by_role("button", name="Keyboard shortcuts")).to_be_hidden()
    places = []
    for name in ("Ada", "Ben", "Cleo"):
        acts = card(tab, name).locator(".acts")
        if not calm:
            # They follow the words, and are where these have been read.
            expect(card(tab, name).get_by_role("heading", name=name)).to_be_in_viewport()
            acts.scroll_into_view_if_needed()
        expect(acts).to_be_in_viewport(ratio=1)
        shown = card(tab, name).locator(".bar") if calm else acts
        assert shown.evaluate(UNCOVERED), name
        places.append(acts.bounding_box()["y"])
        if name == "Cleo":
            break
        Thumb(tab).tap(acts.get_by_role("button", name="Approve"))
        expect(tab.get_by_role("status")).to_contain_text(f"Approved {name}")
    assert not calm or max(places) - min(places) < 2

    card(tab, "Cleo").locator(".acts").get_by_role("button", name="Remove").tap()
    expect(card(tab, "Cleo").get_by_role("button", name="Remove comment")).to_be_in_viewport()
    said = tab.locator(".said").bounding_box()
    acts = card(tab, "Cleo").locator(".acts").bounding_box()
    assert acts["y"] >= said["y"] + said["height"] or acts["y"] + acts["height"] <= said["y"]


def test_the_first_key_never_marks_a_visible_comment_as_spam(page, mia, published_post):
    row = say(published_post(), name="Ada")
    tab = page("/admin/queue/all/", user=mia)
    tab.keyboard.press("j")
    expect(heading(tab, "Ada")).to_be_focused()
    tab.keyboard.press("a")
    tab.keyboard.press("x")
    expect(card(tab, "Ada").get_by_label("Reason", exact=True)).to_be_focused()
    assert statuses(row) == [Status.APPROVED]
    assert not ModerationAction.objects.filter(who=mia).exists()
    tab.keyboard.press("Escape")
    tab.keyboard.press("s")
    expect(tab.get_by_role("status")).to_contain_text("Marked Ada’s comment as spam.")

"""A moderator with a phone clears twenty comments by touch alone; the taps are counted.

docs/moderation.md has the numbers; QUEUE_RUN names a file for those of a run."""

import os
import time
from pathlib import Path

from playwright.sync_api import expect

from comments.care import cases
from comments.models import Comment, ModerationAction
from comments.tree.status import Status
from tests.browser.axe import violations
from tests.browser.looks import look
from tests.browser.moderation_queue import HERE, NAMES, card, heading, reported, statuses, waiting

PHONE = {"width": 360, "height": 740, "has_touch": True, "is_mobile": True}
THUMB = 44


class Thumb:
    """Taps and counts; each tap waits until what it needs is there, as a person does.

    A program is quick enough for a second tap at the same place to be half of a double one. One
    beside everything lies between them, and is not counted.
    """

    def __init__(self, tab):
        self.tab, self.taps = tab, 0

    def tap(self, target):
        self.tab.touchscreen.tap(1, 1)
        target.tap()
        self.taps += 1

    def choose(self, field, label):
        """Two taps on a phone: one opens the list, one chooses."""
        field.select_option(label=label)
        self.taps += 2


def test_twenty_comments_are_cleared_by_touch_alone(page, mia, published_post):
    rows = waiting(published_post())
    care, spam = rows[12], rows[3]
    cases.open_case(care, "a phrase")
    Comment.objects.filter(pk=spam.pk).update(queue_priority=Comment.QueuePriority.SUSPECT)
    started = time.monotonic()
    tab = page("/admin/", user=mia, **PHONE)
    thumb, said = Thumb(tab), tab.get_by_role("status")

    # Care comes first on every tab.
    thumb.tap(card(tab, care.name).get_by_role("button", name="Reply"))
    thumb.choose(card(tab, care.name).get_by_label("Start from"), "Thank you for saying it")
    thumb.tap(card(tab, care.name).get_by_role("button", name="Approve and reply"))
    expect(said).to_contain_text(f"Approved {care.name}’s comment and replied to it.")
    thumb.tap(tab.get_by_role("link", name="Waiting").first)

    names = [name for name in NAMES.split() if name not in {care.name, spam.name}]
    for number, name in enumerate(names):
        if number == 5:
            thumb.tap(card(tab, name).get_by_role("button", name="Remove", exact=False).first)
            why = card(tab, name).get_by_label("Reason", exact=True)
            thumb.choose(why, why.locator("option").nth(2).inner_text())
            thumb.tap(card(tab, name).get_by_role("button", name="Remove comment"))
            expect(said).to_contain_text(f"Removed {name}’s comment.")
        else:
            thumb.tap(card(tab, name).get_by_role("button", name="Approve"))
            expect(said).to_contain_text(f"Approved {name}’s comment.")
        if number + 1 < len(names):
            expect(heading(tab, names[number + 1])).to_be_focused()
    thumb.tap(tab.get_by_role("link", name="Probable spam"))
    thumb.tap(card(tab, spam.name).get_by_role("button", name="Spam"))
    expect(tab.get_by_text("No probable spam. Thank you for checking.")).to_be_visible()

    seconds = time.monotonic() - started
    if file := os.environ.get("QUEUE_RUN"):
        Path(file).write_text(
            f"20 comments: {thumb.taps} taps, {seconds:.0f} seconds of a script\n"
        )
    decided = ModerationAction.objects.filter(who=mia)
    assert decided.count() == 20
    assert ModerationAction.objects.order_by("pk").filter(who=mia).first().comment_id == care.pk
    assert not Comment.objects.filter(status=Status.PENDING).exists()
    assert thumb.taps <= 28


def test_every_button_is_large_enough_to_touch_and_nothing_scrolls_sideways(
    page, mia, published_post
):
    post = published_post()
    waiting(post, "Ada Ben", body="A word " * 200)
    reported(post)
    tab = page("/admin/", user=mia, **PHONE)
    for path in ("/admin/", HERE, "/admin/queue/decided/", "/admin/queue/all/"):
        tab.goto(path)
        assert_room(tab)
    tab.goto(HERE)
    for name in ("Remove", "Reply", "Content note", "More"):
        card(tab, "Ada").locator(".acts").get_by_role("button", name=name).tap()
        tab.locator(".panel:visible").wait_for()
        assert_room(tab)
        look(tab, f"touch-{name.lower().replace(' ', '-')}")
        assert not violations(tab)


def assert_room(tab):
    narrow = tab.evaluate(
        """least => [...document.querySelectorAll(
            "#content :is(button, select, summary, .go-on, .act, label.all, #tabs a)")]
          .filter(each => each.checkVisibility())
          .map(each => [each.textContent.trim(), each.getBoundingClientRect()])
          .filter(([_, box]) => box.height < least || box.width < least)
          .map(([text]) => text)""",
        THUMB - 0.5,
    )
    assert narrow == []
    wide, room = tab.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= room


def test_the_second_tap_of_a_double_tap_decides_nothing_and_the_first_can_be_undone(
    page, mia, published_post
):
    first, second = waiting(published_post(), "Ada Ben")
    tab = page(HERE, user=mia, **PHONE)
    card(tab, "Ada").get_by_role("button", name="Approve").dblclick()
    expect(heading(tab, "Ben")).to_be_focused()
    assert statuses(first, second) == [Status.APPROVED, Status.PENDING]
    tab.get_by_role("status").get_by_role("button", name="Undo").tap()
    expect(heading(tab, "Ada")).to_be_focused()
    expect(tab.locator("#tabs [aria-current]")).to_have_text("Waiting 2")
    assert tab.locator("article.card h2").all_inner_texts() == ["Ada", "Ben"]
    assert statuses(first, second) == [Status.PENDING, Status.PENDING]


def test_the_queue_has_no_accessibility_violation(page, mia, published_post):
    post = published_post(title="Tuesdays at four")
    waiting(post, "Ada Ben")
    cases.open_case(waiting(post, "Cleo")[0], "phrase: no way to go on")
    tab = page(HERE, user=mia)
    look(tab, "queue")
    for width in (360, 1280):
        tab.set_viewport_size({"width": width, "height": 800})
        assert not violations(tab)

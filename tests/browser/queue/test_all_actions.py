"""Every action of a moderator, once by keyboard alone and once by touch alone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from comments.care import cases
from comments.models import (
    CareCase,
    Comment,
    ConversationSettings,
    ModerationAction,
    Reputation,
    WriterNote,
)
from comments.moderation import decisions
from comments.tree.status import Status
from comments.tree.transactions import in_transaction
from tests.browser.moderation_queue import HERE, card, statuses, waiting
from tests.browser.queue.test_touch import PHONE, Thumb
from tests.comments.factories import say, stored

# More than the focusable elements of any page here.
STEPS = 150


class Keys:
    """Presses and types with the keyboard alone, reaching everything by Tab."""

    def __init__(self, tab):
        self.tab = tab

    def reach(self, target):
        expect(target).to_be_visible()
        for _step in range(STEPS):
            if target.evaluate("each => each === document.activeElement"):
                return
            self.tab.keyboard.press("Tab")
        raise AssertionError(f"no way by keys to {target}")

    def tap(self, target):
        self.reach(target)
        self.tab.keyboard.press("Enter")

    def type(self, target, text):
        self.reach(target)
        self.tab.keyboard.type(text)

    def date(self, target, day):
        year, month, number = day.split("-")
        self.type(target, month + number + year)

    def choose(self, target, label):
        self.type(target, label)
        expect(target.locator("option:checked")).to_have_text(label)


class Hand(Thumb):
    """Taps; typing goes to the tapped field."""

    def type(self, target, text):
        self.tap(target)
        self.tab.keyboard.type(text)

    def date(self, target, day):
        target.fill(day)  # stands for the wheels of a phone's own picker


HANDS = pytest.mark.parametrize(("hand", "look"), [(Keys, {"width": 1280}), (Hand, PHONE)])


def button(place, name):
    return place.get_by_role("button", name=name, exact=True)


def act(place, name):
    return place.locator(".acts").get_by_role("button", name=name)


@HANDS
def test_actions_on_the_writer_and_the_thread(page, mia, bob, published_post, hand, look):
    first = waiting(published_post(), "Bob", user=bob, name="")[0]
    (guest,) = waiting(first.post, "Ada")
    tab = page(HERE, user=mia, **look)
    use, said, his = hand(tab), tab.get_by_role("status"), card(tab, "Bob")

    use.tap(act(his, "More"))
    use.type(his.get_by_label("Only moderators can see it"), "Writes at night.")
    use.tap(button(his, "Save note"))
    expect(said).to_contain_text("Note saved.")
    use.tap(act(his, "More"))
    use.tap(his.locator("summary", has_text="Ban"))
    use.date(his.get_by_label("Last day"), "2099-12-31")
    use.type(his.get_by_label("Reason (moderators only)"), "Twice unkind.")
    use.tap(his.locator("details").get_by_role("button", name="Ban"))
    expect(said).to_contain_text("Banned Bob. Their comments are now always reviewed first.")
    use.tap(act(his, "More"))
    use.tap(button(his, "End ban"))
    expect(said).to_contain_text("Bob is no longer banned.")
    use.tap(act(his, "More"))
    use.tap(button(his, "Lock thread"))
    expect(said).to_contain_text("Locked the thread with Bob’s comment")
    use.tap(act(his, "More"))
    use.tap(button(his, "Unlock thread"))
    expect(said).to_contain_text("Unlocked the thread with Bob’s comment")
    use.tap(act(his, "More"))
    use.tap(button(his, "Approve and trust"))
    expect(said).to_contain_text("Approved Bob’s comment.")

    use.tap(act(card(tab, "Ada"), "More"))
    expect(
        card(tab, "Ada").get_by_text(
            "The writer isn’t verified, so they can’t be trusted or banned."
        )
    ).to_be_visible()
    bans = Reputation.objects.filter(kind="banned")
    assert {str(timezone.localtime(ban.until).date()) for ban in bans} == {"2099-12-31"}
    assert not bans.filter(ended_at=None).exists()
    assert Reputation.objects.filter(kind="trusted", ended_at=None).exists()
    assert WriterNote.objects.get().text == "Writes at night."
    assert statuses(first, guest) == [Status.APPROVED, Status.PENDING]
    assert stored(first).locked_at is None


@HANDS
def test_a_visible_comment_is_held_answered_and_restored(page, mia, published_post, hand, look):
    post = published_post()
    shown, gone = say(post, name="Ada"), say(post, name="Ben")
    decisions.decide([gone.pk], "remove", mia)
    (asked,) = waiting(post, "Cleo")
    tab = page("/admin/queue/all/", user=mia, **look)
    use, said = hand(tab), tab.get_by_role("status")

    use.tap(act(card(tab, "Cleo"), "Reply"))
    use.choose(card(tab, "Cleo").get_by_label("Start from"), "Welcome")
    use.type(card(tab, "Cleo").get_by_label("Your reply"), " ")
    use.tap(button(card(tab, "Cleo"), "Approve and reply"))
    expect(said).to_contain_text("Approved Cleo’s comment and replied to it.")
    use.tap(act(card(tab, "Ben"), "Restore"))
    expect(said).to_contain_text("Restored Ben’s comment.")
    use.type(tab.get_by_label("Text or name"), "Ada")
    use.choose(tab.get_by_label("Status"), "approved")
    use.tap(button(tab.get_by_role("search"), "Search"))
    expect(tab.locator("article.card")).to_have_count(1)
    use.tap(act(card(tab, "Ada"), "More"))
    use.tap(button(card(tab, "Ada"), "Hold"))
    expect(said).to_contain_text("Ada’s comment")

    answer = Comment.objects.get(parent=asked)
    assert (answer.user, "Cleo" in answer.body) == (mia, True)
    wanted = [Status.PENDING, Status.APPROVED, Status.APPROVED]
    assert statuses(shown, gone, asked) == wanted


@HANDS
def test_a_care_case_is_read_handed_over_and_closed(page, mia, person, published_post, hand, look):
    person("nora", group="Moderators", is_staff=True, display_name="Nora")
    ConversationSettings.get()
    ConversationSettings.objects.update(care_blurred=True)
    (row,) = waiting(published_post(), "Wren")
    in_transaction(lambda: cases.open_case(row, "phrase: no way to go on"))
    tab = page("/admin/", user=mia, **look)
    use, said, hers = hand(tab), tab.get_by_role("status"), card(tab, "Wren")

    words = hers.locator(".words")
    expect(words).not_to_have_css("filter", "none")
    (use.reach if hand is Keys else use.tap)(words)
    expect(words).to_have_css("filter", "none")
    expect(act(hers, "Spam")).to_have_count(0)
    use.tap(act(hers, "Care"))
    use.choose(hers.get_by_label("Hand over to"), "Nora")
    use.tap(button(hers, "Hand over"))
    expect(said).to_contain_text("Handed Wren’s comment over to Nora.")
    use.tap(act(hers, "Care"))
    use.tap(button(hers, "Close case"))  # without saying what was done: nothing happens
    use.choose(hers.get_by_label("What was done"), "I replied")
    use.type(hers.get_by_label("Note (moderators only)"), "Her sister is with her.")
    use.tap(button(hers, "Close case"))
    expect(said).to_contain_text("Closed the care case for Wren’s comment.")

    case = CareCase.objects.get()
    assert (case.handed_to.username, case.decision, case.closed_by) == ("nora", "answered", mia)
    assert case.note == "Her sister is with her."
    assert statuses(row) == [Status.PENDING]


@HANDS
def test_several_comments_are_decided_at_once_and_one_is_undone(
    page, mia, published_post, hand, look
):
    rows = waiting(published_post(), "Ada Ben Cleo Dora Emil Finn Gus Hana Ida Jon Kay")
    tab = page(HERE, user=mia, **look)
    use, said, bulk = hand(tab), tab.get_by_role("status"), tab.locator("#bulk")

    use.tap(button(bulk, "Select all on this page"))
    expect(bulk.get_by_text("Selected: 11")).to_be_visible()
    use.tap(button(bulk, "Spam"))
    expect(tab.get_by_role("heading", name="Mark 11 comments as spam?")).to_be_visible()
    assert set(statuses(*rows)) == {Status.PENDING}
    use.tap(button(tab, "Spam (11)"))
    expect(said).to_contain_text("Marked 11 comments as spam.")
    use.tap(tab.get_by_role("link", name="Recently decided 11"))
    use.tap(button(tab, "Undo: Finn’s comment"))
    expect(said).to_contain_text("Undone. Finn’s comment is as it was before.")

    left = [Status.PENDING if row.name == "Finn" else Status.SPAM for row in rows]
    assert statuses(*rows) == left
    assert ModerationAction.objects.filter(act="undo").count() == 1

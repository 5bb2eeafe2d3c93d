"""Admin pages around the queue on a phone: touch targets are large enough, nothing is cut off."""

from comments.moderation import decisions
from tests.browser.queue.test_touch import PHONE, THUMB
from tests.comments.factories import say

OF_MODERATORS = ["moderationaction/", "dutypreference/", "reputation/"]
OF_THE_OWNER = ["phrase/", "phrase/try/", "savedreply/", "dutyslot/", "conversationsettings/"]
# A checkbox is pressed by its label, or stands beside the name of its row.
NARROW = """least => [...document.querySelectorAll(
    ":is(#header, .breadcrumbs, #content) :is(a, button, select, summary, input)")]
  .filter(each => each.checkVisibility({visibilityProperty: true}))
  .filter(each => !["checkbox", "hidden"].includes(each.type))
  .map(each => [each.textContent.trim() || each.name, each.getBoundingClientRect()])
  .filter(([_, box]) => box.height < least || box.width < least || box.right > innerWidth)
  .map(([text, box]) => `${text}: ${box.width} by ${box.height}`)"""


def test_the_log_my_duty_and_the_owners_lists_have_large_touch_targets(
    page, mia, owner, published_post
):
    shown = say(published_post(), name="Ada")
    decisions.decide([shown.pk], "remove", mia, "It names her street.")
    for user, paths in ((mia, OF_MODERATORS), (owner, OF_THE_OWNER)):
        tab = page("/admin/", user=user, **PHONE)
        for path in paths:
            tab.goto(f"/admin/comments/{path}")
            tab.locator("#footer").wait_for(state="attached")
            assert tab.evaluate(NARROW, THUMB - 0.5) == [], path
            assert tab.evaluate("document.documentElement.scrollWidth") <= 360, path

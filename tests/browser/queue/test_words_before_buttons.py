"""A comment is read before it is decided: where buttons are, and which presses are taken."""

from playwright.sync_api import expect

from comments.tree.status import Status
from tests.browser.moderation_queue import HERE, card, statuses, waiting

SIZES = ((360, 640), (390, 664), (390, 844), (1280, 720), (1280, 900))
# Goes through the page in small steps. Returns what stood on the screen without its words above it:
# a button whose comment was neither in sight with it nor passed on the way.
WITHOUT_WORDS = """async () => {
  const found = [], passed = new Set();
  const end = document.documentElement.scrollHeight - innerHeight;
  for (let y = 0; ; y = Math.min(y + 40, end)) {
    scrollTo({ top: y, behavior: "instant" });
    await new Promise(requestAnimationFrame);
    for (const card of document.querySelectorAll("article.card")) {
      const words = card.querySelector(".words").getBoundingClientRect();
      if (words.top >= 0 && words.top + 24 <= innerHeight) passed.add(card.id);
      for (const button of card.querySelectorAll(".acts button")) {
        const box = button.getBoundingClientRect();
        if (box.bottom <= 0 || box.top >= innerHeight) continue;
        if (box.top < words.bottom || !passed.has(card.id)) found.push([y, card.id]);
      }
    }
    if (y >= end) return found;
  }
}"""


def test_no_button_is_on_the_screen_without_the_words_it_decides_about(page, mia, published_post):
    rows = waiting(published_post(), "Ada Ben Cleo")
    type(rows[1]).objects.filter(pk=rows[1].pk).update(body_html="<p>" + "A word " * 150 + "</p>")
    tab = page(HERE, user=mia)
    for width, height in SIZES:
        tab.set_viewport_size({"width": width, "height": height})
        tab.goto(HERE)
        assert tab.evaluate(WITHOUT_WORDS) == [], (width, height)


def test_a_press_before_the_words_were_on_the_screen_shows_them_and_decides_nothing(
    page, mia, published_post
):
    rows = waiting(published_post(), "Ada Ben Cleo")
    tab = page(HERE, user=mia, width=360, height=400)
    words = card(tab, "Cleo").locator(".words")
    expect(words).not_to_be_in_viewport()
    # As keys of other programs press it, without going there.
    approve = card(tab, "Cleo").get_by_role("button", name="Approve")
    approve.evaluate("button => button.click()")
    expect(tab.get_by_role("status")).to_contain_text("Please read it first, then choose again.")
    expect(words).to_be_in_viewport()
    assert statuses(*rows) == [Status.PENDING] * 3
    approve.evaluate("button => button.click()")
    expect(tab.get_by_role("status")).to_contain_text("Approved Cleo’s comment.")

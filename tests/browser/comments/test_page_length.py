"""In Chromium: the estimated length of a page is close to its length after scrolling.

Threads far from the window are not laid out (content-visibility), so each declares an estimated
height."""

import pytest

from tests.house.budgets import grow

LENGTH = "document.documentElement.scrollHeight"
MOST = 0.1  # share of the length that may come or go on the way down


@pytest.fixture
def long_texts(published_post):
    """The benchmark's conversation, of 250 comments."""
    post = published_post(slug="lake", comment_mode="open")
    grow(post, 250)


@pytest.fixture
def short_texts(published_post):
    """Twenty small threads of a few words each."""

    def in_threads_of_three(written):
        for place, each in enumerate(written):
            each["parent"] = None if place % 3 == 0 else written[place - 1]["id"]
            each["body"] = "Quiet words for you. " * (1 + place % 5)

    grow(published_post(slug="lake", comment_mode="open"), 60, in_threads_of_three)


@pytest.mark.parametrize("texts", ["long_texts", "short_texts"])
def test_a_page_keeps_its_length_while_it_is_scrolled(page, request, texts):
    request.getfixturevalue(texts)
    tab = page("/healthz/")
    for width in (360, 470, 1280):
        tab.set_viewport_size({"width": width, "height": 800})
        # The browser remembers heights once laid out, so each width gets a new page.
        tab.goto(f"/posts/lake/?width={width}")
        threads = tab.locator(".threads > li")
        assert tab.locator(".threads > li:has(.fold)").count() > 10
        lengths = [tab.evaluate(LENGTH)]
        for place in range(threads.count()):
            threads.nth(place).scroll_into_view_if_needed()
            threads.nth(place).locator("article").last.scroll_into_view_if_needed()
            lengths.append(tab.evaluate(LENGTH))
        end = lengths[-1]
        assert all(abs(length - end) < MOST * end for length in lengths), (width, lengths)

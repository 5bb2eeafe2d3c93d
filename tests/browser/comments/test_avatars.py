"""Generated avatars in a browser: served from here, shown, and fetched once.

The page fixture fails these tests on any console message and on any request elsewhere."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from comments import avatars
from tests.browser.looks import too_wide
from tests.comments.factories import say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def post(published_post, bob):
    post = published_post()
    comment = say(post)
    say(post, comment, user=bob, name="")
    return post


def wait_until_drawn(picture):
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("picture => picture.naturalWidth") > 0


def test_every_comment_shows_its_avatar_beside_the_name(page, post):
    tab = page(post.get_absolute_url(), width=360)
    pictures = tab.locator("article.comment h3 img")
    expect(pictures).to_have_count(2)
    for width, size in ((360, 28), (1280, 34)):
        tab.set_viewport_size({"width": width, "height": 800})
        for picture in pictures.all():
            wait_until_drawn(picture)
            box, name = picture.bounding_box(), picture.locator("..").bounding_box()
            assert box["width"] == box["height"] == size
            assert name["y"] - 8 <= box["y"] <= name["y"] + name["height"]
    assert too_wide(tab) == []


def test_avatars_show_without_scripts_and_are_silent_for_screen_readers(page, post):
    tab = page(post.get_absolute_url(), javascript=False)
    expect(tab.get_by_role("img")).to_have_count(0)  # an empty alt: nothing is read aloud
    expect(tab.get_by_role("heading", name="Wren").first).to_be_visible()
    expect(tab.locator("h3 img")).to_have_count(2)


def test_an_avatar_opened_by_itself_has_a_policy_of_its_own(page, post):
    tab = page(post.get_absolute_url())
    address = tab.locator("h3 img").first.get_attribute("src")
    with tab.expect_response(f"**{address}") as answer:
        tab.goto(address)
    policy = answer.value.header_value("content-security-policy")
    assert policy == "default-src 'none'; frame-ancestors 'none'; sandbox"
    expect(tab.locator("svg path").first).to_be_attached()


def test_another_page_fetches_no_avatar_again(page, post, monkeypatch):
    made, draw = [], avatars.draw
    monkeypatch.setattr(avatars, "draw", lambda text: made.append(text) or draw(text))
    tab = page(post.get_absolute_url())
    for address in (reverse("blog:home"), post.get_absolute_url()):
        for picture in tab.locator("h3 img").all():
            wait_until_drawn(picture)
        tab.goto(address)
    wait_until_drawn(tab.locator("h3 img").last)
    assert len(made) == len(set(made)) == 2

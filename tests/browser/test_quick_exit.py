"""The quick exit by pointer and keyboard; the back button does not return to the page."""

import pytest
from playwright.sync_api import expect

from blog.models import Blog

pytestmark = pytest.mark.django_db(transaction=True)
AWAY = "/static/icon.svg"  # of this server, since nobody else may be asked


@pytest.fixture
def exit_to(live_server):
    blog = Blog.get()
    blog.quick_exit = f"{live_server.url}{AWAY}"
    blog.save()
    return blog.quick_exit


@pytest.mark.parametrize("javascript", [True, False])
def test_the_quick_exit_is_reached_by_keys_and_replaces_the_page(
    page, published_post, exit_to, javascript
):
    tab = page("/search/", javascript=javascript, width=360)
    tab.goto(published_post(body="<p>Words.</p>" * 60).get_absolute_url())
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    link = tab.get_by_role("link", name="Quick exit")
    expect(link).to_be_focused()
    tab.keyboard.press("Enter")
    tab.wait_for_url(exit_to)
    tab.go_back()
    # Without scripts it is a link like any other.
    expect(tab.get_by_role("searchbox")).to_have_count(1 if javascript else 0)


def test_the_quick_exit_stays_visible_and_covers_no_jump_target(page, published_post, exit_to):
    post = published_post(body="<p>Words.</p>" * 60 + "<p><a href='/archive/'>Further</a></p>")
    tab = page(post.get_absolute_url(), width=360, height=640)
    link, title = tab.get_by_role("link", name="Quick exit"), tab.locator("h1")
    box = link.bounding_box()
    assert box["height"] >= 44
    tab.get_by_role("link", name="Further").scroll_into_view_if_needed()
    expect(title).not_to_be_in_viewport()
    expect(link).to_be_in_viewport(ratio=1)
    tab.evaluate("document.querySelector('h1').scrollIntoView()")
    expect(title).to_be_in_viewport(ratio=1)
    box, below = link.bounding_box(), title.bounding_box()
    assert box["y"] + box["height"] <= below["y"]

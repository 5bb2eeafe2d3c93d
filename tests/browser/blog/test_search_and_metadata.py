"""Search, series and structured data, in a browser that enforces the CSP."""

import pytest
from playwright.sync_api import expect

from blog.models import Series

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_reader_finds_a_post_and_continues_in_its_series(page, published_post):
    walks = Series.objects.create(title="Walks", slug="walks")
    published_post(title="The first café", slug="first", series=walks)
    published_post(title="The second walk", slug="second", series=walks)
    opened = page("/", width=360)
    opened.get_by_role("link", name="Search").first.click()
    opened.get_by_role("searchbox", name="Search this blog").fill("CAFE")
    opened.get_by_role("button", name="Search").click()
    expect(opened.locator("mark")).to_have_text(["café"])
    opened.get_by_role("link", name="The first café").click()
    opened.get_by_role("link", name="The second walk").click()
    expect(opened.get_by_role("heading", level=1)).to_have_text("The second walk")


def test_structured_data_violates_no_policy_and_runs_nothing(page, published_post):
    post = published_post(title="</script><img src=x onerror=alert(1)>", excerpt="<b>short</b>")
    opened = page(post.get_absolute_url())
    data = opened.locator("script[type='application/ld+json']").text_content()
    assert opened.evaluate("text => JSON.parse(text).headline", data) == post.title
    card = opened.locator("meta[property='og:image']").get_attribute("content")
    assert opened.request.get("/" + card.split("/", 3)[3]).headers["content-type"] == "image/png"

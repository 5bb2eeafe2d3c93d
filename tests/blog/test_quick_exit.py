"""A way to leave at once, on every page for readers, where the owner wishes it."""

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError

from blog.models import Blog
from tests.config.caching.test_freshness import Worker

pytestmark = pytest.mark.django_db
AWAY = "https://weather.example.org/today"


def leads_to(address):
    blog = Blog.get()
    blog.quick_exit = address
    blog.full_clean()
    blog.save()


def exits(html):
    return [link["href"] for link in BeautifulSoup(html, "html.parser").select(".quick-exit a")]


def test_there_is_none_unless_the_owner_switched_it_on(client, published_post):
    page = client.get(published_post().get_absolute_url()).text
    assert exits(page) == []
    assert "exit.js" not in page


def test_it_is_a_plain_link_ahead_of_everything_but_the_skip_link(client, published_post):
    leads_to(AWAY)
    post = published_post().get_absolute_url()
    for address in ("/", post, f"{post}reply/", "/search/", "/nowhere/", "/account/login/"):
        page = BeautifulSoup(client.get(address).content, "html.parser")
        assert [link["href"] for link in page.select("a[href]")][:2] == ["#main", AWAY], address
        assert page.select_one(".quick-exit a")["rel"] == ["nofollow", "noreferrer"]


@pytest.mark.django_db(transaction=True)
def test_pages_that_are_kept_have_it_as_soon_as_it_is_switched_on_and_lose_it_as_soon(
    published_post,
):
    addresses, worker = ["/", published_post().get_absolute_url()], Worker("one")
    for wished in ("", AWAY, ""):
        leads_to(wished)
        for address in addresses * 2:
            assert exits(worker.text(address)) == [AWAY] * bool(wished), (wished, address)
    getattr(worker.shelf.read_state, "close", lambda: None)()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/elsewhere", "weather", "data:,x"])
def test_it_leads_to_a_whole_address_of_the_web_alone(address):
    with pytest.raises(ValidationError):
        leads_to(address)

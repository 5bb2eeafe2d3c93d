"""The quick exit: a link to leave the site at once, if the owner has switched it on."""

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


def test_there_is_no_quick_exit_unless_the_owner_switched_it_on(client, published_post):
    page = client.get(published_post().get_absolute_url()).text
    assert exits(page) == []
    assert "exit.js" not in page


def test_the_quick_exit_is_a_plain_link_right_after_the_skip_link(client, published_post):
    leads_to(AWAY)
    post = published_post().get_absolute_url()
    for address in ("/", post, f"{post}reply/", "/search/", "/nowhere/", "/account/login/"):
        page = BeautifulSoup(client.get(address).content, "html.parser")
        assert [link["href"] for link in page.select("a[href]")][:2] == ["#main", AWAY], address
        assert page.select_one(".quick-exit a")["rel"] == ["nofollow", "noreferrer"]


@pytest.mark.django_db(transaction=True)
def test_cached_pages_follow_the_setting_at_once(
    published_post,
):
    addresses, worker = ["/", published_post().get_absolute_url()], Worker("one")
    for wished in ("", AWAY, ""):
        leads_to(wished)
        for address in addresses * 2:
            assert exits(worker.text(address)) == [AWAY] * bool(wished), (wished, address)
    getattr(worker.shelf.read_state, "close", lambda: None)()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/elsewhere", "weather", "data:,x"])
def test_the_quick_exit_needs_an_absolute_web_address(address):
    with pytest.raises(ValidationError):
        leads_to(address)

"""Public pages: lists and their pagination, tags, posts, pages and the menu."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.models import Blog, Post, Tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def lake():
    return Tag.objects.create(name="Am See", slug="am-see")


def titles(answer):
    return [post.title for post in answer.context["posts"]]


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_an_empty_blog_says_so_kindly(client):
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Nothing has been published here yet" in answer.text


def test_the_first_page_shows_posts_newest_first_and_no_pages(client, published_post):
    from datetime import timedelta

    from django.utils import timezone

    for days in (2, 9, 4):
        published_post(title=f"{days} ago", published_at=timezone.now() - timedelta(days=days))
    published_post(kind="page", title="About")
    assert titles(client.get("/")) == ["2 ago", "4 ago", "9 ago"]


def test_a_list_is_paged_as_the_owner_wishes(client, published_post):
    blog = Blog.get()
    blog.posts_per_page = 2
    blog.save()
    for _ in range(5):
        published_post()
    pages = [client.get(f"/?page={number}") for number in (1, 2, 3)]
    assert [len(titles(page)) for page in pages] == [2, 2, 1]
    assert len({title for page in pages for title in titles(page)}) == 5
    assert 'href="/?page=3" rel="next"' in pages[1].text
    assert 'href="/" rel="prev"' in pages[1].text
    assert 'rel="next"' not in pages[2].text


@pytest.mark.parametrize(
    "page",
    ["0", "-1", "2", "999999999999999999999", "last", "1.0", "1_0", "٢", "%00", "", "9" * 5000],
)
def test_a_page_that_does_not_exist_is_not_found(client, published_post, lake, page):
    post = published_post()
    post.tags.add(lake)
    for address in ("/", lake.get_absolute_url(), post.get_absolute_url()):
        answer = client.get(f"{address}?page={page}")
        assert answer.status_code == 404
        assert "Page not found" in answer.text


@pytest.mark.parametrize("slug", ["a%00b", "%00", "x" * 999, "%F0%9F%8C%99", "%ff", "..", "'--"])
@pytest.mark.parametrize(
    "form", ["/posts/{}/", "/tags/{}/", "/{}/", "/tags/{}/feed/", "/posts/{}/reply/", "/{}"]
)
def test_every_strange_address_is_simply_not_found(client, form, slug):
    assert client.get(form.format(slug), follow=True).status_code == 404


def test_a_post_shows_its_words_and_its_tags(client, published_post, lake):
    post = published_post(body="<p>Quite <em>still</em>.</p>")
    post.tags.add(lake)
    answer = client.get(post.get_absolute_url())
    assert "<p>Quite <em>still</em>.</p>" in answer.text
    assert 'href="/tags/am-see/"' in answer.text
    assert 'class="p-author h-card">Alice<' in answer.text
    assert f'<link rel="canonical" href="http://localhost{post.get_absolute_url()}">' in answer.text


def test_pages_and_posts_answer_only_at_their_own_addresses(client, published_post):
    assert client.get(f"/posts/{published_post(kind='page').slug}/").status_code == 404
    assert client.get(f"/{published_post().slug}/").status_code == 404


def test_a_tag_shows_its_posts(client, published_post, lake):
    inside, _outside = published_post(), published_post()
    inside.tags.add(lake)
    assert titles(client.get(lake.get_absolute_url())) == [inside.title]


def test_a_tag_without_public_posts_is_not_found(client, published_post, lake):
    published_post(status="draft").tags.add(lake)
    assert client.get(lake.get_absolute_url()).status_code == 404


def test_the_menu_holds_published_pages_in_their_order(client, published_post):
    published_post(kind="page", title="Second", in_menu=True, menu_order=2)
    published_post(kind="page", title="First", in_menu=True, menu_order=1)
    published_post(kind="page", title="Not in it")
    published_post(kind="page", title="Not yet", in_menu=True, status="draft")
    menu = client.get("/").context["menu"]
    assert [page.title for page in menu] == ["First", "Second"]


def test_times_are_those_of_the_blogs_own_zone(client, published_post):
    from datetime import UTC, datetime

    blog = Blog.get()
    blog.time_zone = "Pacific/Auckland"
    blog.save()
    post = published_post(published_at=datetime(2024, 6, 30, 20, 0, tzinfo=UTC))
    assert "1 Jul 2024" in client.get(post.get_absolute_url()).text


def test_head_answers_as_get_without_a_body(client, published_post):
    for address in ("/", published_post().get_absolute_url(), "/feed/", "/robots.txt"):
        answer = client.head(address)
        assert answer.status_code == 200
        assert answer.content == b""
        assert answer["ETag"] == client.get(address)["ETag"]


def test_public_pages_refuse_post_requests(client, published_post):
    for address in ("/", published_post().get_absolute_url(), "/sitemap.xml", "/robots.txt"):
        if address != "/sitemap.xml":
            assert client.post(address).status_code == 405


def grow(published_post, lake, count):
    for _ in range(count):
        post = published_post(excerpt="One evening")
        post.tags.add(lake, Tag.objects.create(name=post.title, slug=post.slug))
        published_post(kind="page", in_menu=True)


@pytest.mark.usefixtures("without_page_cache")
@pytest.mark.parametrize("address", ["/", "/tags/am-see/", "/feed/", "/sitemap.xml"])
def test_more_posts_cost_no_more_queries(client, published_post, lake, address):
    found = []
    for count in (2, 7):
        grow(published_post, lake, count)
        client.get(address)  # the menu and the settings are cached from now on
        found.append(queries(client, address))
    few, many = found
    assert few == many
    assert few <= 8


@pytest.mark.usefixtures("without_page_cache")
def test_a_post_and_its_tags_cost_few_queries(client, published_post, lake):
    post = published_post()
    post.tags.add(lake)
    client.get(post.get_absolute_url())
    few = queries(client, post.get_absolute_url())
    for number in range(9):
        post.tags.add(Tag.objects.create(name=f"{number}", slug=f"{number}"))
    client.get(post.get_absolute_url())
    assert queries(client, post.get_absolute_url()) == few
    assert Post.objects.count() == 1


def test_a_missing_page_is_ours_in_development_too(client, settings):
    settings.DEBUG = True
    answer = client.get("/nothing-of-that-name/")
    assert answer.status_code == 404
    assert "Page not found" in answer.text
    assert "URLconf" not in answer.text

"""Cache headers: shared pages may be cached by anybody, personal ones by nobody."""

import pytest

from blog.models import Tag

# Pages are cached, in Redis where PostgreSQL is used.
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases()]
PUBLIC = "public, max-age=0, must-revalidate"
COOKIES = ("sessionid", "hearth_writer", "messages")


@pytest.fixture
def addresses(published_post):
    """Every public address of the blog, one that redirects and two that are not found."""
    tag = Tag.objects.create(name="Lake", slug="lake")
    post, page = published_post(), published_post(kind="page", in_menu=True)
    post.tags.add(tag)
    moved = published_post(slug="before")
    moved.slug = "after"
    moved.save()
    return [
        "/",
        post.get_absolute_url(),
        f"{post.get_absolute_url()}comments/feed/",
        page.get_absolute_url(),
        "/tags/lake/",
        "/tags/lake/feed/",
        "/feed/",
        "/comments/feed/",
        "/sitemap.xml",
        "/robots.txt",
        "/posts/before/",
        "/posts/nowhere/",
        "/no/where/at/all/",
    ]


def test_a_reader_gets_a_shared_page_without_a_cookie(client, addresses):
    for address in addresses:
        answer = client.get(address)
        assert not answer.cookies, address
        assert "Set-Cookie" not in answer, address
        assert answer["Cache-Control"] == PUBLIC, address
        assert "Cookie" in answer["Vary"], address


def test_two_readers_get_the_same_bytes(client, addresses):
    from django.test import Client

    for address in addresses:
        other = Client(headers={"user-agent": "Another/1.0", "accept-language": "de, he;q=0.5"})
        assert client.get(address).content == other.get(address).content, address


def test_an_unchanged_page_answers_304(client, addresses):
    for address in addresses[:10]:
        tag = client.get(address)["ETag"]
        for ask in (client.get, client.head):
            answer = ask(address, headers={"if-none-match": f'"other", {tag}'})
            assert answer.status_code == 304, address
            assert answer.content == b""
            assert answer["ETag"] == tag
            assert answer["Cache-Control"] == PUBLIC
            assert "Cookie" in answer["Vary"]


@pytest.mark.parametrize("where", ["/", "/posts/quiet/", "/feed/", "/tags/lake/"])
def test_a_change_is_seen_at_once(client, published_post, where):
    post = published_post(slug="quiet")
    post.tags.add(Tag.objects.create(name="Lake", slug="lake"))
    tag = client.get(where)["ETag"]
    assert client.get(where, headers={"if-none-match": tag}).status_code == 304
    post.title = "Less quiet"
    post.save()
    answer = client.get(where, headers={"if-none-match": tag})
    assert answer.status_code == 200
    assert "Less quiet" in answer.text


def test_if_modified_since_alone_gets_no_304(client, published_post):
    """A withdrawn post leaves no later date anywhere."""
    kept, gone = published_post(), published_post()
    assert "Last-Modified" not in client.get("/feed/")
    gone.status = "draft"
    gone.save()
    later = {"if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    for address in ("/feed/", "/sitemap.xml"):
        assert client.get(address, headers=later).status_code == 200
    assert kept.is_public


@pytest.mark.parametrize("cookie", COOKIES)
def test_a_request_with_our_cookie_gets_a_private_page(client, addresses, cookie):
    client.cookies[cookie] = "whatever"
    for address in addresses:
        answer = client.get(address)
        assert answer["Cache-Control"] == "private, no-store", address
        assert answer.status_code != 304


def test_a_signed_in_reader_gets_a_private_page(signed_in, bob, addresses):
    client = signed_in(bob)
    for address in addresses:
        answer = client.get(address, headers={"if-none-match": "*"})
        assert answer["Cache-Control"] == "private, no-store", address
        assert answer.status_code != 304


def test_after_seeing_a_form_pages_are_cached_privately(client, addresses):
    client.cookies["csrftoken"] = "a" * 32
    answer = client.get(addresses[1])
    assert answer["Cache-Control"] == "private, max-age=0, must-revalidate"
    again = client.get(addresses[1], headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_a_response_that_sets_a_cookie_is_not_cached(rf):
    from django.http import HttpResponse

    from config.middleware import cache_headers

    def somebodys_page(request):
        answer = HttpResponse("for you alone")
        answer.set_cookie("anything", "of yours")
        return answer

    assert cache_headers(somebodys_page)(rf.get("/"))["Cache-Control"] == "private, no-store"


def test_a_foreign_cookie_changes_nothing(client, addresses):
    alone = client.get("/").content
    client.cookies["_ga"] = "GA1"
    answer = client.get("/")
    assert answer["Cache-Control"] == PUBLIC
    assert answer.content == alone


@pytest.mark.parametrize("address", ["/admin/login/", "/account/login/", "/account/signup/"])
def test_account_forms_are_not_cached(client, address):
    answer = client.get(address, follow=True)
    assert "private" in answer["Cache-Control"]
    assert "no-store" in answer["Cache-Control"]
    assert "ETag" not in answer


def test_the_comment_form_is_not_cached(client, published_post):
    answer = client.get(f"{published_post().get_absolute_url()}reply/")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_the_admin_is_not_cached(signed_in, owner):
    answer = signed_in(owner).get("/admin/blog/post/")
    assert "no-store" in answer["Cache-Control"]

"""Who may keep a copy of a page: anybody of what everybody reads, nobody of what is somebody's."""

import pytest

from blog.models import Tag

# Pages are kept in the cache, which is Redis beside PostgreSQL.
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases()]
PUBLIC = "public, max-age=0, must-revalidate"
COOKIES = ("sessionid", "hearth_writer", "messages")


@pytest.fixture
def addresses(published_post):
    """Every public address of the blog, and two that lead on or nowhere."""
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


def test_a_reader_gets_no_cookie_and_a_page_for_everybody(client, addresses):
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


def test_who_has_the_page_already_gets_304(client, addresses):
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


def test_a_date_alone_is_not_believed(client, published_post):
    """A post that was taken back leaves no later date anywhere."""
    kept, gone = published_post(), published_post()
    assert "Last-Modified" not in client.get("/feed/")
    gone.status = "draft"
    gone.save()
    later = {"if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    for address in ("/feed/", "/sitemap.xml"):
        assert client.get(address, headers=later).status_code == 200
    assert kept.is_public


@pytest.mark.parametrize("cookie", COOKIES)
def test_who_carries_a_cookie_of_ours_gets_a_page_of_her_own(client, addresses, cookie):
    client.cookies[cookie] = "whatever"
    for address in addresses:
        answer = client.get(address)
        assert answer["Cache-Control"] == "private, no-store", address
        assert answer.status_code != 304


def test_who_is_signed_in_gets_a_page_of_her_own(signed_in, bob, addresses):
    client = signed_in(bob)
    for address in addresses:
        answer = client.get(address, headers={"if-none-match": "*"})
        assert answer["Cache-Control"] == "private, no-store", address
        assert answer.status_code != 304


def test_who_has_seen_a_form_keeps_copies_for_herself_alone(client, addresses):
    client.cookies["csrftoken"] = "a" * 32
    answer = client.get(addresses[1])
    assert answer["Cache-Control"] == "private, max-age=0, must-revalidate"
    again = client.get(addresses[1], headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_an_answer_that_sets_a_cookie_is_kept_by_nobody(rf):
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
def test_forms_of_accounts_are_kept_by_nobody(client, address):
    answer = client.get(address, follow=True)
    assert "private" in answer["Cache-Control"]
    assert "no-store" in answer["Cache-Control"]
    assert "ETag" not in answer


def test_the_form_for_an_answer_is_kept_by_nobody(client, published_post):
    answer = client.get(f"{published_post().get_absolute_url()}reply/")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_the_admin_is_kept_by_nobody(signed_in, owner):
    answer = signed_in(owner).get("/admin/blog/post/")
    assert "no-store" in answer["Cache-Control"]

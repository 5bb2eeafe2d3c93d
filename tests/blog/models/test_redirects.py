"""Addresses that used to lead to a post still redirect there, and nowhere else."""

import pytest

from blog.models import OldAddress

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("blog.models.redirects")]


@pytest.fixture
def moved(published_post):
    """A post imported from another blog."""
    post = published_post(slug="name-now")
    for path in ("/2012/03/name", "/name", "/?p=12", "/?page_id=3", "/2013/café"):
        OldAddress.objects.create(path=path, post=post)
    return post


def rename(post, slug):
    post.slug = slug
    post.save()


def leads_to(answer, target):
    return answer.status_code == 301 and answer["Location"] == target


@pytest.mark.parametrize(
    "address",
    [
        "/2012/03/name/",
        "/2012/03/name",
        "/name/",
        "/name/?utm_source=mail",
        "/2012/03/name/comment-page-2/",
        "/2012/03/name/comment-page-2",
        "/2012/03/name/2/comment-page-1/",
        "/2012/03/name/feed/",
        "/2012/03/name/amp/",
        "/index.php/2012/03/name/",
        "/?p=12",
        "/?p=12&cpage=2",
        "/index.php?p=12",
        "/?page_id=3",
        "/2013/caf%C3%A9/",
        "/2013/caf%c3%a9",
        "/2013/caf%25C3%25A9/",
    ],
)
def test_an_imported_permalink_leads_to_the_post(client, moved, address):
    assert leads_to(client.get(address), "/posts/name-now/")


@pytest.mark.parametrize(
    "address", ["/journal/?p=12", "/journal/index.php?p=12", "/a/b/?page_id=3"]
)
def test_a_post_of_a_blog_that_lived_in_a_folder_is_found_by_its_number(client, moved, address):
    assert leads_to(client.get(address), "/posts/name-now/")


@pytest.mark.parametrize("address", ["/journal/?p=13", "/journal/", "/posts/gone/?p=12"])
def test_no_other_number_and_no_address_of_ours_redirects_there(client, moved, address):
    assert client.get(address).status_code == 404


def test_an_old_address_without_its_slash_redirects_too(client, moved):
    answer = client.get("/name", follow=True)
    assert answer.redirect_chain[-1] == ("/posts/name-now/", 301)
    assert answer.status_code == 200


@pytest.mark.parametrize("address", ["/?p=13", "/?p=", "/?p=12x", "/?p=%00", "/?p=" + "9" * 30])
def test_an_unknown_number_shows_the_first_page(client, moved, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address", ["/2012/03/", "/other/", "/%2F[/", "/%2F[::1/", "/%2Fexample.org/x/", "/%3Fp=13/"]
)
def test_an_address_that_never_existed_is_not_found(client, moved, address):
    assert client.get(address).status_code == 404


def test_an_imported_address_never_redirects_to_another_site(client, moved):
    assert leads_to(client.get("/%2Fexample.com/name/"), "/posts/name-now/")


def test_an_address_in_use_is_never_redirected(client, published_post, moved):
    alive = published_post(kind="page", slug="name")
    answer = client.get("/name/")
    assert answer.status_code == 200
    assert answer.context["post"] == alive


def test_a_changed_address_goes_on_working(client, published_post):
    post = published_post(slug="before")
    rename(post, "after")
    assert leads_to(client.get("/posts/before/"), "/posts/after/")
    assert leads_to(client.get("/posts/before/?page=2"), "/posts/after/?page=2")
    assert client.get("/posts/after/").status_code == 200


def test_an_address_in_another_script_goes_on_working(client, published_post):
    post = published_post(slug="ערב")
    rename(post, "abend-für-mich")
    answer = client.get("/posts/%D7%A2%D7%A8%D7%91/")
    assert leads_to(answer, "/posts/abend-f%C3%BCr-mich/")


def test_many_changes_of_address_are_one_redirect(client, published_post):
    post = published_post(slug="one")
    for slug in ("two", "three", "four"):
        rename(post, slug)
    for slug in ("one", "two", "three"):
        assert leads_to(client.get(f"/posts/{slug}/"), "/posts/four/")


def test_changing_an_address_back_makes_no_loop(client, published_post):
    post = published_post(slug="one")
    rename(post, "two")
    rename(post, "one")
    assert client.get("/posts/one/").status_code == 200
    assert leads_to(client.get("/posts/two/"), "/posts/one/")
    assert client.get("/posts/one/nowhere/").status_code == 404


def test_redirects_of_changed_addresses_are_not_cached_for_good(client, published_post):
    post = published_post(slug="one")
    rename(post, "two")
    assert "max-age=0" in client.get("/posts/one/")["Cache-Control"]


def test_a_post_that_becomes_a_page_is_found_again(client, published_post):
    post = published_post(slug="about-me")
    post.kind = "page"
    post.save()
    assert leads_to(client.get("/posts/about-me/"), "/about-me/")


def test_addresses_below_a_changed_one_redirect_too(client, published_post):
    post = published_post(slug="before")
    rename(post, "after")
    answer = client.get("/posts/before/comments/feed/")
    assert leads_to(answer, "/posts/after/comments/feed/")


def test_a_new_post_may_take_an_address_that_was_given_up(client, published_post):
    first = published_post(slug="song")
    rename(first, "old-song")
    second = published_post(slug="song")
    assert client.get("/posts/song/").context["post"] == second
    rename(second, "new-song")
    assert leads_to(client.get("/posts/song/"), "/posts/new-song/")


@pytest.mark.parametrize("address", ["/name/", "/?p=12", "/posts/name-now/"])
def test_a_draft_has_no_old_addresses(client, moved, address):
    moved.status = "draft"
    moved.save()
    assert client.get(address).status_code in {404, 200}
    assert "Location" not in client.get(address)
    assert moved.title not in client.get(address).text


def test_an_author_is_redirected_to_their_own_draft(signed_in, alice, moved):
    moved.status = "draft"
    moved.save()
    assert leads_to(signed_in(alice).get("/name/"), "/posts/name-now/")


def test_deleting_a_post_deletes_its_old_addresses(client, moved):
    moved.delete()
    assert client.get("/name/").status_code == 404

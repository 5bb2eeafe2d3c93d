"""Which posts and admin actions authors have, and what belongs to the owner alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import Blog, OldAddress, Post, Tag
from tests.blog.admin_http import ADD, LIST, change, errors, form, said

pytestmark = pytest.mark.django_db


# -- whose -------------------------------------------------------------------------------


def test_an_author_sees_only_their_own_posts(signed_in, carol, published_post):
    hers = published_post(author=carol)
    others = published_post(status="draft", title="Nobody's business")
    client = signed_in(carol)
    assert [post.pk for post in client.get(LIST).context["cl"].result_list] == [hers.pk]
    assert client.get(change(hers)).status_code == 200
    for address in (change(others), f"/admin/blog/post/{others.pk}/history/"):
        assert client.get(address).status_code == 404
    assert client.post(change(others), form()).status_code == 404
    assert "Nobody's business" not in client.get(ADD).text
    others.refresh_from_db()
    assert others.title == "Nobody's business"


def test_another_authors_draft_page_is_not_offered_as_a_parent(signed_in, carol, published_post):
    published_post(kind="page", status="draft", title="Secret plan")
    published_post(kind="page", title="About us")
    text = signed_in(carol).get(ADD).text
    assert "About us" in text
    assert "Secret plan" not in text


def test_an_action_reaches_only_ones_own_posts(signed_in, carol, published_post):
    others = published_post()
    signed_in(carol).post(LIST, {"action": "archive", "_selected_action": [others.pk]})
    others.refresh_from_db()
    assert others.status == "published"


@pytest.mark.parametrize("who", ["mia", "bob"])
def test_non_authors_see_no_posts_in_the_admin(signed_in, request, published_post, who):
    client = signed_in(request.getfixturevalue(who))
    post = published_post()
    assert client.get(LIST).status_code in {302, 403}
    assert client.get(change(post)).status_code in {302, 403, 404}
    assert client.post(ADD, form()).status_code in {302, 403}
    assert Post.objects.count() == 1


def test_what_belongs_to_the_owner_is_closed_to_authors(desk, owner):
    for address in ("/admin/blog/blog/1/change/", "/admin/blog/oldaddress/", "/admin/blog/blog/"):
        assert desk.get(address).status_code in {302, 403}
        assert "Hearth" in Blog.get().title


# -- acts --------------------------------------------------------------------------------


def act(client, name, *posts):
    keys = [post.pk for post in posts]
    return client.post(LIST, {"action": name, "_selected_action": keys})


def test_publish_now_makes_it_public_with_todays_date(desk, published_post):
    draft = published_post(status="draft", published_at=None)
    later = published_post(status="scheduled", published_at=timezone.now() + timedelta(days=5))
    earlier = published_post(status="draft", published_at=timezone.now() - timedelta(days=5))
    assert "3 posts updated" in said(act(desk, "publish", draft, later, earlier))
    for post in (draft, later, earlier):
        date = post.published_at
        post.refresh_from_db()
        assert post.is_listed
        assert (post.published_at == date) == (post.pk == earlier.pk)


def test_take_back_and_archive_change_the_status(desk, client, published_post):
    post = published_post()
    act(desk, "archive", post)
    post.refresh_from_db()
    assert post.status == "archived"
    act(desk, "take_back", post)
    post.refresh_from_db()
    assert post.status == "draft"
    assert post.published_at


def test_a_post_with_comments_is_not_deleted_but_archived(signed_in, owner, published_post):
    from comments.models import Comment

    post = published_post()
    Comment.objects.create(post=post, name="Fern", body="A word")
    client = signed_in(owner)
    for ask in (client.get, lambda address: client.post(address, {"post": "yes"})):
        answer = ask(f"/admin/blog/post/{post.pk}/delete/")
        assert answer.status_code == 302
        assert "Archive it instead" in said(answer)
    assert Post.objects.filter(pk=post.pk).exists()


def test_the_owner_can_delete_a_post_without_comments(signed_in, owner, published_post):
    post = published_post()
    client = signed_in(owner)
    assert "Readers can’t open it" in client.get(f"/admin/blog/post/{post.pk}/delete/").text
    client.post(f"/admin/blog/post/{post.pk}/delete/")
    client.post(f"/admin/blog/post/{post.pk}/erase/")
    assert not Post.objects.exists()


def test_nobody_deletes_many_posts_at_once(signed_in, owner, published_post):
    post = published_post()
    act(signed_in(owner), "delete_selected", post)
    assert Post.objects.exists()


def test_an_author_deletes_nothing_public(desk, published_post):
    post = published_post()
    assert desk.post(f"/admin/blog/post/{post.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Post.objects.exists()


# -- the owner's rows --------------------------------------------------------------------


def test_the_blogs_row_opens_at_once_and_is_the_only_one(signed_in, owner):
    client = signed_in(owner)
    assert client.get("/admin/blog/blog/")["Location"] == "/admin/blog/blog/1/change/"
    assert client.get("/admin/blog/blog/add/").status_code == 403
    assert client.post("/admin/blog/blog/1/delete/", {"post": "yes"}).status_code == 403
    fields = {"title": "The Light", "language": "de", "posts_per_page": "3"}
    fields |= {"front_layout": "list", "theme": "paper"}
    client.post("/admin/blog/blog/1/change/", {**fields, "time_zone": "Europe/Vienna"})
    assert Blog.get().title == "The Light"
    answer = client.post("/admin/blog/blog/1/change/", {**fields, "time_zone": "Europe/Nowhere"})
    assert "time_zone" in errors(answer)


def test_an_old_address_may_be_pasted_whole(signed_in, owner, client, published_post):
    post = published_post()
    desk = signed_in(owner)
    desk.post(
        "/admin/blog/oldaddress/add/",
        {"path": "https://old.example.org/caf%C3%A9/", "post": post.pk},
    )
    assert OldAddress.objects.get().path == "/café"
    assert desk.get("/caf%C3%A9/")["Location"] == post.get_absolute_url()
    answer = desk.post("/admin/blog/oldaddress/add/", {"path": "//[", "post": post.pk})
    assert "path" in errors(answer)


def test_an_author_creates_tags(desk):
    desk.post("/admin/blog/tag/add/", {"name": "Am See", "slug": "am-see"})
    assert Tag.objects.get().slug == "am-see"
    assert "Am See" in desk.get("/admin/blog/tag/").text

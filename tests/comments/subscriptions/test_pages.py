"""Subscription pages: for accounts, for guests, and for hidden posts and comments."""

import pytest
from django.test import Client

from comments.models import Subscription
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import only_comment, send, soup
from tests.comments.mail import follows, run_due, verified

pytestmark = pytest.mark.django_db
POST, ALL, OWN = "/posts/lake/following/", "/following/", "/account/following/"


@pytest.fixture
def post(published_post):
    return published_post(title="An evening by the lake", slug="lake", comment_mode="open")


@pytest.fixture
def reader(signed_in, bob):
    return signed_in(bob)


def test_below_a_conversation_a_link_leads_to_its_page(client, post):
    assert soup(client.get("/posts/lake/")).select_one(f'a[href="{POST}"]')


def test_a_signed_in_person_subscribes_and_unsubscribes_with_one_press(reader, post, post_office):
    page = soup(reader.get(POST))
    assert page.select_one("[name=rhythm][value=at-once]").has_attr("checked")
    assert not page.select_one("[name=discreet]").has_attr("checked")
    assert not page.select_one("[name=email]")
    assert reader.post(POST, {"rhythm": "at-once"})["Location"] == POST
    assert "You’re following this. You get an email right away." in reader.get(POST).text
    send(Client(), post)
    run_due()
    assert post_office.to() == ["bob@example.org"]
    reader.post(POST, {"act": "stop"})
    assert not Subscription.objects.exists()
    assert "You’re following this" not in reader.get(POST).text


def test_the_rhythm_and_the_discreet_mode_can_be_changed(reader, post):
    reader.post(POST, {"rhythm": "at-once"})
    reader.post(ALL, {"rhythm": "weekly", "discreet": "on"})
    assert [row.is_discreet for row in Subscription.objects.all()] == [True, True]
    assert soup(reader.get(POST)).select_one("[name=discreet]").has_attr("checked")
    assert soup(reader.get("/posts/lake/reply/")).select_one("[name=discreet]").has_attr("checked")


def test_an_account_without_a_verified_address_is_asked_for_one_first(person, signed_in, post):
    carol = signed_in(person("carol", verified=False))
    assert "confirm your email address</a> first" in carol.get(POST).text
    assert carol.post(POST, {"rhythm": "at-once"}).status_code == 422
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("fields", [{}, {"rhythm": "hourly"}, {"rhythm": ""}])
def test_an_unknown_rhythm_is_refused(reader, client, post, fields):
    assert reader.post(POST, fields).status_code == 422
    assert Client().post(POST, {"email": "ada@example.org", **fields}).status_code == 422
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("change", [{"comment_mode": "hidden"}, {"status": "draft"}])
def test_hidden_posts_and_comments_cannot_be_subscribed_to(client, reader, post, change):
    comment = say(post)
    type(post).objects.update(**change)
    for somebody in (Client(), reader):
        for address in (POST, f"/comments/{comment.pk}/following/"):
            assert somebody.get(address).status_code == 404
            assert somebody.post(address, {"rhythm": "at-once"}).status_code == 404
    assert Client().get("/posts/nowhere/following/").status_code == 404
    assert Client().get("/comments/77/following/").status_code == 404


def test_only_its_writer_can_subscribe_to_a_held_comment(client, published_post):
    send(client, published_post())
    key = only_comment().pk
    address = f"/comments/{key}/following/"
    assert client.get(address).status_code == 200
    assert Client().get(address).status_code == 404
    assert address in client.get(f"/comments/{key}/receipt/").text


def test_a_removed_comment_cannot_be_subscribed_to(client, post):
    comment = say(post, status=Status.REMOVED)
    assert client.get(f"/comments/{comment.pk}/following/").status_code == 404


def test_a_guest_reads_the_same_whether_the_address_is_known_or_not(client, post, bob):
    verified("known@example.org")
    pages = {
        Client().post(POST, {"email": email, "rhythm": "at-once"}).text
        for email in ("known@example.org", "new@example.org", "bob@example.org")
    }
    assert len(pages) == 1


@pytest.mark.usefixtures("one_minute")
def test_a_flood_of_subscriptions_is_slowed(client, post, settings):
    settings.COMMENTS_A_MINUTE = 2
    fields = {"rhythm": "at-once"}
    codes = [
        client.post(POST, {"email": f"a{number}@example.org", **fields}) for number in range(4)
    ]
    assert [each.status_code for each in codes] == [200, 429, 429, 429]
    assert int(codes[-1]["Retry-After"]) > 0
    assert "a3@example.org" in codes[-1].text


def test_a_form_on_another_site_cannot_subscribe(post, bob):
    checked = Client(enforce_csrf_checks=True)
    for address in (POST, ALL):
        answer = checked.post(address, {"email": "ada@example.org", "rhythm": "at-once"})
        assert answer.status_code == 403
    checked.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    for address in (POST, OWN):
        assert checked.post(address, {"rhythm": "at-once", "following": "all"}).status_code == 403


def test_all_subscriptions_are_listed_and_can_be_ended_there(
    reader, post, bob, mia, published_post
):
    comment = say(post)
    for what in ({}, {"post": post}, {"comment": comment}):
        follows(bob, **what)
    follows(mia, post=post)
    page = soup(reader.get(OWN))
    lines = [" ".join(each.select_one("p").text.split()) for each in page.select(".written > li")]
    assert sorted(lines) == [
        "All conversations",
        "Conversation on “An evening by the lake”",
        "Replies to a comment on “An evening by the lake”",
    ]
    of_mia = Subscription.objects.get(user=mia)
    for chosen in (str(of_mia.pk), "", "x", "9" * 30, "²"):
        assert reader.post(OWN, {"following": chosen}).status_code == 302
    assert Subscription.objects.count() == 4
    reader.post(OWN, {"following": Subscription.objects.get(user=bob, post=post).pk})
    assert Subscription.objects.filter(user=bob).count() == 2
    reader.post(OWN, {"following": "all"})
    assert Subscription.objects.get() == of_mia


def test_hidden_posts_are_listed_without_a_title_or_a_link(reader, post, bob):
    follows(bob, post=post)
    type(post).objects.update(status="draft")
    page = reader.get(OWN).text
    assert "lake" not in page
    assert "A conversation" in page


def test_signed_out_visitors_are_asked_to_sign_in_for_the_list(client):
    assert client.get(OWN)["Location"].startswith("/account/login/")


@pytest.mark.parametrize("address", [POST, ALL, "/comments/{key}/following/"])
def test_the_pages_are_not_cached_by_others(client, post, address):
    page = client.get(address.format(key=say(post).pk))
    assert "no-store" in page.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in page.text


def test_only_the_owner_sees_and_ends_subscriptions_in_the_admin(signed_in, owner, mia, bob, post):
    follows(bob, post=post)
    address = "/admin/comments/subscription/"
    assert signed_in(mia).get(address).status_code == 403
    page = signed_in(owner).get(address)
    assert "Bob" in page.text
    row = Subscription.objects.get()
    ended = signed_in(owner).post(f"{address}{row.pk}/delete/", {"post": "yes"})
    assert ended.status_code == 302
    assert not Subscription.objects.exists()


def test_no_blog_page_can_take_the_reserved_address(published_post):
    from blog.permalinks import RESERVED

    assert "following" in RESERVED


def test_a_long_list_comes_in_pages_and_costs_the_same(
    reader, post, bob, django_assert_max_num_queries
):
    for _ in range(30):
        follows(bob, comment=say(post))
    with django_assert_max_num_queries(8):
        page = soup(reader.get(OWN))
    assert len(page.select(".written > li")) == 25
    assert len(soup(reader.get(f"{OWN}?page=2")).select(".written > li")) == 5

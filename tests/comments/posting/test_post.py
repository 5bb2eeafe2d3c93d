"""Posting a comment: published at once, or held and shown only to its writer."""

import pytest
from django.conf import settings
from django.test import Client

from blog.models import Post
from comments.guests.session import COOKIE
from comments.models import Comment, ConversationSettings, ModerationAction
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import articles, only_comment, reply_url, send, visit

pytestmark = pytest.mark.django_db
# Whether answers are told by mail, and how openly.
TEXT = {"name", "email", "body", "content_note"}
TOLD = {"follow", "discreet"}
# What tells people from programs; people see none of it.
UNSEEN = {"csrfmiddlewaretoken", "submission", "mark", "twilight"}
WAITING = "Only you can see this for now. A moderator will look at it soon."
ADDRESS = "ada.secret@example.net"


def test_a_guests_comment_with_a_name_and_a_text_is_held(client, published_post):
    post = published_post()
    response = send(client, post)
    comment = only_comment()
    assert response.status_code == 302
    assert response["Location"] == f"{post.get_absolute_url()}#comment-{comment.pk}"
    assert (comment.post, comment.parent, comment.user) == (post, None, None)
    assert (comment.name, comment.email, comment.body) == ("Ada", "", "A quiet word.")
    assert (comment.status, comment.held_because) == (Status.PENDING, "first-comment")
    assert ModerationAction.objects.get().act == "hold"


def test_a_guest_replies_to_a_comment(client, published_post):
    parent = say(published_post())
    response = send(client, parent)
    comment = Comment.objects.get(parent=parent)
    assert response["Location"].endswith(f"#comment-{comment.pk}")
    assert comment.post_id == parent.post_id


def test_the_writer_sees_the_held_comment_and_what_happens_next(client, published_post):
    post = published_post()
    page = visit(client, send(client, post)["Location"])
    article = articles(page)[only_comment().pk]
    assert WAITING in article.text
    assert "Comments are reviewed first until their writer is known here." in article.text
    assert "A quiet word." in article.text
    assert not article.select(".answer")


def test_a_held_reply_is_shown_in_place_to_its_writer(client, published_post):
    parent = say(published_post())
    page = visit(client, send(client, parent)["Location"])
    waiting = articles(page)[Comment.objects.get(parent=parent).pk]
    assert waiting.find_parent("li").find_parent("li").article["id"] == f"comment-{parent.pk}"


def test_nobody_else_sees_a_held_comment(client, signed_in, bob, mia, published_post):
    post = published_post()
    send(client, post)
    comment = only_comment()
    tampered = Client()
    tampered.cookies[COOKIE] = client.cookies[COOKIE].value.replace(str(comment.pk), "9", 1)
    forged = Client()
    forged.cookies[COOKIE] = str(comment.pk)
    reader, moderator = Client(), Client()
    reader.force_login(bob, backend=settings.AUTHENTICATION_BACKENDS[0])
    moderator.force_login(mia, backend=settings.AUTHENTICATION_BACKENDS[0])
    for stranger in (Client(), tampered, forged, reader, moderator):
        html = stranger.get(post.get_absolute_url()).text
        assert "A quiet word." not in html
        assert f"comment-{comment.pk}" not in html
        for address in ("", "thread/", "reply/"):
            assert stranger.get(f"{comment.get_absolute_url()}{address}").status_code == 404
    assert client.get(comment.get_absolute_url()).status_code == 302


def test_a_cookie_for_one_comment_opens_no_other(client, published_post):
    post = published_post()
    send(client, post)
    other = say(post, status=Status.PENDING, body="Of somebody else.")
    assert "Of somebody else." not in client.get(post.get_absolute_url()).text
    assert client.get(other.get_absolute_url()).status_code == 404


def test_the_writers_cookie_is_signed_hidden_from_scripts_and_ends_with_the_session(
    client, published_post
):
    cookie = send(client, published_post()).cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]
    assert not cookie["expires"]
    assert cookie.value.count(":") == 2


def test_the_writers_own_page_is_not_cached(client, published_post):
    post = published_post()
    assert "public" in client.get(post.get_absolute_url())["Cache-Control"]
    send(client, post)
    for address in (post.get_absolute_url(), only_comment().get_absolute_url()):
        response = client.get(address)
        assert response["Cache-Control"] == "private, no-store"


def test_reading_sets_no_cookie(client, published_post):
    parent = say(published_post())
    for address in (parent.post.get_absolute_url(), f"{parent.get_absolute_url()}thread/"):
        assert not client.get(address).cookies


@pytest.mark.parametrize("status", [Status.PENDING, Status.APPROVED])
def test_an_address_is_stored_and_shown_to_nobody(client, published_post, status):
    post = published_post(comment_mode="open" if status else "moderated")
    send(client, post, email=ADDRESS)
    comment = only_comment()
    assert (comment.email, comment.status) == (ADDRESS, status)
    shown = [post.get_absolute_url(), "/", "/comments/feed/", reply_url(post)]
    shown += [f"/posts/{post.slug}/comments/feed/", f"{comment.get_absolute_url()}thread/"]
    shown += [reply_url(comment)] if status else []
    for address in shown:
        response = client.get(address)
        assert response.status_code == 200, address
        assert "ada.secret" not in response.text, address


def test_a_guest_is_held_each_time_since_a_typed_address_proves_nothing(client, published_post):
    post = published_post()
    say(post, email=ADDRESS)
    send(client, post, email=ADDRESS)
    assert Comment.objects.get(name="Ada").status == Status.PENDING


def test_a_verified_reader_with_an_approved_comment_is_published_at_once(
    signed_in, bob, published_post
):
    post = published_post()
    client = signed_in(bob)
    send(client, post, "The first.")
    assert Comment.objects.get(body="The first.").status == Status.PENDING
    say(post, user=bob, name="", body="Approved before.")
    send(client, post, "The second.")
    assert Comment.objects.get(body="The second.").status == Status.APPROVED


def test_without_a_verified_address_an_account_is_held_again(signed_in, person, published_post):
    carol, post = person("carol", verified=False), published_post()
    say(post, user=carol, name="")
    send(signed_in(carol), post, "Once more.")
    assert Comment.objects.get(body="Once more.").status == Status.PENDING


def test_approved_comments_of_another_person_vouch_for_nobody(
    signed_in, bob, alice, published_post
):
    post = published_post()
    say(post, user=alice, name="")
    send(signed_in(bob), post, "Mine.")
    assert Comment.objects.get(body="Mine.").status == Status.PENDING


@pytest.mark.parametrize("mode", ["first-timers", "moderated"])
def test_authors_and_moderators_are_published_at_once(
    client, signed_in, alice, mia, published_post, mode
):
    post = published_post(comment_mode=mode)
    for user in (alice, mia):
        send(signed_in(user), post)
        assert Comment.objects.get(user=user).status == Status.APPROVED


def test_another_author_is_held_on_a_post_that_is_not_theirs(signed_in, person, published_post):
    anna = person("anna", group="Authors", is_staff=True)
    send(signed_in(anna), published_post())
    assert only_comment().status == Status.PENDING


def test_the_form_says_first_what_will_happen(client, signed_in, alice, published_post):
    post = published_post()
    sentence = "A moderator reviews your comment before it appears."
    assert sentence in client.get(reply_url(post)).text
    assert "Your comment appears right away." in signed_in(alice).get(reply_url(post)).text


def test_a_signed_in_person_is_asked_for_a_text_only(client, signed_in, bob, published_post):
    post = published_post()
    form = visit(signed_in(bob), reply_url(post)).select_one("form#answer")
    names = {field["name"] for field in form.select("[name]")}
    assert names == {*UNSEEN, "body", "content_note", *TOLD}
    send(client, post, name="Somebody else", email=ADDRESS)
    comment = only_comment()
    assert (comment.user, comment.name, comment.email) == (bob, "", "")


def test_a_guest_is_asked_for_a_name_and_a_text_and_may_give_an_address(client, published_post):
    form = visit(client, reply_url(published_post())).select_one("form#answer")
    names = {field["name"] for field in form.select("[name]")}
    assert names == {*UNSEEN, *TEXT, *TOLD}


def test_server_side_fields_in_the_form_are_ignored(client, bob, published_post):
    post, other = published_post(), published_post()
    elsewhere = say(other)
    extra = {"status": 1, "user": bob.pk, "user_id": bob.pk, "post": other.pk, "number": 7}
    extra |= {"parent": elsewhere.pk, "reply_to": elsewhere.pk, "tree_id": elsewhere.pk}
    extra |= {"approved_at": "2020-01-01", "body_html": "<b>x</b>", "source": "x", "lft": 1}
    send(client, post, **extra)
    comment = Comment.objects.get(name="Ada")
    assert (comment.status, comment.user, comment.post) == (Status.PENDING, None, post)
    assert (comment.parent, comment.number, comment.source) == (None, None, "")
    assert comment.body_html == "<p>A quiet word.</p>"


def test_opening_the_form_writes_nothing(client, published_post, django_assert_max_num_queries):
    post = published_post()
    parent = say(post)
    before = Post.objects.get(pk=post.pk).touched_at
    for target in (post, parent):
        with django_assert_max_num_queries(12) as queries:
            assert client.get(reply_url(target)).status_code == 200
            assert client.head(reply_url(target)).status_code == 200
        assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)
    assert (Comment.objects.count(), Post.objects.get(pk=post.pk).touched_at) == (1, before)


def test_a_form_without_its_csrf_cookie_is_answered_kindly(published_post):
    strict = Client(enforce_csrf_checks=True)
    response = send(strict, published_post())
    assert response.status_code == 403
    assert "Not sent yet" in response.text
    assert not Comment.objects.exists()


def test_the_form_works_with_csrf_checks(published_post):
    strict, post = Client(enforce_csrf_checks=True), published_post()
    form = visit(strict, reply_url(post)).select_one("form#answer")
    hidden = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    assert send(strict, post, **hidden).status_code == 302
    assert only_comment().name == "Ada"


def test_the_owners_length_limit_holds(client, published_post):
    ConversationSettings.objects.update(max_length=100)
    assert send(client, published_post(), "é" * 100).status_code == 302
    assert send(client, published_post(), "é" * 101).status_code == 422

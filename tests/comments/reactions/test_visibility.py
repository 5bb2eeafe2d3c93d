"""Visibility of reactions: readers see that there are some, the writer how many."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.models import Post
from comments.models import Comment, Reaction
from comments.posting import own_comments
from tests.comments.factories import differences, say, stored
from tests.comments.http import articles, reply_url, soup, visit
from tests.comments.reaction_http import (
    LINE,
    buttons,
    give,
    given,
    kind,
    seen_by_everybody,
    take,
    url,
)
from tests.comments.receipts.test_receipts import link_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(published_post):
    return say(published_post(comment_mode="open"))


def test_readers_see_that_there_are_reactions_and_never_how_many_or_whose(bob, comment):
    assert LINE not in str(seen_by_everybody(comment))
    give(Client(), comment)
    line = seen_by_everybody(comment).select_one(".support-link")
    assert (line["aria-label"], line["href"]) == (LINE, url(comment))
    pages = [comment.post.get_absolute_url(), f"/comments/{comment.pk}/thread/", "/comments/feed/"]
    forms = [url(comment), reply_url(comment)]
    bytes_before = [Client().get(address).content for address in pages]
    words_before = [visit(Client(), address).text for address in forms]
    for _ in range(7):
        give(Client(), comment)
    browser = Client()
    browser.force_login(bob)
    give(browser, comment, "Me too")
    assert [Client().get(address).content for address in pages] == bytes_before
    assert [visit(Client(), address).text for address in forms] == words_before


def test_the_shared_page_changes_only_between_none_and_some(client, comment):
    address = comment.post.get_absolute_url()

    def version():
        post = Post.objects.get(pk=comment.post_id)
        return stored(comment).version, post.revision

    first, pages = version(), [Client().get(address).content]
    give(client, comment)
    some = version()
    assert some[0] != first[0]
    assert some[1] != first[1]
    pages.append(Client().get(address).content)
    other = Client()
    give(other, comment)
    give(client, comment, "Me too")
    take(client, comment, "Me too")
    take(client, comment, "Thank you")  # this one was never given
    take(client, comment)
    assert version() == some
    take(other, comment)
    assert version()[0] != some[0]
    assert version()[1] != some[1]
    pages.append(Client().get(address).content)
    assert pages[0] != pages[1]
    assert pages[0] == pages[2]
    assert not differences()


def test_reactions_do_not_change_the_order_of_comments(client, published_post):
    post = published_post()
    keys = [say(post).pk for _ in range(4)]
    for _ in range(3):
        give(Client(), stored(Comment(pk=keys[2])))
    for address in (post.get_absolute_url(), f"{post.get_absolute_url()}?order=newest"):
        found = list(articles(visit(client, address)))
        assert found in (keys, keys[::-1])


def test_reading_and_opening_the_form_set_no_cookie_of_ours(client, comment):
    give(Client(), comment)
    for address in (comment.post.get_absolute_url(), url(comment), reply_url(comment)):
        cookies = client.get(address).cookies
        assert set(cookies) <= {"csrftoken"}, address
    cookie = give(client, comment).cookies["hearth_reader"]
    assert cookie["path"] == "/comments/"  # the cookie is not sent to a post's page
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]
    assert not cookie["expires"]


def test_a_forgotten_device_knows_no_reaction(client, comment):
    give(client, comment)
    gone = client.post("/comments/forget/").cookies["hearth_reader"]
    assert (gone.value, gone["path"], gone["max-age"]) == ("", "/comments/", 0)
    assert not any(buttons(client.get(url(comment))).values())


def test_a_guests_stored_reactions_cannot_be_linked(client, published_post):
    post = published_post()
    first, second = say(post), say(post)
    give(client, first)
    give(client, second)
    one, two = Reaction.objects.all()
    assert one.mark != two.mark
    token = client.cookies["hearth_reader"].value
    assert token not in {one.mark, two.mark}
    names = {field.attname for field in Reaction._meta.fields}
    assert names == {"id", "comment_id", "kind_id", "user_id", "mark", "given_on"}


# -- the way there -----------------------------------------------------------------------


def test_the_reply_page_offers_reactions_before_the_text(client, comment):
    page = soup(client.get(reply_url(comment)))
    small, words = page.select("main form")
    assert small["action"] == url(comment)
    assert [button.text for button in small.select("button")] == ["With you", "Thank you", "Me too"]
    assert words["action"] == reply_url(comment)
    assert not soup(client.get(reply_url(comment.post))).select("form.support")


def test_a_comment_without_reactions_has_no_extra_element(client, comment):
    article = seen_by_everybody(comment)
    assert not article.select(".support-link")
    assert [link["aria-label"] for link in article.select("a.answer")] == ["Reply to Wren"]


def test_a_closed_conversation_still_takes_reactions_and_says_where(client, published_post):
    closed = say(published_post(comment_mode="closed"))
    link = seen_by_everybody(closed).select_one(".support-link")
    assert (link["aria-label"], link["href"]) == ("Support Wren", url(closed))
    assert give(client, closed).status_code == 302
    assert seen_by_everybody(closed).select_one(".support-link")["aria-label"] == LINE


def test_an_archived_post_shows_reactions_and_takes_no_new_ones(client, comment):
    give(client, comment)
    Post.objects.filter(pk=comment.post_id).update(status="archived")
    assert seen_by_everybody(comment).select_one(".support-link")["aria-label"] == LINE
    assert buttons(client.get(url(comment))) == {"With you": True}
    assert buttons(Client().get(url(comment))) == {}
    refused = give(Client(), comment)
    assert refused.status_code == 409
    assert "This post is archived." in refused.text
    take(client, comment)
    assert given() == []


def test_htmx_gets_the_small_form_alone_and_the_pressed_button_has_the_focus(client, comment):
    part = {"hx-request": "true"}
    opened = client.get(url(comment), headers=part)
    assert "<html" not in opened.text
    assert "HX-Request" in opened["Vary"]
    assert "no-store" in opened["Cache-Control"]
    pressed = client.post(url(comment), {"give": kind("Thank you").pk}, headers=part)
    assert pressed.status_code == 200
    button = soup(pressed).select_one("button[data-focus]")
    assert (button.text, button["aria-pressed"], button["name"]) == ("Thank you", "true", "take")
    own_comments.withdraw(comment.pk)
    gone = client.post(url(comment), {"give": kind().pk}, headers=part)
    assert gone.status_code == 404
    assert "no longer visible" in gone.text
    assert "<html" not in gone.text


# -- for the writer ----------------------------------------------------------------------


def test_the_writer_sees_which_and_how_many_and_nobody_else_does(client, comment):
    for _ in range(3):
        give(Client(), comment)
    give(Client(), comment, "Thank you")
    told = soup(client.get(link_of(comment))).select_one(".support-given")
    assert " ".join(told.text.split()) == (
        "Readers sent you: With you\xa0(3), Thank you\xa0(1). Only you can see the count."
    ).replace("\xa0", " ")
    assert client.get(f"/comments/{comment.pk}/receipt/").status_code == 404


def test_the_list_of_ones_comments_shows_reactions_in_as_many_queries(
    signed_in, bob, published_post
):
    post = published_post()
    client = signed_in(bob)

    def asked(size):
        for _ in range(size):
            give(Client(), say(post, user=bob, name=""), "Me too")
        with CaptureQueriesContext(connection) as queries:
            page = visit(client, "/account/comments/")
        return len(page.select(".support-given")), len(queries)

    visit(client, "/account/comments/")  # what every page shows is cached from now on
    (few, before), (many, after) = asked(2), asked(6)
    assert (few, many) == (2, 8)
    assert before == after


def test_the_thread_leads_the_writer_to_the_receipt(signed_in, bob, published_post):
    own = say(published_post(), user=bob, name="")
    client = signed_in(bob)
    address = own.post.get_absolute_url()
    assert not articles(visit(client, address))[own.pk].select(".support-link")
    give(Client(), own)
    link = articles(visit(client, address))[own.pk].select_one(".support-link")
    assert (link["aria-label"], link["href"]) == (
        "Readers support you",
        f"/comments/{own.pk}/receipt/",
    )


def test_moderators_see_neither_who_nor_how_many(signed_in, mia, bob, comment):
    browser = Client()
    browser.force_login(bob)
    give(browser, comment)
    client = signed_in(mia)
    pages = ["/admin/queue/all/", f"/admin/queue/{comment.pk}/"]
    for address in pages:
        text = visit(client, address).text
        assert "With you" not in text
        assert "bob" not in text.lower()
    assert client.get("/admin/comments/reactionkind/").status_code == 403

"""Support without words: who can give it to what, once, and take it back; who learns what of it."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.models import Post
from comments import moderation, ownership, reacting
from comments.models import Comment, Reaction, ReactionKind
from comments.status import Status
from comments.viewer import Viewer

from .growing import differences, say, stored
from .pages import articles, reply_url, send, soup, visit
from .test_receipts import link_of

pytestmark = pytest.mark.django_db
LINE = "Others are with Wren"


def url(comment):
    return f"/comments/{comment.pk}/reaction/"


def kind(name="With you"):
    return ReactionKind.objects.get(name=name)


def give(client, comment, name="With you", **more):
    return client.post(url(comment), {"give": kind(name).pk, **more})


def take(client, comment, name="With you"):
    return client.post(url(comment), {"take": kind(name).pk})


def buttons(response):
    """``{words on the button: whether it is pressed}`` of the small form on a page."""
    found = soup(response).select("form.support button")
    return {button.text: button["aria-pressed"] == "true" for button in found}


def given():
    return sorted(Reaction.objects.values_list("comment_id", "kind__name"))


@pytest.fixture
def comment(published_post):
    return say(published_post(comment_mode="open"))


def seen_by_everybody(comment):
    """What stands in the comment for a reader without any cookie."""
    return articles(visit(Client(), comment.post.get_absolute_url()))[comment.pk]


def test_a_guest_without_any_account_gives_it_and_takes_it_back(client, comment):
    assert buttons(client.get(url(comment))) == dict.fromkeys(
        ["With you", "Thank you", "Me too"], False
    )
    answer = give(client, comment)
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"#comment-{comment.pk}")
    give(client, comment, "Me too")
    assert buttons(client.get(url(comment)))["With you"]
    assert given() == [(comment.pk, "Me too"), (comment.pk, "With you")]
    take(client, comment)
    assert given() == [(comment.pk, "Me too")]
    assert not buttons(client.get(url(comment)))["With you"]


def test_somebody_with_an_account_is_the_same_person_in_every_browser(bob, comment):
    for _ in range(2):
        browser = Client()
        browser.force_login(bob)
        give(browser, comment)
    assert given() == [(comment.pk, "With you")]
    assert Reaction.objects.get().user == bob
    other = Client()
    other.force_login(bob)
    take(other, comment)
    assert given() == []


def test_pressing_twice_is_pressing_once_and_two_people_are_two(client, comment):
    for _ in range(2):
        assert give(client, comment).status_code == 302
    assert len(given()) == 1
    give(Client(), comment)
    assert len(given()) == 2
    for _ in range(2):
        assert take(client, comment).status_code == 302
    assert len(given()) == 1


def test_nobody_takes_back_what_another_gave(client, bob, comment):
    give(client, comment)
    for stranger in (Client(), Client()):
        take(stranger, comment)
    stranger.force_login(bob)
    take(stranger, comment)
    assert len(given()) == 1


def test_two_presses_of_one_form_before_any_cookie_are_one_person(comment):
    form = soup(Client().get(url(comment))).select_one("form.support")
    token = form.select_one("[name=reader]")["value"]
    for _ in range(2):
        give(Client(), comment, reader=token)
    assert len(given()) == 1


@pytest.mark.django_db(transaction=True)
def test_presses_at_the_same_moment_make_one_row_and_no_error(comment, bob):
    token, presses = "t" * 43, 6

    def press(number):
        try:
            browser = Client()
            if number % 2:
                browser.force_login(bob)
            return give(browser, comment, reader=token).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(presses) as threads:
        assert set(threads.map(press, range(presses))) == {302}
    assert len(given()) == 2
    assert Comment.objects.get(pk=comment.pk).version == comment.version + 2  # itself, and this
    assert not differences()


def test_the_database_refuses_a_second_row_of_one_person(bob, comment):
    for who in ({"user": bob}, {"mark": "m" * 64}):
        Reaction.objects.create(comment=comment, kind=kind(), **who)
        with pytest.raises(IntegrityError), transaction.atomic():
            Reaction.objects.create(comment=comment, kind=kind(), **who)
    for nobody in ({}, {"user": bob, "mark": "m" * 64}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reaction.objects.create(comment=comment, kind=kind("Me too"), **nobody)


# -- what readers see --------------------------------------------------------------------


def test_readers_see_that_there_is_some_and_never_how_many_or_who(bob, comment):
    assert LINE not in seen_by_everybody(comment).text
    give(Client(), comment)
    line = seen_by_everybody(comment).select_one(".support-link")
    assert (line.text, line["href"]) == (LINE, url(comment))
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


def test_the_page_of_all_readers_changes_only_from_none_to_some_and_back(client, comment):
    address = comment.post.get_absolute_url()

    def version():
        post = Post.objects.get(pk=comment.post_id)
        return stored(comment).version, post.revision

    first, pages = version(), [Client().get(address).content]
    give(client, comment)
    some = version()
    assert some[0] > first[0]
    assert some[1] > first[1]
    pages.append(Client().get(address).content)
    other = Client()
    give(other, comment)
    give(client, comment, "Me too")
    take(client, comment, "Me too")
    take(client, comment, "Thank you")  # was never given
    take(client, comment)
    assert version() == some
    take(other, comment)
    assert version() > some
    pages.append(Client().get(address).content)
    assert pages[0] != pages[1]
    assert pages[0] == pages[2]
    assert not differences()


def test_comments_keep_their_order_whatever_was_given(client, published_post):
    post = published_post()
    keys = [say(post).pk for _ in range(4)]
    for _ in range(3):
        give(Client(), stored(Comment(pk=keys[2])))
    for address in (post.get_absolute_url(), f"{post.get_absolute_url()}?order=newest"):
        found = list(articles(visit(client, address)))
        assert found in (keys, keys[::-1])


def test_reading_and_looking_at_the_form_set_no_cookie_of_ours(client, comment):
    give(Client(), comment)
    for address in (comment.post.get_absolute_url(), url(comment), reply_url(comment)):
        cookies = client.get(address).cookies
        assert set(cookies) <= {"csrftoken"}, address
    cookie = give(client, comment).cookies["hearth_reader"]
    assert cookie["path"] == "/comments/"  # a post's page never hears of it
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]
    assert not cookie["expires"]


def test_what_is_stored_of_a_guest_cannot_be_put_together(client, published_post):
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


def test_the_page_behind_answer_offers_it_before_the_words(client, comment):
    page = soup(client.get(reply_url(comment)))
    small, words = page.select("main form")
    assert small["action"] == url(comment)
    assert [button.text for button in small.select("button")] == ["With you", "Thank you", "Me too"]
    assert words["action"] == reply_url(comment)
    assert not soup(client.get(reply_url(comment.post))).select("form.support")


def test_no_comment_without_reactions_costs_the_page_an_element(client, comment):
    article = seen_by_everybody(comment)
    assert not article.select(".support-link")
    assert [link.text for link in article.select("a.answer")] == ["Answer Wren"]


def test_a_closed_conversation_still_takes_it_and_says_where(client, published_post):
    closed = say(published_post(comment_mode="closed"))
    link = seen_by_everybody(closed).select_one(".support-link")
    assert (link.text, link["href"]) == ("Support Wren", url(closed))
    assert give(client, closed).status_code == 302
    assert seen_by_everybody(closed).select_one(".support-link").text == LINE


def test_an_archived_post_shows_what_was_said_and_takes_nothing_new(client, comment):
    give(client, comment)
    Post.objects.filter(pk=comment.post_id).update(status="archived")
    assert seen_by_everybody(comment).select_one(".support-link").text == LINE
    assert buttons(client.get(url(comment))) == {"With you": True}
    assert buttons(Client().get(url(comment))) == {}
    refused = give(Client(), comment)
    assert refused.status_code == 409
    assert "in the archive" in refused.text
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
    ownership.withdraw(comment.pk)
    gone = client.post(url(comment), {"give": kind().pk}, headers=part)
    assert gone.status_code == 404
    assert "not shown any more" in gone.text
    assert "<html" not in gone.text


# -- where there is nothing to be given --------------------------------------------------


@pytest.mark.parametrize("status", [s for s in Status if s != Status.APPROVED])
def test_what_is_not_shown_takes_none_and_shows_none(client, mia, published_post, status):
    body = "" if status == Status.WITHDRAWN else "Words."
    hidden = say(published_post(), status=status, body=body)
    assert client.get(url(hidden)).status_code == 404
    assert give(client, hidden).status_code == 404
    assert take(client, hidden).status_code == 404
    assert given() == []


@pytest.mark.parametrize("fields", [{"comment_mode": "hidden"}, {"status": "draft"}])
def test_a_hidden_conversation_has_no_such_page(client, comment, fields):
    give(client, comment)
    Post.objects.filter(pk=comment.post_id).update(**fields)
    assert client.get(url(comment)).status_code == 404
    assert give(client, comment, "Me too").status_code == 404
    assert len(given()) == 1


def test_a_comment_that_never_was_has_no_such_page(client, comment):
    for address in ("/comments/999999/reaction/", f"/comments/{comment.pk}x/reaction/"):
        assert client.get(address).status_code == 404


def test_removed_it_is_not_shown_and_restored_it_is_there_again(client, mia, comment):
    give(client, comment)
    moderation.decide([comment.pk], "remove", mia)
    assert LINE not in Client().get(comment.post.get_absolute_url()).text
    moderation.decide([comment.pk], "restore", mia)
    assert LINE in seen_by_everybody(comment).text


def test_nobody_supports_herself(client, signed_in, bob, published_post):
    post = published_post(comment_mode="open")
    send(client, post)
    own = Comment.objects.get()
    page = client.get(url(own))
    assert "your own words" in page.text
    assert buttons(page) == {}
    assert give(client, own).status_code == 409
    assert not soup(client.get(reply_url(own))).select("form.support")
    bobs = say(post, user=bob, name="")
    assert give(signed_in(bob), bobs).status_code == 409
    assert given() == []


@pytest.mark.parametrize(
    "sent", [{}, {"give": ""}, {"give": "x\x00"}, {"give": "9" * 30}, {"give": "٣"}, {"give": "-1"},
             {"give": "999999"}, {"press": "1"}],
)  # fmt: skip
def test_nonsense_changes_nothing_and_shows_the_form_again(client, comment, sent):
    answer = client.post(url(comment), sent)
    assert answer.status_code == 409
    assert len(BeautifulSoup(answer.content, "html.parser").select("form.support button")) == 3
    assert given() == []


@pytest.mark.parametrize("token", ["", "short", "x" * 44, "é" * 43, "x\x00" + "y" * 41])
def test_a_token_that_we_did_not_make_is_replaced_by_one_that_we_did(client, comment, token):
    client.cookies["hearth_reader"] = token.replace("\x00", "") or "x"
    assert give(client, comment, reader=token).status_code == 302
    assert re.fullmatch(r"[\w-]{43}", client.cookies["hearth_reader"].value, re.ASCII)


def test_a_form_without_its_csrf_token_is_refused(comment):
    strict = Client(enforce_csrf_checks=True)
    assert give(strict, comment).status_code == 403
    assert given() == []


def test_looking_never_acts(client, comment):
    for method in (client.get, client.head):
        method(url(comment), {"give": kind().pk})
    assert client.put(url(comment)).status_code == 405
    assert given() == []


def test_who_presses_too_much_waits_and_may_still_write(client, comment, settings):
    settings.COMMENTS_A_MINUTE = 4
    for _ in range(2):
        assert give(client, comment).status_code == 302
    answer = give(client, comment, "Me too")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert "Wait a little" in answer.text
    assert given() == [(comment.pk, "With you")]
    assert send(client, comment.post).status_code == 302
    others = [give(Client(), comment).status_code for _ in range(3)]
    assert others[-1] == 429  # the network has its measure, too


# -- what the writer sees ----------------------------------------------------------------


def test_the_writer_sees_which_and_how_many_and_nobody_else_does(client, comment):
    for _ in range(3):
        give(Client(), comment)
    give(Client(), comment, "Thank you")
    told = soup(client.get(link_of(comment))).select_one(".support-given")
    assert " ".join(told.text.split()) == (
        "Readers said to you without words: With you\xa0(3), Thank you\xa0(1). "
        "Only you see how many."
    ).replace("\xa0", " ")
    assert client.get(f"/comments/{comment.pk}/receipt/").status_code == 404


def test_the_list_of_all_she_wrote_tells_it_in_as_many_queries(signed_in, bob, published_post):
    post = published_post()
    client = signed_in(bob)

    def asked(size):
        for _ in range(size):
            give(Client(), say(post, user=bob, name=""), "Me too")
        with CaptureQueriesContext(connection) as queries:
            page = visit(client, "/account/comments/")
        return len(page.select(".support-given")), len(queries)

    (few, before), (many, after) = asked(2), asked(6)
    assert (few, many) == (2, 8)
    assert before == after


def test_in_the_thread_she_is_led_to_her_receipt(signed_in, bob, published_post):
    own = say(published_post(), user=bob, name="")
    client = signed_in(bob)
    address = own.post.get_absolute_url()
    assert not articles(visit(client, address))[own.pk].select(".support-link")
    give(Client(), own)
    link = articles(visit(client, address))[own.pk].select_one(".support-link")
    assert (link.text, link["href"]) == ("Others are with you", f"/comments/{own.pk}/receipt/")


def test_moderators_see_neither_who_nor_how_many(signed_in, mia, bob, comment):
    browser = Client()
    browser.force_login(bob)
    give(browser, comment)
    client = signed_in(mia)
    pages = ["/admin/comments/comment/?status=all", f"/admin/comments/comment/{comment.pk}/change/"]
    for address in pages:
        text = visit(client, address).text
        assert "With you" not in text
        assert "bob" not in text.lower()
    assert client.get("/admin/comments/reactionkind/").status_code == 403


# -- what goes with what -----------------------------------------------------------------


def test_taking_the_words_back_takes_all_that_was_said_to_them(client, comment):
    give(client, comment)
    ownership.withdraw(comment.pk)
    assert given() == []


def test_a_purged_comment_takes_its_reactions_along(client, published_post):
    post = published_post()
    root = say(post)
    below, other = say(post, root), say(post)
    for each in (root, below, other):
        give(client, each)
    Comment.objects.purge(stored(root))
    assert given() == [(other.pk, "With you")]
    assert not differences()


def test_an_account_can_be_forgotten_and_pages_know_it_at_once(signed_in, bob, published_post):
    post = published_post()
    first, second = say(post), say(post)
    for each in (first, second):
        give(signed_in(bob), each)
    give(Client(), second)
    assert LINE in seen_by_everybody(first).text
    with pytest.raises(ProtectedError):
        bob.delete()
    reacting.forget(bob)
    assert given() == [(second.pk, "With you")]
    assert LINE not in seen_by_everybody(first).text
    assert LINE in seen_by_everybody(second).text
    bob.delete()


def test_a_moved_comment_keeps_what_it_was_given(client, published_post):
    post = published_post()
    root, other = say(post), say(post)
    give(client, other)
    Comment.objects.move_node(stored(other), stored(root))
    assert LINE in seen_by_everybody(other).text


# -- the owner's words -------------------------------------------------------------------

ADMIN = "/admin/comments/reactionkind/"


def fill(client, pk=None, **fields):
    address = f"{ADMIN}{pk}/change/" if pk else f"{ADMIN}add/"
    return client.post(address, {"name": "", "position": 9, "is_offered": "on", **fields})


def test_the_owner_names_orders_and_switches_kinds(signed_in, owner, comment):
    client = signed_in(owner)
    assert fill(client, name="  Gentle   hug ", position=0).status_code == 302
    me_too = kind("Me too").pk
    assert (
        client.post(f"{ADMIN}{me_too}/change/", {"name": "Me too", "position": 3}).status_code
        == 302
    )
    assert list(buttons(Client().get(url(comment)))) == ["Gentle hug", "With you", "Thank you"]


@pytest.mark.parametrize("name", ["with  YOU", "With you ", "\u200b", "", "x" * 31])
def test_a_kind_needs_a_name_that_no_other_has(signed_in, owner, name):
    assert fill(signed_in(owner), name=name).status_code == 200
    assert ReactionKind.objects.count() == 3


def test_equal_names_are_refused_by_the_database_in_every_alphabet():
    ReactionKind.objects.create(name="Ähnlich")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReactionKind.objects.create(name="äHNLICH")
    with pytest.raises(ValidationError):
        ReactionKind(name="x" * 31).full_clean()


def test_a_name_never_becomes_markup(client, comment):
    evil = "<b onclick=x>'\"&"
    ReactionKind.objects.filter(name="With you").update(name=evil)
    give(client, comment, evil)
    assert evil in buttons(client.get(url(comment)))
    told = soup(client.get(link_of(comment))).select_one(".support-given")
    assert evil in told.text
    assert not told.select("[onclick]")


def test_with_all_kinds_switched_off_there_is_nothing_anywhere(client, comment):
    give(client, comment)
    assert LINE in seen_by_everybody(comment).text
    for each in ReactionKind.objects.all():
        each.is_offered = False
        each.save()
    assert LINE not in Client().get(comment.post.get_absolute_url()).text
    assert client.get(url(comment)).status_code == 404
    assert not soup(client.get(reply_url(comment))).select("form.support")
    assert len(given()) == 1


def test_what_is_no_longer_offered_can_still_be_taken_back(client, comment):
    give(client, comment)
    old = kind()
    old.is_offered = False
    old.save()
    assert buttons(client.get(url(comment)))["With you"]
    assert "With you" not in buttons(Client().get(url(comment)))
    assert give(Client(), comment).status_code == 409
    take(client, comment)
    assert given() == []


def test_a_kind_that_somebody_used_is_not_deleted(signed_in, owner, client, comment):
    give(client, comment)
    desk = Client()
    desk.force_login(owner)
    used, unused = kind().pk, kind("Me too").pk
    assert desk.post(f"{ADMIN}{used}/delete/", {"post": "yes"}).status_code == 403
    assert desk.post(f"{ADMIN}{unused}/delete/", {"post": "yes"}).status_code == 302
    assert set(ReactionKind.objects.values_list("name", flat=True)) == {"With you", "Thank you"}
    everything = {"action": "delete_selected", "_selected_action": [used], "post": "yes"}
    desk.post(ADMIN, everything)
    assert kind().pk == used


def test_a_kind_deleted_at_the_moment_of_the_press_is_told_kindly(comment, monkeypatch):
    def fails(work):
        raise IntegrityError

    monkeypatch.setattr(reacting, "in_transaction", fails)
    with pytest.raises(reacting.ReactionRefusedError):
        reacting.give(comment.pk, kind().pk, reacting.Reader(Viewer(), "t" * 43))

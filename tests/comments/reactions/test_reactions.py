"""Reactions: who can give one to which comment, once, and take it back."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test import Client

from blog.models import Post
from comments.models import Comment, Reaction
from comments.moderation import decisions
from comments.tree.status import Status
from tests.comments.factories import differences, say
from tests.comments.http import reply_url, send, soup
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

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.models.reactions")]
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def comment(published_post):
    return say(published_post(comment_mode="open"))


def test_a_guest_gives_a_reaction_and_takes_it_back(client, comment):
    assert buttons(client.get(url(comment))) == dict.fromkeys(
        ["With you", "Thank you", "Me too"], False
    )
    answer = give(client, comment)
    assert answer.status_code == 302
    assert answer["Location"] == url(comment)
    assert "Wren can see it" in client.get(url(comment)).content.decode()
    give(client, comment, "Me too")
    assert buttons(client.get(url(comment)))["With you"]
    assert given() == [(comment.pk, "Me too"), (comment.pk, "With you")]
    take(client, comment)
    assert given() == [(comment.pk, "Me too")]
    assert not buttons(client.get(url(comment)))["With you"]


def test_an_account_is_the_same_person_in_every_browser(bob, comment):
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


def test_pressing_twice_counts_once_and_two_people_count_twice(client, comment):
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


def test_two_presses_of_one_form_before_any_cookie_count_once(comment):
    form = soup(Client().get(url(comment))).select_one("form.support")
    token = form.select_one("[name=reader]")["value"]
    for _ in range(2):
        give(Client(), comment, reader=token)
    assert len(given()) == 1


@pytest.mark.django_db(transaction=True)
def test_presses_at_the_same_moment_make_one_row_and_no_error(comment, bob, new_versions):
    token, presses = "t" * 43, 6
    new_versions.clear()

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
    assert new_versions == [Comment.objects.get(pk=comment.pk).version]
    assert not differences()


def test_the_database_refuses_a_second_row_of_one_person(bob, comment):
    for who in ({"user": bob}, {"mark": "m" * 64}):
        Reaction.objects.create(comment=comment, kind=kind(), **who)
        with pytest.raises(IntegrityError), transaction.atomic():
            Reaction.objects.create(comment=comment, kind=kind(), **who)
    for nobody in ({}, {"user": bob, "mark": "m" * 64}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reaction.objects.create(comment=comment, kind=kind("Me too"), **nobody)


# -- where no reaction is possible -------------------------------------------------------


@pytest.mark.parametrize("status", [s for s in Status if s != Status.APPROVED])
def test_a_hidden_comment_takes_and_shows_no_reaction(client, mia, published_post, status):
    body = "" if status == Status.WITHDRAWN else "Words."
    hidden = say(published_post(), status=status, body=body)
    assert client.get(url(hidden)).status_code == 404
    assert give(client, hidden).status_code == 404
    assert take(client, hidden).status_code == 404
    assert given() == []


@pytest.mark.parametrize("fields", [{"comment_mode": "hidden"}, {"status": "draft"}])
def test_a_hidden_conversation_has_no_reaction_page(client, comment, fields):
    give(client, comment)
    Post.objects.filter(pk=comment.post_id).update(**fields)
    assert client.get(url(comment)).status_code == 404
    assert give(client, comment, "Me too").status_code == 404
    assert len(given()) == 1


def test_an_unknown_comment_has_no_reaction_page(client, comment):
    for address in ("/comments/999999/reaction/", f"/comments/{comment.pk}x/reaction/"):
        assert client.get(address).status_code == 404


def test_reactions_disappear_with_a_removed_comment_and_return_with_it(client, mia, comment):
    give(client, comment)
    decisions.decide([comment.pk], "remove", mia)
    assert LINE not in Client().get(comment.post.get_absolute_url()).text
    decisions.decide([comment.pk], "restore", mia)
    assert LINE in str(seen_by_everybody(comment))


def test_nobody_reacts_to_their_own_comment(client, signed_in, bob, published_post):
    post = published_post(comment_mode="open")
    send(client, post)
    own = Comment.objects.get()
    page = client.get(url(own))
    assert "This is your own comment." in page.text
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
def test_an_invalid_form_changes_nothing_and_is_shown_again(client, comment, sent):
    answer = client.post(url(comment), sent)
    assert answer.status_code == 409
    assert len(BeautifulSoup(answer.content, "html.parser").select("form.support button")) == 3
    assert given() == []


@pytest.mark.parametrize("token", ["", "short", "x" * 44, "é" * 43, "x\x00" + "y" * 41])
def test_a_forged_token_is_replaced_by_a_valid_one(client, comment, token):
    client.cookies["hearth_reader"] = token.replace("\x00", "") or "x"
    assert give(client, comment, reader=token).status_code == 302
    assert re.fullmatch(r"[\w-]{43}", client.cookies["hearth_reader"].value, re.ASCII)


def test_a_form_without_its_csrf_token_is_refused(comment):
    strict = Client(enforce_csrf_checks=True)
    assert give(strict, comment).status_code == 403
    assert given() == []


def test_get_requests_change_nothing(client, comment):
    for method in (client.get, client.head):
        method(url(comment), {"give": kind().pk})
    assert client.put(url(comment)).status_code == 405
    assert given() == []


@time_machine.travel(NOON, tick=False)
def test_too_many_presses_are_slowed_and_comments_are_not(client, published_post, settings):
    settings.COMMENTS_A_MINUTE = 4
    comment = say(published_post(published_at=NOON, comment_mode="open"))
    for _ in range(2):
        assert give(client, comment).status_code == 302
    answer = give(client, comment, "Me too")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert "Please wait 1 minute" in answer.text
    assert given() == [(comment.pk, "With you")]
    others = [give(Client(), comment).status_code for _ in range(3)]
    assert others[-1] == 429  # the network has a limit of its own, too
    assert send(client, comment.post).status_code == 302

"""Receipts of comments: how the writer returns to one, what it shows, and who never sees it."""

from datetime import timedelta
from statistics import median
from urllib.parse import urlsplit

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from comments.guests import receipt_tokens
from comments.models import Comment, ModerationAction
from comments.moderation import decisions
from comments.posting import expectations, own_comments
from comments.tree.status import Status
from tests.comments.factories import say, stored
from tests.comments.http import articles, only_comment, send, soup, visit

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.guests.receipt_tokens")]
TAILS = ("", "edit/", "withdrawal/", "disowning/", "renewal/")


def own(comment, tail=""):
    return f"/comments/{comment.pk}/receipt/{tail}"


def link_of(comment, tail=""):
    """Return the path of a fresh private link."""
    return own(comment, f"{receipt_tokens.renew(comment)}/{tail}")


def shown_link(client, comment):
    """Return the path of the private link that the receipt shows, or None."""
    field = soup(client.get(own(comment))).select_one("input[readonly]")
    return field and urlsplit(field["value"]).path


def test_the_writer_gets_from_the_comment_to_its_receipt_and_private_link(client, published_post):
    page = visit(client, send(client, published_post())["Location"])
    comment = only_comment()
    assert articles(page)[comment.pk].select_one(f'a[href="{own(comment)}"]')
    private = shown_link(client, comment)
    assert len(private.split("/")[-2]) == 43
    receipt = visit(Client(), private)
    assert "Your comment is waiting for review." in receipt.text
    assert "Comments are reviewed first until their writer is known here." in receipt.text
    assert "A quiet word." in receipt.text


def test_the_link_is_shown_once_and_stored_as_a_hash_only(client, published_post):
    send(client, published_post())
    comment = only_comment()
    token = shown_link(client, comment).split("/")[-2]
    assert token not in str(vars(comment))
    assert shown_link(client, comment) is None
    assert client.get(own(comment, f"{token}/")).status_code == 200


def test_the_token_is_sent_to_the_receipt_page_alone(client, published_post):
    send(client, published_post())
    cookie = client.cookies["hearth_receipt"]
    assert cookie["path"] == own(only_comment())
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_form_sent_twice_leaves_a_link_that_works(client, published_post):
    post = published_post()
    for _ in range(2):
        send(client, post, submission="the-same-form")
    assert Client().get(shown_link(client, only_comment())).status_code == 200


def test_signed_in_writers_need_no_link(signed_in, bob, published_post):
    client = signed_in(bob)
    page = visit(client, send(client, published_post())["Location"])
    comment = only_comment()
    assert articles(page)[comment.pk].select_one(f'a[href="{own(comment)}"]')
    for tail in TAILS:
        assert client.get(own(comment, tail)).status_code == 200


def test_strangers_get_no_receipt(client, signed_in, bob, published_post):
    comment, other = say(published_post()), say(published_post())
    wrong = link_of(other).split("/")[-2]
    for tail in TAILS:
        for address in (own(comment, tail), own(comment, f"{wrong}/{tail}")):
            assert client.get(address).status_code == 404
            assert signed_in(bob).get(address).status_code == 404
            assert client.post(address).status_code == (404 if tail else 405)
    assert stored(comment).body == comment.body


def test_a_link_works_for_a_year(client, published_post):
    comment = say(published_post())
    address = link_of(comment)
    with time_machine.travel(timezone.now() + timedelta(days=364)):
        assert client.get(address).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        assert client.get(address).status_code == 404


def test_a_new_link_ends_the_one_before(client, published_post):
    comment = say(published_post())
    old = link_of(comment)
    response = client.post(f"{old}renewal/")
    assert client.get(old).status_code == 404
    assert client.get(response["Location"]).status_code == 200


def test_a_writer_who_lost_the_link_makes_a_new_one_shown_once(client, published_post):
    send(client, published_post())
    comment = only_comment()
    shown_link(client, comment)
    client.post(own(comment, "renewal/"))
    assert Client().get(shown_link(client, comment)).status_code == 200


def test_erasure_ends_the_link(client, published_post):
    comment = say(published_post())
    address = link_of(comment)
    receipt_tokens.forget(Comment.objects.filter(pk=comment.pk))
    assert client.get(address).status_code == 404


def test_a_link_scanner_changes_nothing(client, published_post):
    comment = say(published_post())
    address = link_of(comment)
    before = Comment.objects.filter(pk=comment.pk).values().get()
    for tail in TAILS:
        page = soup(client.get(address + tail))
        for link in page.select("main a[href]"):
            client.get(link["href"] if link["href"][0] == "/" else address + link["href"])
        client.head(address + tail)
    assert Comment.objects.filter(pk=comment.pk).values().get() == before
    assert not ModerationAction.objects.exists()


def test_a_receipt_is_not_cached_and_its_address_is_no_referrer(client, published_post):
    comment = say(published_post())
    address = link_of(comment)
    for tail in TAILS:
        response = client.get(address + tail)
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex"
        assert response["Referrer-Policy"] == "same-origin"
        assert BeautifulSoup(response.content, "html.parser").select_one("meta[name=robots]")


STATES = {
    Status.PENDING: "Your comment is waiting for review.",
    Status.APPROVED: "Your comment is public.",
    Status.SPAM: "A moderator decided not to show your comment.",
    Status.REMOVED: "A moderator decided not to show your comment.",
}


@pytest.mark.parametrize(("status", "sentence"), STATES.items(), ids=[s.name for s in STATES])
def test_the_receipt_shows_the_status_of_the_comment(client, published_post, status, sentence):
    comment = say(published_post(), status=status)
    assert sentence in visit(client, link_of(comment)).h1.text


def test_the_receipt_gives_the_moderators_reason_as_long_as_it_applies(client, mia, published_post):
    comment = say(published_post(), status=Status.PENDING)
    decisions.decide([comment.pk], "remove", mia, "It names somebody else.")
    address = link_of(comment)
    assert "It names somebody else." in visit(client, address).text
    decisions.decide([comment.pk], "approve", mia)
    assert "It names somebody else." not in visit(client, address).text


def test_the_receipt_does_not_name_a_withdrawn_post(client, published_post):
    comment = say(published_post(status="draft", published_at=None, title="Unfinished"))
    page = visit(client, link_of(comment))
    assert "Unfinished" not in page.text
    assert "Your comment was approved." in page.text


def decide_after(post, mia, hours):
    with time_machine.travel(timezone.now() - timedelta(days=30), tick=False) as clock:
        comment = say(post, status=Status.PENDING, created_at=timezone.now())
        clock.shift(timedelta(hours=hours))
        decisions.decide([comment.pk], "approve", mia)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ([0.1, 0.2, 0.5, 30, 40], "within an hour"),
        ([1, 2, 5, 30, 40], "reviewed within a few hours"),
        ([1, 2, 20, 30, 40], "reviewed within a day"),
        ([1, 2, 49, 80, 90], "within 3 days"),
    ],
)
def test_the_receipt_says_how_long_a_decision_usually_takes(
    client, mia, published_post, hours, words
):
    post = published_post()
    address = link_of(say(post, status=Status.PENDING))
    for each in hours[:4]:
        decide_after(post, mia, each)
    assert "Most comments" not in visit(client, address).text
    decide_after(post, mia, hours[4])
    assert words in visit(client, address).text
    assert expectations.in_words(timedelta(hours=median(hours))) in visit(client, address).text


def test_the_list_of_an_account_has_all_its_comments_and_no_others(
    client, signed_in, bob, published_post
):
    post = published_post(title="The lake")
    say(post, user=bob, name="", body="One of mine.")
    say(post, user=bob, name="", body="It waits.", status=Status.PENDING)
    say(post, body="Of somebody else.")
    page = soup(signed_in(bob).get("/account/comments/"))
    lines = page.select(".written > li")
    assert ["It waits." in line.text for line in lines] == [True, False]
    assert "Your comment is public." in lines[1].text
    assert "Of somebody else." not in page.text


def test_the_list_is_paged_and_costs_as_much_for_many_as_for_one(
    signed_in, bob, published_post, django_assert_max_num_queries
):
    post = published_post()
    for _ in range(30):
        say(post, user=bob, name="")
    client = signed_in(bob)
    with django_assert_max_num_queries(8):
        assert len(soup(client.get("/account/comments/")).select(".written > li")) == 25
    assert len(soup(client.get("/account/comments/?page=2")).select(".written > li")) == 5


def test_strangers_are_asked_to_sign_in_for_the_list(client, db):
    response = client.get("/account/comments/")
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


def test_a_cached_thread_shows_nobody_else_the_writers_receipt_link(
    client, signed_in, bob, published_post
):
    post = published_post()
    comment = say(post, user=bob, name="")
    mine, others = Client(), client
    mine.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    for reader, count in ((mine, 1), (others, 0), (mine, 1), (others, 0)):
        page = visit(reader, post.get_absolute_url())
        assert len(page.select(f'a[href="{own(comment)}"]')) == count


def test_a_receipt_outlives_the_withdrawal(client, published_post):
    comment = say(published_post())
    address = link_of(comment)
    own_comments.withdraw(comment.pk)
    page = visit(client, address)
    assert "You deleted this comment." in page.h1.text
    assert not page.select(".acts")

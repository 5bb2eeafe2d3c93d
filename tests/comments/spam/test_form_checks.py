"""Spam checks of the form: the honeypot field and the time it was open."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from comments.models import Comment, Reputation
from comments.tree.status import QueuePriority
from tests.comments.factories import say, stored
from tests.comments.http import mark, reply_url, send, soup, visit
from tests.comments.spam_checks import TENDER, found, give, is_held, is_public, newest

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(published_post):
    return published_post(comment_mode="open")


def hidden_values(page):
    """Return the hidden fields that a browser sends with the form on a page."""
    form = page.select_one("form.form")
    return {field["name"]: field.get("value", "") for field in form.select("input[name]")}


def later(**time):
    return time_machine.travel(timezone.now() + timedelta(**time), tick=False)


# -- the honeypot field ------------------------------------------------------------------


def test_a_filled_in_honeypot_puts_the_comment_in_the_spam_lane(client, post):
    assert send(client, post, twilight="https://shop.example").status_code == 302
    assert is_held(newest(), "hidden-field", queue_priority=QueuePriority.SUSPECT)
    assert found(newest()) == {"hidden-field": "hidden field filled in"}


def test_white_space_in_the_honeypot_is_ignored(client, post):
    send(client, post, twilight=" \t")
    assert is_public(newest())


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "in the page"])
def test_nobody_sees_hears_or_reaches_the_honeypot_and_no_browser_fills_it_in(
    client, post, headers
):
    page = soup(client.get(reply_url(post), headers=headers))
    [field] = page.select("[name=twilight]")
    around = field.find_parent("p")
    assert around["aria-hidden"] == "true"
    assert "leave-empty" in around["class"]
    assert field["tabindex"] == "-1"
    assert field["autocomplete"] == "off"
    assert "required" not in field.attrs
    assert "Leave this empty" in around.text
    # By these a browser would know what to fill in.
    assert "type" not in field.attrs
    assert "id" not in field.attrs


def test_the_post_page_has_no_honeypot(client, post):
    say(post)
    assert "twilight" not in client.get(post.get_absolute_url()).text


def test_a_preview_without_scripts_keeps_the_honeypot(client, post):
    sent = {"name": "Ada", "body": "x", "mark": mark(minutes=2), "submission": "one"}
    address = f"/comments/preview/?to={reply_url(post)}"
    shown = hidden_values(soup(client.post(address, sent | {"twilight": "filled"})))
    assert shown["mark"] == sent["mark"]
    assert shown["twilight"] == "filled"


# -- how long it was open ----------------------------------------------------------------


def open_form(client, target):
    return hidden_values(visit(client, reply_url(target)))


@pytest.mark.parametrize("seconds", [0, 1, 2.8])
def test_a_form_that_is_sent_at_once_is_held(client, post, seconds):
    with later():  # the clock stands: a busy machine takes seconds, too
        fields = open_form(client, post)
        with later(seconds=seconds):
            send(client, post, **{**fields, "name": "Ada"})
    assert is_held(newest(), "form-time")
    assert "within 3 seconds" in found(newest())["form-time"]


@pytest.mark.parametrize("time", [{"seconds": 3.1}, {"hours": 9}, {"days": 6, "hours": 23}])
def test_a_form_open_for_a_normal_time_passes(client, post, time):
    fields = open_form(client, post)
    with later(**time):
        send(client, post, TENDER, **{**fields, "name": "Ada"})
    assert is_public(newest())


def test_a_form_open_for_long_loses_nothing(client, post):
    fields = open_form(client, post)
    with later(days=9):
        assert send(client, post, TENDER, **{**fields, "name": "Ada"}).status_code == 302
    assert is_held(newest(), "form-time")
    assert newest().body == TENDER
    assert found(newest())["form-time"] == "form open for 9 days"


@pytest.mark.parametrize(
    "bad", ["", "x", "a:b:c", "\x00", "W1RydWVd:1abc:def", "é" * 5000, "None", "[]"]
)
def test_a_forged_timestamp_holds_the_comment_and_breaks_nothing(client, post, bad):
    assert send(client, post, TENDER, mark=bad).status_code in {302, 422}
    if comment := newest():  # a NUL is refused, with the words given back
        assert is_held(comment, "form-time")
        assert "form not from this site, or altered" in found(comment)["form-time"]


def test_the_timestamp_of_another_form_is_invalid(client, post):
    from django.core import signing

    for salt in ("comments.edit", "comments.guests.session"):
        value = signing.dumps([timezone.now().timestamp() - 60, ""], salt=salt)
        send(client, post, f"By {salt}.", mark=value)
        assert is_held(newest(), "form-time")


def test_an_altered_timestamp_is_invalid(client, post):
    made = mark(seconds=1)
    payload, *rest = made.split(":")
    older, *_ = mark(minutes=5).split(":")
    send(client, post, mark=":".join([older, *rest]))
    assert older != payload
    assert is_held(newest(), "form-time")


def test_clock_skew_between_servers_is_tolerated(client, post):
    send(client, post, mark=mark(seconds=-40))
    assert is_public(newest())


def test_a_refused_form_keeps_its_timestamp(client, post):
    fields = open_form(client, post) | {"name": ""}
    with later(minutes=1):
        answer = client.post(reply_url(post), {**fields, "body": TENDER})
        assert answer.status_code == 422
        again = hidden_values(soup_of(answer))
        assert again["mark"] == fields["mark"]
        send(client, post, TENDER, **{**again, "name": "Ada"})
    assert is_public(newest())


def soup_of(response):
    from bs4 import BeautifulSoup

    return BeautifulSoup(response.content, "html.parser")


def test_a_reader_with_an_account_and_a_browser_that_checks_cookies_pass(post, bob):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    fields = open_form(strict, post)
    with later(minutes=1):
        assert send(strict, post, TENDER, **fields).status_code == 302
    assert is_public(newest())


def test_a_browser_without_cookies_gets_a_kind_answer_and_is_no_spam(post):
    strict = Client(enforce_csrf_checks=True)
    fields = open_form(strict, post)
    strict.cookies.clear()
    answer = send(strict, post, TENDER, **{**fields, "name": "Ada"})
    assert answer.status_code == 403
    assert "Not sent yet" in answer.text
    assert not Comment.objects.exists()


def test_a_trusted_writer_may_be_quick(signed_in, bob, post):
    give(Reputation.Kind.TRUSTED, bob)
    send(signed_in(bob), post, mark=mark(seconds=0))
    assert is_public(newest())


def test_timestamps_do_not_link_comments(client, post):
    with time_machine.travel(timezone.now(), tick=False):
        assert len({open_form(Client(), post)["mark"] for _ in range(3)}) == 1


def test_a_quick_edit_is_not_suspicious(client, post):
    send(client, post, "A quiet wrod.")
    address = f"/comments/{newest().pk}/receipt/edit/"
    fields = hidden_values(visit(client, address))
    client.post(address, fields | {"body": "A quiet word."})
    assert is_public(stored(newest()))
    assert newest().body == "A quiet word."

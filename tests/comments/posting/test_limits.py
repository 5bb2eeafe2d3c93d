"""What costs is counted before it is done: refused tries count, and nobody's words are lost."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from accounts import rate_limit
from comments import timestamps
from comments.guests import receipt_tokens
from comments.models import Comment
from comments.posting import forms
from tests.comments.factories import say
from tests.comments.http import reply_url, send, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("accounts.rate_limit")]
NOON = datetime(2030, 5, 1, 12, 0, 20, tzinfo=UTC)
WORDS = "\nIt took me – two days 🌱 <b>&amp;\n"
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture(autouse=True)
def noon(settings):
    """A moment that stands still; one network may send two comments a minute."""
    settings.COMMENTS_A_MINUTE = 2
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def post(published_post):
    return published_post(published_at=NOON - timedelta(days=1), comment_mode="open", slug="lake")


def texts(response):
    return [text_of(each) for each in BeautifulSoup(response.content, "html.parser")("textarea")]


def assert_slowed(response, seconds=40):
    assert response.status_code == 429
    assert response["Retry-After"] == str(seconds)
    assert "no-store" in response["Cache-Control"]


def test_a_counter_that_is_gone_before_it_is_read_stops_nobody(monkeypatch):
    monkeypatch.setattr(type(caches["default"]), "count_many", lambda *_: {})
    assert rate_limit.seconds_to_wait("a network", "a writer") == 0


def test_refused_tries_count_and_are_not_checked_any_more(client, post, monkeypatch, settings):
    settings.COMMENTS_A_MINUTE = 4  # one writer: 2
    for _ in range(2):
        assert send(client, post, "").status_code == 422
    checked = []
    monkeypatch.setattr(forms.ReplyForm, "full_clean", checked.append)
    answer = send(client, post, WORDS, email="ada@home")
    assert_slowed(answer)
    assert texts(answer) == [WORDS]
    field = BeautifulSoup(answer.content, "html.parser").select_one("input[name=email]")
    assert field["value"] == "ada@home"
    assert "lot of activity from here. Please wait " in answer.text
    assert checked == []
    assert not Comment.objects.exists()


def test_the_refused_form_can_be_sent_when_the_minute_is_over(client, post, noon):
    for _ in range(2):
        send(client, post, "")
    page = BeautifulSoup(send(client, post, WORDS).content, "html.parser")
    form = page.select_one("form#answer")
    fields = {each["name"]: each.get("value", "") for each in form.select("input[name]")}
    fields |= {each["name"]: text_of(each) for each in form("textarea")}
    noon.shift(41)
    assert client.post(form["action"], fields).status_code == 302
    assert Comment.objects.get().body == WORDS


@pytest.mark.parametrize("method", ["edit", "report", "follow", "subscribe"])
def test_other_forms_count_refused_tries_and_give_the_words_back(client, post, method):
    comment = say(post)
    path, bad, typed = {
        "edit": (
            reverse("comments:edit", args=[comment.pk, receipt_tokens.renew(comment)]),
            {"body": ""},
            {"body": WORDS},
        ),
        "report": (
            reverse("comments:report", args=[comment.pk]),
            {"reason": "none", "text": ""},
            {"reason": "none", "text": WORDS},
        ),
        "follow": (reverse("comments:follow_post", args=["lake"]), {}, {"email": "ada@lake"}),
        "subscribe": (reverse("blog:subscribe"), {}, {"email": "ada@lake"}),
    }[method]
    # One writer may try half as often as the network: the second try is slowed already.
    assert [client.post(path, bad).status_code for _ in range(2)] == [422, 429]
    answer = client.post(path, typed)
    assert_slowed(answer)
    assert texts(answer) == [WORDS] if method in {"edit", "report"} else "ada@lake" in answer.text
    assert client.post(path, bad, **ELSEWHERE).status_code == 422


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_a_preview_is_slowed_and_the_words_stay(client, post, monkeypatch, htmx):
    address = f"/comments/preview/?to={reply_url(post)}"
    typed = {"name": "Ada", "body": WORDS}
    for _ in range(8):
        assert client.post(address, typed, headers=htmx).status_code == 200
    monkeypatch.setattr("comments.markup.render", lambda text: pytest.fail("it was rendered"))
    answer = client.post(address, typed, headers=htmx)
    assert_slowed(answer)
    assert "Please wait a few minutes" in answer.text
    if not htmx:
        assert texts(answer) == [WORDS]
        assert "This is how it will look" not in answer.text


def pages(post):
    comment = say(post)
    return [
        (reply_url(post), 8),
        (reply_url(comment), 8),
        (reverse("comments:report", args=[comment.pk]), 8),
        ("/search/?q=lake", 4),
        ("/search/?q=lake", 4),
    ]


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_pages_that_cost_are_slowed_for_their_network_alone(client, post, number, htmx):
    address, most = pages(post)[number]
    for _ in range(most):
        assert client.get(address, headers=htmx).status_code == 200
    answer = client.get(address, headers=htmx)
    assert_slowed(answer)
    assert "Please wait a few minutes" in answer.text
    assert ("<html" in answer.text) == (not htmx)
    assert client.get(address, **ELSEWHERE).status_code == 200


def test_an_account_has_a_limit_of_its_own(client, signed_in, bob, post):
    for _ in range(4):
        client.get("/search/?q=lake")
    assert_slowed(Client().get("/search/?q=lake"))
    assert signed_in(bob).get("/search/?q=lake").status_code == 200


def test_the_empty_search_form_is_never_slowed(client, post):
    assert {client.get(f"/search/?q={' ' * n}").status_code for n in range(30)} == {200}


@pytest.mark.parametrize(
    "address", ["/feed/", "/feed/json/", "/comments/feed/", "/posts/lake/comments/feed/"]
)
def test_a_feed_counts_only_when_it_is_made(client, post, settings, address):
    say(post)
    settings.PAGE_CACHE = True
    assert {client.get(address).status_code for _ in range(20)} == {200}
    settings.PAGE_CACHE = False
    codes = [client.get(address).status_code for _ in range(6)]
    assert codes == [200] * 3 + [429] * 3
    assert_slowed(client.get(address))
    settings.PAGE_CACHE = True  # what is kept is given to everybody
    assert client.get(address).status_code == 200


def test_a_refusal_is_never_kept_for_others(client, post, settings):
    settings.PAGE_CACHE = False
    for _ in range(5):
        client.get("/feed/")
    settings.PAGE_CACHE = True
    assert client.get("/feed/").status_code == 429
    assert client.get("/feed/", **ELSEWHERE).status_code == 200
    assert client.get("/feed/").status_code == 200


def test_a_limit_of_an_hour_ends_a_flood(client, post, noon):
    codes = []
    for _ in range(60):
        codes.append(client.get("/search/?q=lake").status_code)
        noon.shift(20)
    assert codes.count(200) == 40
    assert codes[40:] == [429] * 20


def test_without_a_limit_nobody_is_slowed(client, post, settings):
    settings.COMMENTS_A_MINUTE = 0
    for what in rate_limit.TIMES:
        assert {rate_limit.seconds_to_wait_for(what, "here") for _ in range(9)} == {0}
    assert {client.get("/search/?q=lake").status_code for _ in range(9)} == {200}


def test_a_class_of_thirty_behind_one_address_reads_searches_and_writes(client, post, settings):
    settings.COMMENTS_A_MINUTE = 60
    for number in range(30):
        assert client.get(reply_url(post)).status_code == 200
        assert client.get("/search/?q=lake").status_code == 200
        assert client.post("/comments/preview/", {"body": "Words."}).status_code == 200
        assert send(client, post, f"Words of {number}.", name=f"Pupil {number}").status_code == 302


def test_a_network_that_has_to_wait_makes_no_rows_for_names_that_it_invents(client, post):
    for number in range(3):
        send(client, post, WORDS, name=f"Ada {number}")
    keys = []
    counted = caches["default"].count_many
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            caches["default"], "count_many", lambda spans: keys.extend(spans) or counted(spans)
        )
        assert_slowed(send(client, post, WORDS, name="Lark"))
    assert len(keys) == 2  # the network's minute and its hour


@pytest.mark.parametrize(
    ("seconds", "wait"),
    [
        (1, "1 second"),
        (40, "40 seconds"),
        (60, "1 minute"),
        (61, "2 minutes"),
        (3600, "60 minutes"),
    ],
)
def test_the_sentence_says_how_long_to_wait(seconds, wait):
    assert f"Please wait {wait}, then try again." in timestamps.please_wait(seconds)

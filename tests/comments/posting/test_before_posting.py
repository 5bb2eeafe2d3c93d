"""Checks before posting: private data, imitated names, the preview, and the rate limit."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.text import names, pii_detection
from blog.models import Post
from comments.models import Comment
from comments.posting import impersonation
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import only_comment, reply_url, send, soup, text_of
from tests.comments.posting.test_typed_text_survives import faults, typed

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
TELLING = {
    "her own address": (
        {"email": "ada@example.org", "body": "ADA@example.org"},
        pii_detection.EMAIL,
    ),
    "an address as a name": ({"name": "ada@example.org"}, pii_detection.EMAIL),
    "a number from abroad": ({"body": "Call me: +44 20 7946 0018."}, pii_detection.PHONE),
    "a number at home": ({"body": "030/901820-11 in the evening"}, pii_detection.PHONE),
    "a number in groups": ({"body": "It is (555) 010-0199"}, pii_detection.PHONE),
    "an English street": ({"body": "I live at 12 Old Mill Road now"}, pii_detection.STREET),
    "a German street": ({"body": "Lindenstraße 17, zweiter Stock"}, pii_detection.STREET),
    "a postcode": ({"body": "somewhere in ZZ9 9ZZ"}, pii_detection.STREET),
    "a ZIP code": ({"body": "We moved to Springfield, ZZ 99950"}, pii_detection.STREET),
}
HARMLESS = [
    "On 2026-11-23 at 10:30, or 01.02.2026, or 3/4/2026.",
    "10,000 steps, 12345678 stars, 1999 and 2001.",
    "I wrote to somebody@example.org about it.",
    "A long road. 3 days on the road, 2 in the street.",
    "It costs 0.5 or 0,75; page 100-200; ISBN 978-3-16-148410-0.",
]


@pytest.mark.parametrize(("fields", "what"), TELLING.values(), ids=TELLING)
def test_possible_private_data_is_queried_once(client, published_post, fields, what):
    post = published_post()
    sent = {"name": "Ada", "email": "", "body": "A quiet word.", **fields}
    response = send(client, post, **sent)
    assert response.status_code == 422
    assert "choose Send again" in response.text
    assert not Comment.objects.exists()
    form = typed(response)
    assert form.items() >= sent.items()
    assert client.post(reply_url(post), form).status_code == 302
    assert only_comment().body == sent["body"]
    assert what in pii_detection.find_pii(sent["body"], sent["name"], sent["email"])


@pytest.mark.parametrize("words", HARMLESS)
def test_dates_counts_and_quotations_are_not_queried(client, published_post, words):
    assert send(client, published_post(), words).status_code == 302


def test_the_address_of_the_account_is_noticed_too(signed_in, bob, published_post):
    response = send(signed_in(bob), published_post(), f"Write to {bob.email}")
    assert response.status_code == 422
    assert "Your email address" in response.text


IMITATIONS = ["alice", "ALICE", "Аliсе", "A l i c e", "Al1ce", "AIice", "Álice", "Ali\u200bce"]
IMITATIONS += ["\u202eecilA", "\u202eaiM", "\u2067ice\u200fAl\u2069", "ᎪᏞᎥᏟᎬ"]
IMITATIONS += ["✓ Alice ✓", "Alice (author)", "ａｌｉｃｅ", "Moderator Mia", "Mla"]


@pytest.mark.parametrize("name", IMITATIONS)
def test_a_name_like_that_of_the_author_or_a_moderator_is_refused_kindly(
    client, alice, mia, published_post, name
):
    response = send(client, published_post(), "Kept.", name=name)
    assert "Please choose another" in faults(response)["name"]
    assert typed(response).items() >= {"name": name, "body": "Kept."}.items()


@pytest.mark.parametrize("name", ["Bob", "Alicia", "Ann", "Author", "Мила", "✓", "愛"])
def test_other_names_are_free_even_those_of_readers(client, alice, mia, bob, published_post, name):
    assert send(client, published_post(), name=name).status_code == 302


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("\u202eboB", names.TURNS_AROUND),
        ("Bob\u2067", names.TURNS_AROUND),
        ("B" + "\u0301" * 9 + "ob", names.TOO_MANY_MARKS),
    ],
)
def test_a_name_that_changes_what_stands_beside_it_is_refused(client, published_post, name, why):
    response = send(client, published_post(), "Kept.", name=name)
    assert faults(response)["name"] == str(why)
    assert typed(response).items() >= {"name": name, "body": "Kept."}.items()


@pytest.mark.parametrize("name", ["Ada\r\nLake", "Ada\u2028Lake", "Ada\t Lake"])
def test_a_guests_name_is_one_line(client, published_post, name):
    send(client, published_post(), name=name)
    assert only_comment().name == "Ada Lake"


def test_an_older_name_with_signs_of_direction_turns_nothing_around(client, published_post):
    post = published_post()
    comment = say(post, name="\u202eboB\n(x)")
    assert comment.writer_name == "boB (x)"
    pages = [post.get_absolute_url(), "/comments/feed/", f"{comment.get_absolute_url()}reply/"]
    for address in pages:
        text = client.get(address).text
        assert "boB (x)" in text
        assert "\u202e" not in text


def test_the_name_of_an_imported_author_without_a_role_is_free(client, person, published_post):
    author = person("june", display_name="June Harrow")
    post = published_post(author=author)
    assert impersonation.imitates("june  HARROW")
    assert list(faults(send(client, post, name="June Harrow"))) == ["name"]


def preview(client, target, **fields):
    typed_in = {"name": "Ada", "email": "", "body": "*Soft* <b>\n", "submission": "one-form"}
    return client.post(f"/comments/preview/?to={quote(reply_url(target))}", typed_in | fields)


def test_a_preview_renders_the_text_and_keeps_the_form(client, published_post):
    post = published_post()
    for target in (post, say(post)):
        response = preview(client, target)
        page = soup(response)
        assert page.select_one(".preview em").text == "Soft"
        assert "<b>" in page.select_one(".preview").text
        form = page.select_one("form#answer")
        assert form["action"] == reply_url(target)
        assert (
            typed(response).items()
            >= {
                "name": "Ada",
                "body": "*Soft* <b>\n",
                "submission": "one-form",
            }.items()
        )
        assert not page.select("[aria-invalid]")
    assert Comment.objects.count() == 1


def test_the_account_that_is_answered_is_read_with_its_comment(client, published_post, bob):
    comment = say(published_post(), user=bob, name="")
    with CaptureQueriesContext(connection) as seen:
        assert "Bob" in client.get(reply_url(comment)).text
        assert "Bob" in preview(client, comment).text
    assert [each["sql"] for each in seen if 'FROM "accounts_user" WHERE' in each["sql"]] == []


def test_the_preview_button_comes_after_the_send_button(client, published_post):
    post = published_post()
    send_it, show_it = soup(client.get(reply_url(post))).select("form#answer button[type=submit]")
    assert (send_it.text, show_it.text) == ("Send", "Preview")
    assert show_it["formaction"] == f"/comments/preview/?to={quote(reply_url(post))}"


def test_the_script_gets_only_the_preview(client, published_post):
    response = client.post("/comments/preview/", {"body": "*Soft*"}, headers={"hx-request": "true"})
    assert "<em>Soft</em>" in response.text
    assert "<html" not in response.text
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("to", ["", "/", "https://example.org/", "/posts/none/reply/", "/x\x00"])
def test_a_preview_without_a_target_gives_the_words_back(client, db, to):
    page = soup(client.post(f"/comments/preview/?to={quote(to)}", {"body": "\nKept"}))
    assert text_of(page.select_one("textarea#kept")) == "\nKept"
    assert not page.select("main form")


def test_a_preview_reveals_nothing_hidden(client, published_post):
    draft = published_post(status="draft", published_at=None, title="Unfinished")
    hidden = say(published_post(), status=Status.REMOVED, body="Nobody sees this.", name="Unseen")
    for target in (draft, say(draft), hidden, Post(slug="none")):
        text = preview(client, target).text
        assert "Unfinished" not in text
        assert "Unseen" not in text
    assert client.get("/comments/preview/").status_code == 405


@pytest.fixture
def slow(settings):
    """One network may send four comments a minute, one writer two."""
    settings.COMMENTS_A_MINUTE = 4
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def test_a_writer_over_the_limit_waits_a_little_and_loses_nothing(client, slow, published_post):
    post = published_post(published_at=NOON)
    slow.shift(timedelta(seconds=20))
    for _ in range(2):
        assert send(client, post).status_code == 302
    response = send(client, post, "\nKept – all of it")
    assert response.status_code == 429
    assert response["Retry-After"] == "40"
    assert typed(response)["body"] == "\nKept – all of it"
    assert (
        "Please wait 40 seconds"
        in BeautifulSoup(response.content, "html.parser").select_one(".form-errors").get_text()
    )
    assert Comment.objects.count() == 2
    slow.shift(timedelta(seconds=40))
    assert send(client, post).status_code == 302


def test_a_network_is_slowed_and_another_is_not(client, slow, published_post):
    post = published_post(published_at=NOON)
    names = ("Ana", "Ben", "Cleo", "Dan", "Eve")
    found = [send(client, post, name=name).status_code for name in names]
    assert found == [302, 302, 302, 302, 429]
    client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert send(client, post, name="Eve").status_code == 302


def test_an_account_is_slowed_wherever_it_writes_from(signed_in, bob, slow, published_post):
    post, client, found = published_post(published_at=NOON), signed_in(bob), []
    for last in (9, 10, 11):
        client.defaults["REMOTE_ADDR"] = f"203.0.{last}.1"
        found.append(send(client, post).status_code)
    assert found == [302, 302, 429]


def test_an_hour_has_its_own_limit(client, slow, published_post):
    post, found = published_post(published_at=NOON), []
    for _ in range(21):
        found.append(send(client, post).status_code)
        slow.shift(timedelta(seconds=60))
    assert found == [302] * 20 + [429]


def test_a_limit_of_zero_slows_nobody(client, slow, settings, published_post):
    settings.COMMENTS_A_MINUTE = 0
    post = published_post(published_at=NOON)
    assert {send(client, post).status_code for _ in range(8)} == {302}

"""A form whose CSRF token is stale is sent by one more press, or by our script's own."""

from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from comments.models import Comment, Reaction, Report, Subscription
from tests.comments.factories import say, stored
from tests.comments.http import reply_url, send, text_of, visit

pytestmark = pytest.mark.django_db
WORDS = "\nI waited an *hour* – and came back. 🌱"
BACKEND = "django.contrib.auth.backends.ModelBackend"
KEY = "X-Form-Key"
HTMX = {"hx-request": "true"}


@pytest.fixture
def strict():
    """A client with CSRF checks, as in production."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def comment(published_post):
    return say(published_post(comment_mode="open"), email="wren@example.org")


def offered(response):
    """``(action, fields)`` of the form in an answer, as a browser would send it."""
    form = BeautifulSoup(response.content, "html.parser").select_one("main form.form")
    fields = {}
    for field in form.select("input[name]"):
        fields.setdefault(field["name"], []).append(field.get("value", ""))
    return form["action"], fields | {
        area["name"]: text_of(area) for area in form.select("textarea")
    }


def sends_again(strict, address, fields):
    """Send a form with a stale token, and what comes back once more; return the last answer."""
    refused = strict.post(address, fields | {"csrfmiddlewaretoken": "x" * 64})
    assert refused.status_code == 403
    assert "no-store" in refused["Cache-Control"]
    return strict.post(*offered(refused))


def test_an_answer_goes_through(strict, comment):
    assert (
        sends_again(strict, reply_url(comment), {"name": "Ada", "body": WORDS}).status_code == 302
    )
    assert Comment.objects.latest("pk").body == WORDS


def test_a_preview_goes_through(strict, comment):
    address = f"/comments/preview/?to={quote(reply_url(comment))}"
    assert "<em>hour</em>" in sends_again(strict, address, {"name": "Ada", "body": WORDS}).text


def test_a_report_goes_through(strict, comment):
    fields = {"reason": "unkind", "text": "He always\ndoes this."}
    sends_again(strict, f"{comment.get_absolute_url()}report/", fields)
    report = Report.objects.get()
    assert (report.reason, report.text.split()) == ("unkind", fields["text"].split())


def test_a_reaction_goes_through(strict, comment):
    address = f"{comment.get_absolute_url()}reaction/"
    kind = visit(strict, address).select_one("button[name=give]")["value"]
    assert sends_again(strict, address, {"give": kind}).status_code == 302
    assert Reaction.objects.get().comment == comment


def test_following_goes_through(strict, comment):
    address = f"{comment.post.get_absolute_url()}following/"
    sends_again(strict, address, {"email": "ada@example.org", "rhythm": "daily"})
    assert Subscription.objects.get().address.email == "ada@example.org"


def test_subscribing_to_new_posts_goes_through_and_shows_the_address(strict, comment):
    refused = strict.post("/subscribe/", {"email": "ada@example.org", "rhythm": "at-once"})
    assert 'value="ada@example.org"' in refused.text
    answer = strict.post(*offered(refused))
    assert (answer.status_code, answer.templates[0].name) == (
        200,
        "blog/newsletter/subscribe_done.html",
    )


def test_taking_back_goes_through(strict, published_post):
    send(strict, published_post())
    strict.post(*offered(send(strict, published_post(), name="Ada")))
    comment = Comment.objects.get()
    address = f"{comment.get_absolute_url()}receipt/withdrawal/"
    assert sends_again(strict, address, {}).status_code in {200, 302}
    assert stored(comment).body == ""


def test_ticks_of_several_values_all_come_back(strict, comment):
    refused = strict.post("/content-notes/", {"open": ["1", "3"]})
    assert offered(refused)[1]["open"] == ["1", "3"]


# -- with scripts --------------------------------------------------------------------------


def test_our_script_gets_a_token_that_goes_through(strict, comment):
    fields = {"name": "Ada", "body": WORDS}
    refused = strict.post(reply_url(comment), fields, headers=HTMX)
    assert refused.status_code == 403
    answer = strict.post(
        reply_url(comment), fields | {"csrfmiddlewaretoken": refused[KEY]}, headers=HTMX
    )
    assert answer["HX-Redirect"]
    assert Comment.objects.latest("pk").body == WORDS


def test_nobody_else_gets_a_token(strict, comment):
    fields = {"name": "Ada", "body": WORDS}
    elsewhere = HTMX | {"origin": "https://evil.example"}
    assert KEY not in strict.post(reply_url(comment), fields, headers=elsewhere)
    assert KEY not in strict.post(reply_url(comment), fields)
    assert KEY not in strict.post("/account/login/", {"login": "alice"}, headers=HTMX)


def opened(client, post):
    """Return the fields of a form as it is opened now, with a text in it."""
    page = visit(client, reply_url(post))
    hidden = page.select("form.form input[type=hidden]")
    return {field["name"]: field.get("value", "") for field in hidden} | {"body": WORDS}


def test_who_signed_in_meanwhile_is_told_under_which_name_it_would_appear(strict, bob, comment):
    fields = opened(strict, comment.post) | {"name": "Night Heron"}
    strict.force_login(bob, backend=BACKEND)
    strict.cookies.pop("csrftoken")
    refused = strict.post(reply_url(comment.post), fields, headers=HTMX)
    assert refused[KEY] == ""
    page = strict.post(reply_url(comment.post), fields)
    assert f"You’re now signed in as {bob.name}" in page.text
    assert offered(page)[1]["name"] == ["Night Heron"]
    assert strict.post(*offered(page)).status_code == 302
    sent = Comment.objects.latest("pk")
    assert (sent.user, sent.body) == (bob, WORDS)


def test_another_account_and_an_ended_session_are_told_apart_too(strict, bob, alice, comment):
    strict.force_login(alice, backend=BACKEND)
    fields = opened(strict, comment.post)
    strict.force_login(bob, backend=BACKEND)
    strict.cookies.pop("csrftoken", None)
    assert strict.post(reply_url(comment.post), fields, headers=HTMX)[KEY] == ""
    strict.cookies.clear()
    page = strict.post(reply_url(comment.post), fields)
    assert "You’re no longer signed in." in page.text
    asked = strict.post(*offered(page))
    assert "Please choose a name" in asked.text
    page = BeautifulSoup(asked.content, "html.parser")
    assert WORDS in {text_of(area) for area in page.select("textarea")}


def test_the_same_account_signed_in_again_needs_no_further_page(strict, bob, comment):
    strict.force_login(bob, backend=BACKEND)
    fields = opened(strict, comment.post)
    strict.cookies.clear()
    strict.force_login(bob, backend=BACKEND)
    assert strict.post(reply_url(comment.post), fields, headers=HTMX)[KEY]

"""While the database is away, people get a sentence, and every word that they sent."""

import pytest
from bs4 import BeautifulSoup
from django.db import InterfaceError, InternalError, OperationalError, ProgrammingError
from django.test import Client

from comments.models import Comment

WORDS = "She waited on the pier until the lamps went out."


@pytest.fixture
def post(published_post):
    return published_post(slug="pier", comment_mode="open")


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.fixture
def fails(monkeypatch):
    """Let posting fail with an exception."""

    def with_error(error):
        def post_comment(*args, **kwargs):
            raise error

        monkeypatch.setattr("comments.posting.create.post_comment", post_comment)

    return with_error


def read_only():
    error, cause = InternalError("cannot execute INSERT"), Exception()
    cause.sqlstate = "25006"
    error.__cause__ = cause
    return error


OUTAGES = [OperationalError("database is locked"), InterfaceError("closed"), read_only()]


def send(visitor, **more):
    fields = {"name": "Ana", "body": WORDS, "email": "ana@example.org", "follow": "on"}
    return visitor.post("/posts/pier/reply/", fields, **more)


@pytest.mark.parametrize("error", OUTAGES, ids=lambda error: type(error).__name__)
def test_a_comment_that_cannot_be_stored_comes_back_in_a_form(post, visitor, fails, error):
    fails(error)
    answer = send(visitor)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "no-store" in answer["Cache-Control"]
    form = BeautifulSoup(answer.content, "html.parser").form
    assert (form["method"], form["action"]) == ("post", "/posts/pier/reply/")
    typed = {field["name"]: field.get("value", field.text) for field in form.select("[name]")}
    assert typed["body"].strip() == WORDS
    assert (typed["name"], typed["email"], typed["follow"]) == ("Ana", "ana@example.org", "on")
    assert "Nothing is lost" in answer.text


def test_the_form_that_came_back_can_be_sent(post, visitor, fails, monkeypatch):
    strict = Client(raise_request_exception=False, enforce_csrf_checks=True)
    page = BeautifulSoup(strict.get("/posts/pier/reply/").content, "html.parser")
    token = page.select_one("main [name=csrfmiddlewaretoken]")["value"]
    fields = {"name": "Ana", "body": WORDS, "csrfmiddlewaretoken": token}
    with monkeypatch.context() as broken:
        broken.setattr("comments.posting.create.post_comment", lambda *a, **k: 1 / 0)
        assert strict.post("/posts/pier/reply/", fields).status_code == 500
    with monkeypatch.context():
        fails(OUTAGES[0])
        came_back = strict.post("/posts/pier/reply/", fields)
    monkeypatch.undo()
    form = BeautifulSoup(came_back.content, "html.parser").form
    again = {field["name"]: field.get("value", field.text) for field in form.select("[name]")}
    assert strict.post(form["action"], again).status_code == 302
    assert Comment.objects.get().body.strip() == WORDS


@pytest.mark.parametrize("error", [ProgrammingError("a mistake"), InternalError("?"), ValueError()])
def test_a_mistake_of_ours_is_said_to_be_one_and_the_words_come_back(post, visitor, fails, error):
    fails(error)
    answer = send(visitor)
    assert answer.status_code == 500
    assert "It’s our fault, not yours." in answer.text
    assert BeautifulSoup(answer.content, "html.parser").textarea.text.strip() == WORDS


def test_who_would_wait_too_long_gets_their_words_without_a_query(
    post, visitor, django_assert_num_queries
):
    with django_assert_num_queries(0):
        answer = send(visitor, **{"hearth.busy": True})
    assert answer.status_code == 503
    assert WORDS in answer.text
    assert answer["Content-Security-Policy"]


def test_a_password_never_comes_back(db, visitor):
    sent = {"login": "bob", "password": "correct horse", "name": "Bob"}
    answer = visitor.post("/account/login/", sent, **{"hearth.busy": True})
    assert answer.status_code == 503
    assert "correct horse" not in answer.text


@pytest.mark.parametrize(
    "sent",
    [
        {"data": b"\xff\x00", "content_type": "application/x-www-form-urlencoded"},
        {"data": b"--x", "content_type": "multipart/form-data; boundary=x"},
        {"data": b"", "content_type": "multipart/form-data"},
        {"data": b"a=b&" * 5000, "content_type": "application/x-www-form-urlencoded"},
    ],
)
def test_what_is_no_form_is_answered_too(db, visitor, sent):
    answer = visitor.generic("POST", "/posts/x/reply/", **sent, **{"hearth.busy": True})
    assert answer.status_code == 503


def test_a_reader_is_told_to_come_back(db, visitor):
    answer = visitor.get("/search/", **{"hearth.busy": True})
    assert answer.status_code == 503
    assert "Please try again in a minute." in answer.text

"""No form reveals whether an account exists: not by text, by status, or by the work it causes.

Work is counted, not timed: database queries and hashed passwords, which take longer than
everything else together."""

import re

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Mail
from tests.conftest import PASSWORD

WRONG = "another walk by the lake"


@pytest.fixture
def hashed(monkeypatch):
    """How many passwords were hashed, in a list that grows."""
    found, encode = [], hashers.MD5PasswordHasher.encode

    def counted(self, password, salt):
        found.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
    return found


@pytest.fixture
def answer(hashed):
    """A function that sends a form from a fresh browser and returns what the answer shows."""

    def send(path, fields, hide):
        client = Client()
        client.get(path)
        del hashed[:]
        posted = Mail.objects.count()
        with CaptureQueriesContext(connection) as queries:
            page = client.post(path, fields)
        work = len(queries)
        last = client.get(page.headers["Location"]) if page.status_code == 302 else page
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", last.content.decode())
        kept = {name: morsel["path"] for name, morsel in client.cookies.items()}
        return {
            "status": (page.status_code, page.headers.get("Location"), last.status_code),
            "text": text.replace(hide, "HIDDEN"),
            "cookies": kept,
            "passwords hashed": len(hashed),
            "mails posted": Mail.objects.count() - posted,
        }, work

    return send


FORMS = {
    "sign in by name": (
        "/account/login/",
        lambda who: {"login": who, "password": WRONG},
        ("bob", "eve"),
    ),
    "sign in by address": (
        "/account/login/",
        lambda who: {"login": who, "password": WRONG},
        ("bob@example.org", "eve@example.org"),
    ),
    "a code by mail": (
        "/account/login/code/",
        lambda who: {"email": who},
        ("bob@example.org", "eve@example.org"),
    ),
    "a new password": (
        "/account/password/reset/",
        lambda who: {"email": who},
        ("bob@example.org", "eve@example.org"),
    ),
    "sign up": (
        "/account/signup/",
        lambda who: {
            "username": "somebody",
            "email": who,
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
        ("bob@example.org", "eve@example.org"),
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_an_answer_is_the_same_whether_there_is_an_account_or_not(bob, answer, name):
    path, fields, (known, unknown) = FORMS[name]
    one, _work = answer(path, fields(known), known)
    other, _work = answer(path, fields(unknown), unknown)
    assert one == other


# Creating an account writes rows, and so does a code or a link: a few more statements, each far
# below the noise of the network. More would tell a close observer that the account exists.
ALIKE = 12


@pytest.mark.parametrize("name", FORMS)
def test_an_answer_takes_about_as_many_queries_with_an_account_as_without(bob, answer, name):
    path, fields, (known, unknown) = FORMS[name]
    _, one = answer(path, fields(known), known)
    _, other = answer(path, fields(unknown), unknown)
    assert abs(one - other) <= ALIKE


def test_an_account_without_a_password_hashes_as_many_passwords(imported, answer):
    path, fields, _ = FORMS["sign in by name"]
    one, _ = answer(path, fields("Ottilie"), "Ottilie")
    other, _ = answer(path, fields("eve"), "eve")
    assert one == other


def test_an_inactive_account_with_a_wrong_password_looks_like_no_account(person, answer):
    person("dora", is_active=False)
    path, fields, _ = FORMS["sign in by name"]
    one, _ = answer(path, fields("dora"), "dora")
    other, _ = answer(path, fields("eve"), "eve")
    assert one == other


def test_a_wrong_code_says_the_same_whether_there_is_an_account_or_not(bob):
    said = []
    for email in ("bob@example.org", "eve@example.org"):
        client = Client()
        client.post("/account/login/code/", {"email": email})
        page = client.post("/account/login/code/confirm/", {"code": "AAAAAA"})
        text = re.sub(r'value="\w+"', "", page.content.decode()).replace(email, "HIDDEN")
        said.append((page.status_code, text))
    assert said[0] == said[1]


def test_a_profile_that_is_not_public_looks_like_no_account(bob, client):
    pages = [client.get(f"/people/{name}/") for name in ("bob", "eve")]
    assert [page.status_code for page in pages] == [404, 404]
    assert pages[0].content.replace(b"bob", b"eve") == pages[1].content


def test_an_address_without_an_account_gets_one_mail_a_day_whoever_types_it(db, time_machine):
    time_machine.move_to("2030-05-01 12:00Z")
    for _ in range(2):
        Client().post("/account/password/reset/", {"email": "eve@example.org"})
        Client().post("/account/login/code/", {"email": "EVE@example.org"})
    assert Mail.objects.count() == 1
    time_machine.move_to("2030-05-02 12:00Z")
    Client().post("/account/login/code/", {"email": "eve@example.org"})
    assert Mail.objects.count() == 2


@pytest.mark.parametrize(
    ("path", "fields", "most"),
    [
        ("/account/signup/", {"username": "x"}, 20),
        ("/account/login/code/", {"email": "eve@example.org"}, 3),
        ("/account/password/reset/", {"email": "eve@example.org"}, 5),
    ],
)
def test_sign_in_attempts_are_limited_for_each_network(db, path, fields, most):
    """Counted by the keyed hash of the network: its neighbours count with it."""
    for place in range(most):
        assert not waits(Client(REMOTE_ADDR=f"203.0.113.{place}").post(path, fields))
    answers = [
        Client(REMOTE_ADDR=f"203.0.113.{place}").post(path, other(fields, place))
        for place in range(most, 25)
    ]
    assert waits(answers[-1])
    assert not waits(Client(REMOTE_ADDR="198.51.100.7").post(path, other(fields, 99)))


def waits(page):
    """Return whether the answer asks to wait."""
    return page.status_code == 429 or "Too many failed" in page.content.decode()


def other(fields, number):
    """The same from somebody else: an address has a count of its own."""
    return {name: f"{number}-{value}" for name, value in fields.items()}

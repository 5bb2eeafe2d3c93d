"""No request, however it is written, is answered with 500, and what cannot be read with 400."""

import re

import pytest
from django.test import Client, RequestFactory
from django.urls import get_resolver

from comments.guests import receipt_tokens
from comments.tree.status import Status
from tests.comments.factories import say
from tests.house.admin_urls import BACKEND, routes
from tests.house.odd_requests import EXTENDED, FORM, ODD, UNREADABLE, UNREADABLE_FORMS

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
# Ends the session, and with it what the other addresses have to show.
LEAVING = re.compile(r"logout|sessions|leave")


@pytest.fixture
def addresses(published_post):
    """Every address of the site once, with a row behind it where one is easily made."""
    post = published_post()
    held = say(post, status=Status.PENDING)
    token = receipt_tokens.renew(held)
    values = {"slug": post.slug, "pk": held.pk, "token": token, "object_id": post.pk, "year": 2026}
    expected = {"number": 1, "last": 1, "uidb36": "1", "key": "a-b", "digest": "0" * 20}

    def filled(route):
        route = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", route)
        route = re.sub(r"[\^$\\]", "", route)
        return re.sub(
            r"<(?:\w+:)?(\w+)>", lambda found: str((values | expected).get(found[1], "1")), route
        )

    found = [filled(route) for route in routes(get_resolver().url_patterns)]
    # The pages that Django's admin makes of a model are the same code for each: those of posts do.
    every = re.compile(r"/admin/(?!blog/post/)\w+/\w+/(|add/|1/|\w+/(change|delete|history)/)")
    found = [address for address in found if not every.fullmatch(address)]
    return [*dict.fromkeys(found), "/static/x.css", "/media/x.jpg", "/avatars/x.svg", "/nowhere/"]


def answers(addresses, ask, person=None):
    """Return ``{address: status}`` of one odd request to each address."""

    def browser():
        client = Client(raise_request_exception=False)
        if person:
            client.force_login(person, backend=BACKEND)
        return client

    client, found = browser(), {}
    for address in addresses:
        found[address] = ask(client, address).status_code
        if LEAVING.search(address):
            client = browser()
    return found


# The guard does not know to which address a request goes: each of these goes to a few.
FORMS = ("/search/", "/account/signup/", "/account/2fa/webauthn/login/", "/subscribe/")
FEW = ("/", "/account/login/", "/admin/", "/comments/preview/", "/media/x.jpg")


def test_what_cannot_be_read_is_refused():
    found = {what: answers(FEW, ask) for what, ask in UNREADABLE.items()}
    assert found == {what: dict.fromkeys(FEW, 400) for what in UNREADABLE}


def test_a_form_that_cannot_be_read_is_refused():
    found = {what: answers(FEW[:-1], ask) for what, ask in UNREADABLE_FORMS.items()}
    assert found == {what: dict.fromkeys(FEW[:-1], 400) for what in UNREADABLE_FORMS}


@pytest.mark.parametrize("what", ["hex, in parts", "a NUL in sessionid"])
def test_it_is_refused_at_every_address(owner, addresses, what):
    for person in (None, owner):
        found = answers(addresses, UNREADABLE[what], person)
        by_middleware = {"/static/x.css": 404} if what.startswith("a NUL") else {}
        wrong = {address: status for address, status in found.items() if status != 400}
        assert wrong.items() <= by_middleware.items()


def test_the_refusal_says_what_to_do():
    answer = UNREADABLE["idna, in parts"](Client(), "/account/login/")
    assert "what you typed should still be there" in answer.text
    assert "default-src 'none'" in answer["Content-Security-Policy"]


# Django closes its connection between requests, and with it the transaction of a test.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("text", EXTENDED)
def test_a_content_type_at_which_django_fails_is_refused(text):
    from config.wsgi import application

    sent = RequestFactory().post("/", b"", content_type="text/plain").environ
    status = []
    application(sent | {"CONTENT_TYPE": f"{FORM}; charset*={text}"}, lambda *a: status.append(a[0]))
    assert status == ["400 Bad Request"]


@pytest.mark.parametrize("kind", ["", "; charset=utf-8", '; CHARSET="UTF-8"'])
def test_forms_as_browsers_send_them_are_read(client, kind):
    answer = client.generic("POST", "/comments/preview/", "body=Hello", FORM + kind)
    assert answer.status_code == 200
    assert "Hello" in answer.text


@pytest.mark.parametrize("what", ODD)
def test_what_means_nothing_breaks_no_form(what):
    found = answers((*FEW, *FORMS), ODD[what])
    assert {address: status for address, status in found.items() if status >= 500} == {}


@pytest.mark.parametrize("what", ODD)
def test_what_means_nothing_breaks_no_form_of_the_owner(owner, what):
    found = answers(("/admin/login/", *FORMS), ODD[what], owner)
    assert {address: status for address, status in found.items() if status >= 500} == {}


# A walk over all addresses for each takes minutes, so it is for the night.
@pytest.mark.faults
@pytest.mark.parametrize("what", ODD)
def test_what_means_nothing_breaks_no_page(addresses, what):
    found = answers(addresses, ODD[what])
    assert {address: status for address, status in found.items() if status >= 500} == {}


@pytest.mark.faults
@pytest.mark.parametrize("what", [what for what in ODD if "form" in what or "JSON" in what])
def test_what_means_nothing_breaks_no_page_of_the_owner(owner, addresses, what):
    found = answers(addresses, ODD[what], owner)
    assert {address: status for address, status in found.items() if status >= 500} == {}

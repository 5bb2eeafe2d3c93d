"""Headers of account pages: not indexed, not cached by others, nothing inline."""

import re

import pytest

ENTRANCE = [
    "/account/login/",
    "/account/signup/",
    "/account/confirm-email/",
    "/account/confirm-email/not-a-key/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/password/reset/key/1-not-a-key/",
    "/account/password/reset/key/done/",
    "/account/inactive/",
    "/account/login/code/",
]
OWN = [
    "/account/email/",
    "/account/password/change/",
    "/account/reauthenticate/",
    "/account/profile/",
    "/account/sessions/",
    "/account/2fa/",
    "/account/second-factor/",
    "/account/logout/",
    "/account/password/reset/",
]


@pytest.fixture(params=[*ENTRANCE, *(f"signed in: {path}" for path in OWN)])
def page(request, client, bob):
    """Each page about accounts, fetched."""
    path = request.param.removeprefix("signed in: ")
    if path != request.param:
        client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(path)
    assert answer.status_code == 200
    return answer


def is_in_no_index(page):
    assert '<meta name="robots" content="noindex">' in page.text


def is_kept_by_no_cache(page):
    kept = page.headers["Cache-Control"]
    assert "no-store" in kept
    assert "private" in kept
    assert "public" not in kept


def has_nothing_inline_and_asks_nobody_else(page):
    for script in re.findall(r"<script([^>]*)>", page.text):
        # Where a passkey is used: files of ours, and data that no browser runs.
        assert re.search(r'\ssrc="/static/|\stype="application/json"', script), script
    assert "<style" not in page.text
    assert not re.search(r"\s(style|on\w+)=", page.text)
    assert not re.search(r'(src|href|action)="(https?:)?//', page.text)


def has_the_look_of_the_blog(page):
    assert page.text.count("<h1") == 1
    assert 'class="masthead"' in page.text
    assert "css/account/account.css" in page.text


def has_a_label_for_every_field(page):
    fields = re.findall(r'<input (?![^>]*type="hidden")[^>]*\bid="([^"]+)"', page.text)
    assert set(fields) <= set(re.findall(r'<label for="([^"]+)"', page.text))


def test_every_account_page_carries_the_headers(page):
    is_in_no_index(page)
    is_kept_by_no_cache(page)
    has_nothing_inline_and_asks_nobody_else(page)
    has_the_look_of_the_blog(page)
    has_a_label_for_every_field(page)


@pytest.mark.parametrize("path", OWN[:7])
def test_a_signed_out_visitor_is_sent_to_sign_in(client, db, path):
    assert client.get(path).headers["Location"].startswith("/account/login/")


def test_too_many_tries_get_a_kind_page(client, db):
    for _ in range(20):
        client.post("/account/password/reset/", {"email": "not an address"})
    for _ in range(6):
        page = client.post("/account/password/reset/", {"email": "eve@example.org"})
    assert page.status_code == 429
    assert "Please wait a few minutes" in page.content.decode()


def test_forms_speak_the_language_of_the_blog(client, db):
    """No title case, no "Remember Me": labels say what happens."""
    said = {
        "/account/login/": ["Username or email", "Stay signed in on this device", "Sign in"],
        "/account/signup/": ["Email", "Username", "Repeat password", "Create account"],
        "/account/password/reset/": ["Email", "Send email"],
    }
    for path, words in said.items():
        page = client.get(path).text
        for word in words:
            assert f">{word}<" in re.sub(r"\s*([<>])\s*", r"\1", page), (path, word)
        for foreign in ("Remember Me", "Sign In", "Sign Up", "Reset My Password", "contact us"):
            assert foreign not in page

"""One sign-in page for everybody, the admin included."""

import pytest

from accounts.models import User

PASSWORD = "/admin/password_change/"

# Who tries too often is counted in the cache.
pytestmark = pytest.mark.both_databases()


@pytest.mark.parametrize("login", ["bob", "BOB", "bob@example.org", "Bob@Example.ORG"])
def test_a_user_name_or_an_address_signs_in_in_any_case(login, bob, sign_in, signed_in_now):
    assert sign_in(login).headers["Location"] == "/"
    assert signed_in_now()


def test_a_wrong_password_does_not_sign_in(bob, sign_in, signed_in_now):
    assert sign_in("bob", "another walk by the lake").status_code == 200
    assert not signed_in_now()


def test_an_unverified_account_cannot_sign_in(person, sign_in, signed_in_now, mailoutbox):
    person("dora", verified=False)
    assert sign_in("dora").headers["Location"] == "/account/confirm-email/"
    assert not signed_in_now()
    assert mailoutbox[0].to == ["dora@example.org"]


def test_an_inactive_account_cannot_sign_in(person, sign_in, signed_in_now):
    person("dora", is_active=False)
    sign_in("dora")
    assert not signed_in_now()


def test_an_account_made_inactive_is_signed_out_at_once(bob, signed_in):
    browser = signed_in(bob)
    assert browser.get("/account/profile/").status_code == 200
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert browser.get("/account/profile/").headers["Location"].startswith("/account/login/")


def test_the_admin_sends_a_stranger_to_the_one_sign_in(client, db):
    answer = client.get("/admin/", follow=True)
    assert [step for step, _ in answer.redirect_chain][-1].startswith("/account/login/?next=")
    assert answer.status_code == 200


def test_the_admins_own_sign_in_form_takes_no_password(client, alice):
    answer = client.post("/admin/login/", {"username": "alice", "password": "a long walk"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login/")


def test_a_password_is_not_changed_or_guessed_in_the_admin(alice, signed_in):
    browser, before = signed_in(alice), alice.password
    fields = {
        "old_password": "a long walk by the lake",
        "new_password1": "twelve swans and one heron",
        "new_password2": "twelve swans and one heron",
    }
    for answer in (browser.get(PASSWORD), browser.post(PASSWORD, fields)):
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/account/password/change/"
    alice.refresh_from_db()
    assert alice.password == before


def test_signing_in_leads_to_the_page_that_was_asked_for(client, alice):
    fields = {"login": "alice", "password": "a long walk by the lake", "next": "/admin/"}
    assert client.post("/account/login/", fields).headers["Location"] == "/admin/"


def test_signing_in_never_redirects_to_another_site(client, bob):
    fields = {
        "login": "bob",
        "password": "a long walk by the lake",
        "next": "https://elsewhere.example.com/",
    }
    assert client.post("/account/login/", fields).headers["Location"] == "/"


def test_a_reader_in_the_admin_gets_a_kind_refusal(bob, signed_in):
    answer = signed_in(bob).get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "Nothing is wrong, and nothing was changed." in answer.content.decode()


def test_signing_out_asks_first(bob, signed_in, signed_in_now):
    client = signed_in(bob)
    assert client.get("/account/logout/").status_code == 200
    assert signed_in_now()
    client.post("/account/logout/")
    assert not signed_in_now()


def test_too_many_wrong_passwords_are_slowed(bob, sign_in, signed_in_now):
    for _ in range(5):
        sign_in("bob", "another walk by the lake")
    assert "Too many failed" in sign_in("bob").content.decode()
    assert not signed_in_now()


def test_a_reset_link_stops_working_once_it_is_used(client, bob, mailoutbox, link_in, sign_in):
    client.post("/account/password/reset/", {"email": "bob@example.org"})
    link = link_in(mailoutbox[0])
    form = client.get(link, follow=True)
    assert User.objects.get(pk=bob.pk).password == bob.password
    new = {"password1": "a slow boat on the lake", "password2": "a slow boat on the lake"}
    client.post(form.redirect_chain[-1][0], new)
    assert sign_in("bob", "a slow boat on the lake").headers["Location"] == "/"
    client.post("/account/logout/")
    assert "no longer works" in client.get(link, follow=True).content.decode()

"""Registration: an address counts once its mailed link was opened and the button pressed."""

import pytest

from accounts.models import User

pytestmark = pytest.mark.both_databases("accounts.auth.forms")


def test_a_new_account_has_to_verify_its_address_first(sign_up, signed_in_now):
    answer = sign_up("carol", "carol@example.org")
    assert answer.headers["Location"] == "/account/confirm-email/"
    assert not signed_in_now()
    assert not User.objects.get(username="carol").has_verified_address()


def test_following_the_link_shows_a_button_and_proves_nothing(client, sign_up, link_in, mailoutbox):
    sign_up("carol", "carol@example.org")
    page = client.get(link_in(mailoutbox[0]))
    assert page.status_code == 200
    assert '<form class="form account-form" method="post"' in page.content.decode()
    assert not User.objects.get(username="carol").has_verified_address()


def test_pressing_the_button_verifies_the_address(
    client, sign_up, sign_in, link_in, signed_in_now, mailoutbox
):
    sign_up("carol", "carol@example.org")
    client.post(link_in(mailoutbox[0]))
    assert User.objects.get(username="carol").has_verified_address()
    sign_in("carol")
    assert signed_in_now()


def test_the_proof_mail_names_nobody_and_has_no_prefix(sign_up, mailoutbox):
    sign_up("carol", "carol@example.org")
    assert mailoutbox[0].subject == "Please confirm your account email address"
    assert "carol" not in mailoutbox[0].body
    assert mailoutbox[0].from_email == "hearth@localhost"


def test_a_new_account_has_no_permissions_but_to_read_and_answer(sign_up):
    sign_up("carol", "carol@example.org")
    carol = User.objects.get(username="carol")
    assert not carol.is_staff
    assert not carol.is_superuser
    assert not carol.get_all_permissions()
    assert (carol.source, carol.source_id) == ("", "")


def test_fields_that_are_not_in_the_form_are_ignored(client, db):
    client.post(
        "/account/signup/",
        {
            "username": "carol",
            "email": "carol@example.org",
            "password1": "a long walk by the lake",
            "password2": "a long walk by the lake",
            "is_staff": "on",
            "is_superuser": "on",
            "source": "wordpress:https://old.example.org",
        },
    )
    carol = User.objects.get(username="carol")
    assert (carol.is_staff, carol.is_superuser, carol.source) == (False, False, "")


def test_a_refused_form_keeps_what_was_typed(sign_up):
    page = sign_up("carol", "carol@example.org", password="short").content.decode()
    assert 'value="carol"' in page
    assert 'value="carol@example.org"' in page
    assert "at least 10 characters" in page
    assert 'aria-invalid="true"' in page


def test_a_verified_address_goes_to_the_account_that_verified_it(
    sign_up, bob, shown_again, link_in, mailoutbox
):
    sign_up("carol", "both@example.org")
    client = shown_again(bob)
    client.post("/account/email/", {"action_add": "", "email": "both@example.org"})
    for mail in mailoutbox[1:]:
        client.post(link_in(mail))
    assert User.objects.get(username="carol").email == ""
    bob.refresh_from_db()
    assert bob.email == "both@example.org"


@pytest.mark.parametrize("password", ["password123", "1234567890123", "qwertyuiop", "carol-carol"])
def test_a_common_password_or_one_like_a_name_is_refused(sign_up, password):
    page = sign_up("carol-carol", "carol@example.org", password=password)
    assert page.status_code == 200
    assert 'id="id_password1_error"' in page.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("username", ["carol@example.net", "", " ", "a/b", "x" * 151, "a\x00b"])
def test_an_invalid_user_name_is_refused(sign_up, username):
    page = sign_up(username, "carol@example.org")
    assert page.status_code == 200
    assert not User.objects.exists()

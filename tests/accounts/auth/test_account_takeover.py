"""Nobody gets into somebody else's account, and no answer reveals who has one."""

import re

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from tests.conftest import PASSWORD


@pytest.mark.parametrize("password", ["", "!", PASSWORD])
def test_an_imported_account_opens_with_no_password(imported, password, sign_in, signed_in_now):
    sign_in("Ottilie", password)
    assert not signed_in_now()


def test_the_unusable_password_of_an_imported_account_opens_nothing(
    imported, sign_in, signed_in_now
):
    sign_in("Ottilie", imported.password)
    assert not signed_in_now()


@pytest.mark.parametrize("email", ["", "Ottilie", "ottilie@old.example.org", "@"])
def test_the_password_of_an_imported_account_cannot_be_reset(imported, email, client, mailoutbox):
    client.post("/account/password/reset/", {"email": email})
    assert not any("/password/reset/key/" in mail.body for mail in mailoutbox)


def test_a_forged_reset_link_for_an_imported_account_opens_nothing(imported, client):
    page = client.get(f"/account/password/reset/key/{imported.pk}-set-password/", follow=True)
    assert "no longer works" in page.content.decode()


@pytest.mark.parametrize("email", ["ottilie@old.example.org", "ottilie@example.org"])
def test_signing_up_never_attaches_to_an_imported_account(imported, email, sign_up):
    sign_up("someone", email)
    someone = User.objects.get(username="someone")
    imported.refresh_from_db()
    assert someone.pk != imported.pk
    assert (imported.email, imported.has_usable_password()) == ("", False)
    assert not imported.emailaddress_set.exists()


@pytest.mark.parametrize("username", ["Ottilie", "ottilie", "OTTILIE", "ｏttilie", " ottilie "])
def test_the_user_name_of_an_imported_account_is_taken_in_every_spelling(
    imported, username, sign_up
):
    page = sign_up(username, "carol@example.org")
    assert "This username is taken." in page.content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize("email", ["bob@example.org", "BOB@EXAMPLE.ORG"])
def test_signing_up_with_somebodys_address_makes_no_second_account(bob, email, sign_up, mailoutbox):
    sign_up("notbob", email)
    assert not User.objects.filter(username="notbob").exists()
    assert mailoutbox[0].to == ["bob@example.org"]


def test_the_database_refuses_a_second_account_with_an_address_in_any_case(bob):
    for email in ("bob@example.org", "Bob@Example.org"):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create(username="notbob", email=email)


def test_the_database_refuses_a_user_name_twice_in_any_case(bob):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="BOB")


def test_many_accounts_may_have_no_address(db):
    User.objects.create(username="one")
    User.objects.create(username="two")
    assert User.objects.filter(email="").count() == 2


def said(page):
    """Return the text of a page without its CSRF token, which differs each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())


def test_signing_up_says_the_same_whether_the_address_is_known_or_not(bob, client):
    def answer(username, email):
        both = {"password1": PASSWORD, "password2": PASSWORD}
        fields = {"username": username, "email": email, **both}
        page = client.post("/account/signup/", fields, follow=True)
        client.cookies.clear()
        return page.redirect_chain, said(page).replace(email, "ADDRESS")

    assert answer("one", "bob@example.org") == answer("two", "eve@example.org")


def test_asking_for_a_new_password_says_the_same_whether_the_address_is_known_or_not(bob, client):
    def answer(email):
        page = client.post("/account/password/reset/", {"email": email}, follow=True)
        return page.redirect_chain, said(page).replace(email, "ADDRESS")

    assert answer("bob@example.org") == answer("eve@example.org")


@pytest.mark.parametrize(
    ("known", "unknown"), [("bob", "eve"), ("bob@example.org", "e@example.org")]
)
def test_signing_in_says_the_same_whether_the_name_is_known_or_not(bob, sign_in, known, unknown):
    one = said(sign_in(known, "another walk by the lake")).replace(known, "NAME")
    other = said(sign_in(unknown, "another walk by the lake")).replace(unknown, "NAME")
    assert one == other


def test_two_accounts_cannot_verify_the_same_address(bob, person, shown_again, mailoutbox, link_in):
    carol = person("carol")
    client = shown_again(carol)
    client.post("/account/email/", {"action_add": "", "email": "bob@example.org"})
    for mail in list(mailoutbox):  # even if both owners press
        client.post(link_in(mail))
    bob.refresh_from_db()
    carol.refresh_from_db()
    assert (bob.email, carol.email) == ("bob@example.org", "carol@example.org")
    assert [each.email for each in carol.emailaddress_set.all()] == ["carol@example.org"]


def test_the_owner_hands_an_imported_account_over_by_its_address(
    imported, owner, client, signed_in, mailoutbox, link_in, sign_in, signed_in_now
):
    fields = {"username": "Ottilie", "email": "ottilie@example.org", "is_active": "on"}
    signed_in(owner).post(f"/admin/accounts/user/{imported.pk}/change/", fields)
    client.post("/account/logout/")
    client.post("/account/password/reset/", {"email": "ottilie@example.org"})
    form = client.get(link_in(mailoutbox[0]), follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    sign_in("Ottilie")
    assert not signed_in_now()
    asked = next(mail for mail in mailoutbox if "/confirm-email/" in mail.body)
    client.post(link_in(asked))
    sign_in("Ottilie")
    assert signed_in_now()

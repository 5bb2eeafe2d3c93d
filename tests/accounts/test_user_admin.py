"""The owner manages accounts in the admin; nobody else sees them there."""

import pytest

from accounts.models import User
from tests.conftest import PASSWORD

LIST = "/admin/accounts/user/"


@pytest.fixture
def desk(owner, signed_in):
    """The client, with the owner signed in."""
    return signed_in(owner)


def usernames(page):
    return {person.username for person in page.context["cl"].queryset}


def test_the_list_marks_imported_accounts(desk, imported, bob):
    page = desk.get(LIST).content.decode()
    assert "imported: wordpress:https://old.example.org, 7" in page
    assert usernames(desk.get(LIST, {"origin": "imported"})) == {"Ottilie"}
    assert usernames(desk.get(LIST, {"origin": "here"})) == {"bob", "owner"}


@pytest.mark.parametrize("words", ["bob", "Bob", "bob@example.org"])
def test_people_are_found_by_name_and_by_address(desk, bob, imported, words):
    assert usernames(desk.get(LIST, {"q": words})) == {"bob"}


def test_the_owner_gives_a_group_and_a_name_that_is_shown(desk, bob):
    from django.contrib.auth.models import Group

    fields = {
        "username": "bob",
        "email": "bob@example.org",
        "display_name": "Bob of the hills",
        "is_active": "on",
        "is_staff": "on",
        "groups": [Group.objects.get(name="Moderators").pk],
    }
    assert desk.post(f"{LIST}{bob.pk}/change/", fields).status_code == 302
    bob.refresh_from_db()
    assert bob.name == "Bob of the hills"
    assert bob.has_perm("comments.moderate_comment")


def test_the_origin_of_an_account_cannot_be_edited(desk, imported):
    page = desk.get(f"{LIST}{imported.pk}/change/").content.decode()
    assert "wordpress:https://old.example.org" in page
    assert 'name="source' not in page


def test_an_account_that_the_owner_creates_has_to_verify_its_address(desk, sign_in, mailoutbox):
    fields = {
        "username": "carol",
        "email": "carol@example.org",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert desk.post(f"{LIST}add/", fields).status_code == 302
    desk.post("/account/logout/")
    assert sign_in("carol").headers["Location"] == "/account/confirm-email/"
    assert mailoutbox[0].to == ["carol@example.org"]


@pytest.mark.parametrize(
    ("username", "email", "said"),
    [
        ("BOB", "carol@example.org", "This username is taken. Please choose another."),
        ("carol", "Bob@example.org", "Another account already uses this email address."),
    ],
)
def test_a_taken_name_or_address_is_refused_in_the_form(desk, bob, username, email, said):
    both = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    page = desk.post(f"{LIST}add/", {"username": username, "email": email, **both})
    assert page.status_code == 200
    assert "already exists" in page.content.decode() or said in page.content.decode()
    assert User.objects.count() == 2


def test_the_list_takes_as_many_queries_for_many_accounts_as_for_few(
    desk, person, django_assert_max_num_queries
):
    for number in range(12):
        person(f"reader{number}", group="Moderators")
    with django_assert_max_num_queries(14):
        desk.get(LIST)


@pytest.mark.parametrize("who", ["alice", "mia", "bob"])
@pytest.mark.parametrize("path", ["", "add/", "PK/change/", "PK/password/", "PK/delete/"])
def test_nobody_else_sees_accounts_in_the_admin(request, signed_in, imported, who, path):
    address = LIST + path.replace("PK", str(imported.pk))
    answer = signed_in(request.getfixturevalue(who)).get(address, follow=True)
    assert answer.status_code == 403
    assert "Ottilie" not in answer.content.decode()

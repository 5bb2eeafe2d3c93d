"""A user name belongs to one account, in whatever case, width or script somebody spells it."""

import itertools
import threading

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from accounts.auth import adapter, invitations
from accounts.models import Invitation, SignupSettings, User
from tests.conftest import PASSWORD
from tests.threads import at_once

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("accounts.models.user", "accounts.text.lookups"),
]
ALIKE = [
    ("Kostas", "kostas"),
    ("Ölga", "ölga"),
    ("ÉMIL", "émil"),
    ("Ольга", "ОЛЬГА"),
    ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ("Οδός", "ΟΔΌΣ"),
    ("Strauß", "STRAUSS"),
    ("WEIẞ", "weiß"),
    ("İlker", "ilker"),
    ("ILGAZ", "ılgaz"),
    ("ΐδα", "Ϊ́ΔΑ"),
    ("Հայկ", "ՀԱՅԿ"),
    ("ნინო", "ᲜᲘᲜᲝ"),
    ("ａｌｖａ", "Alva"),
    ("Jo\u0308rg", "JÖRG"),
    ("ﬁona", "FIONA"),
]
APART = [("Émile", "Emile"), ("Ольга", "Олга"), ("Nina", "Nino"), ("田中", "田")]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_the_same_name_in_other_letters_is_the_same_person(person, sign_in, client, one, other):
    first = person(one)
    assert User.objects.get_by_natural_key(other) == first
    assert list(User.objects.filter(username__iexact=other)) == [first]
    assert sign_in(other).status_code == 302
    assert client.session["_auth_user_id"] == str(first.pk)
    with pytest.raises(ValidationError, match=r"taken|already exists"):
        User(username=other, password="-").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username=other)
    first.username = other
    first.save(update_fields=["username"])
    assert User.objects.named(one).get().username == first.username


@pytest.mark.parametrize(("one", "other"), APART)
def test_other_names_are_other_people(person, sign_in, one, other):
    first, second = person(one), person(other)
    assert User.objects.get_by_natural_key(one) == first
    assert User.objects.get_by_natural_key(other) == second


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_every_door_says_that_it_is_taken(person, sign_up, alice, signed_in, one, other):
    person(one)
    assert "username" in sign_up(other, "new@example.org").context["form"].errors
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    both = dict.fromkeys(("password1", "password2"), PASSWORD)
    page = signed_in(alice).post(
        "/admin/accounts/user/add/", {"username": other, "email": "new@example.org", **both}
    )
    assert "username" in page.context["adminform"].form.errors
    with pytest.raises(CommandError, match="taken"):
        call_command("createsuperuser", username=other, email="x@example.org", interactive=False)
    assert User.objects.count() == 2


def test_wrong_passwords_of_one_account_are_counted_together(person, sign_in):
    person("Straße")
    for spelling in ("straße", "STRASSE", "STRAßE", "strasse", "ｓｔｒａｓｓｅ"):
        assert sign_in(spelling, "another walk by the lake").status_code == 200
    assert sign_in("Straße").status_code == 429


@pytest.fixture
def both_checked(monkeypatch):
    """Nobody's form is done with looking at the name before two of them have looked."""
    checked, calls = adapter.AccountAdapter.clean_username, itertools.count()
    two = threading.Barrier(2, timeout=60)

    def clean(self, name, shallow=False):
        found = checked(self, name, shallow)
        if next(calls) < 2:
            two.wait()
        return found

    monkeypatch.setattr(adapter.AccountAdapter, "clean_username", clean)


def signing_up(name, email, client=None):
    form = {"username": name, "email": email} | dict.fromkeys(("password1", "password2"), PASSWORD)
    return (client or Client()).post("/account/signup/", form)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_choose_one_name_at_the_same_moment_one_is_told(both_checked):
    one, other = at_once(
        lambda: signing_up("ÉMILIE", "one@example.org"),
        lambda: signing_up("émilie", "two@example.org"),
    )
    assert sorted([one.status_code, other.status_code]) == [200, 302]
    refused = one if one.status_code == 200 else other
    assert list(refused.context["form"].errors) == ["username"]
    assert refused.context["form"]["email"].value() in refused.text
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_was_a_moment_late_still_has_their_invitation(both_checked):
    SignupSettings.get()
    SignupSettings.objects.update(sign_up=SignupSettings.SignUp.INVITED)
    guests = [Client(), Client()]
    for guest in guests:
        link = invitations.make_link(Invitation.objects.create(note="for a friend"))
        path = link.partition("//")[2].partition("/")[2]
        guest.post(f"/{path}", follow=True)
    acts = [
        lambda: signing_up("ÉMILIE", "one@example.org", guests[0]),
        lambda: signing_up("émilie", "two@example.org", guests[1]),
    ]
    answers = at_once(*acts)
    late = [answer.status_code for answer in answers].index(200)
    assert Invitation.objects.working().count() == 1
    assert signing_up("Emma", "three@example.org", guests[late]).status_code == 302
    assert not Invitation.objects.working().exists()


# -- accounts from before ------------------------------------------------------------------

BEFORE = ("accounts", "0004_ability_of_the_mail_server")


@pytest.fixture
def two_of_one_name(transactional_db):
    """Two accounts whose names differ by case alone, as SQLite took them before."""
    MigrationExecutor(connection).migrate([BEFORE])
    with connection.schema_editor() as editor:
        # PostgreSQL knew more letters than ASCII, but not these.
        editor.execute("DELETE FROM accounts_user")
    old = MigrationExecutor(connection).loader.project_state([BEFORE]).apps
    people = old.get_model("accounts", "User").objects
    for name, email in (("Strauß", "One@example.org"), ("STRAUSS", "two@example.org")):
        people.create(username=name, email=email, password=make_password(PASSWORD), is_active=True)
    people.create(username="İlker", email="", password="!")
    call_command("migrate", verbosity=0)
    for user in User.objects.exclude(email=""):
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return User.objects.get(username="Strauß"), User.objects.get(username="STRAUSS")


def test_two_accounts_of_one_name_both_keep_it(two_of_one_name, client):
    one, other = two_of_one_name
    assert one.email == "one@example.org"
    assert one.username_key != other.username_key
    assert User.objects.get_by_natural_key("ilker").username == "İlker"
    for user in two_of_one_name:
        assert User.objects.get_by_natural_key(user.username) == user
        for login in (user.username, user.email):
            browser = Client()
            answer = browser.post("/account/login/", {"login": login, "password": PASSWORD})
            assert answer.status_code == 302
            assert browser.session["_auth_user_id"] == str(user.pk)
    assert User.objects.get_by_natural_key("strauß") == one  # the one who was there first
    assert "username" in signing_up("sTRAUSS", "new@example.org").context["form"].errors


def test_two_accounts_of_one_name_can_be_saved_shown_and_renamed(two_of_one_name, client):
    one, other = two_of_one_name
    for user in two_of_one_name:
        browser = Client()
        browser.force_login(user, "django.contrib.auth.backends.ModelBackend")
        form = {"display_name": "", "bio": f"I am {user.pk}"}
        form |= {"rhythm": "daily", "website": ""}
        answer = browser.post("/account/profile/", form)
        assert answer.status_code == 302, answer.context["form"].errors
        User.objects.filter(pk=user.pk).update(is_public=True)
        page = client.get(f"/people/{user.username}/")
        assert f"I am {user.pk}" in page.text
    other = User.objects.get(pk=other.pk)
    other.username = "Anna"
    other.full_clean()
    other.save()
    assert User.objects.get_by_natural_key("ANNA") == other
    assert User.objects.named("STRAUSS").get() == one

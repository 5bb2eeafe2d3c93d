"""Authors of an imported blog get accounts that nobody can take over."""

import pytest
from django.contrib.auth import get_user_model

from accounts.refusal import Refused
from blog.models import Post
from tests.blog.importing import author, move_in, post

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("blog.import_loader")]


def people():
    return get_user_model().objects.exclude(source="")


def test_an_imported_author_gets_an_account_without_permissions():
    move_in(author("alice", "alice@example.com", "Alice A."), post())
    alice = people().get()
    assert (alice.username, alice.display_name, alice.email) == ("alice", "Alice A.", "")
    assert not alice.has_usable_password()
    assert not any([alice.is_staff, alice.is_superuser, alice.groups.exists()])
    assert not alice.emailaddress_set.exists()
    assert Post.objects.get().author == alice


def test_signing_up_with_the_old_address_does_not_take_the_account_over(client):
    move_in(author("alice", "alice@example.com", "Alice"), post())
    form = {"email": "alice@example.com", "username": "stranger"}
    form |= dict.fromkeys(["password1", "password2"], "a long walk by the lake")
    client.post("/account/signup/", form)
    client.post("/account/password/reset/", {"email": "alice@example.com"})
    assert people().get().email == ""
    assert not people().get().has_usable_password()


def test_a_local_account_of_the_same_name_is_never_taken(alice):
    report = move_in(author("Alice", "alice@example.org", "Other Alice"), post(creator="Alice"))
    assert Post.objects.get().author != alice
    assert people().get().username == "Alice-2"
    assert "Alice → Alice-2" in "".join(report.lines())


def test_a_writer_whom_nobody_declared_gets_an_account_too():
    move_in(author("alice"), post(creator="carol"), post(post_id=2, creator=">carol"))
    assert set(people().values_list("username", flat=True)) == {"alice", "carol"}


def test_every_post_gets_an_author():
    move_in(post(creator=""))
    assert Post.objects.get().author.name == "Unknown author"


def test_an_address_used_as_a_login_is_not_made_public():
    move_in(author("carol@example.org"), post(creator="carol@example.org"))
    assert (people().get().username, people().get().display_name) == ("carol", "carol")


def test_authors_can_be_mapped_to_accounts_and_stay_mapped(alice):
    parts = [author("boss"), post(creator="boss")]
    report = move_in(*parts, mapping={"Boss": "alice"})
    assert Post.objects.get().author == alice
    assert report.counts["people"]["here"] == 1
    move_in(*parts, post(post_id=2, creator="boss"))
    assert set(Post.objects.values_list("author", flat=True)) == {alice.pk}
    assert not people().exists()


@pytest.mark.parametrize(("login", "username"), [("nobody", "alice"), ("boss", "nobody")])
def test_a_mapping_that_names_nobody_is_refused(alice, login, username):
    with pytest.raises(Refused, match="nobody"):
        move_in(author("boss"), post(creator="boss"), mapping={login: username})


def test_odd_logins_become_user_names():
    logins = ["Jürgen Groß", "мария", "💛", "a" * 300, "x/../y"]
    move_in(*(post(post_id=n, creator=login) for n, login in enumerate(logins, 1)))
    for user in people():
        user.full_clean(exclude=["password"])
    assert people().count() == 5

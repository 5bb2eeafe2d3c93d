"""Look-ups know the letters of every script, on both databases."""

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.mail import outbox, refusals
from accounts.models import Mail, User
from accounts.text import spelling

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases(
        "accounts.text.lookups", "accounts.models.user", "accounts.mail.refusals"
    ),
]
# What is typed, and what it has to find.
SPELLINGS = [
    ("нина", "Нина Котова"),
    ("КОТОВА", "Нина Котова"),
    ("елена", "Елёна"),
    ("ΣΟΦΊΑ", "Σοφία"),
    ("joerg", "Jörg"),
    ("jorg", "Jo\u0308rg"),
    ("Jörg", "joerg"),
    ("weiss", "Weiß"),
    ("WEIẞ", "weiss"),
    ("cant", "I can’t"),
    ("can`t", "cant"),
    ("coop", "co-op"),
    ("co-op", "coop"),
    ("25000", "25 000"),
    ("25,000", "25.000"),
    ("قديمي", "قدیمی"),
    ("١٩٨٧", "1987"),
    ("c++", "C++ and more"),
    ("🎂", "a 🎂"),
    ("山", "山道"),
    ("서울", "서울에서"),
    ("/notes/", "/notes/one/"),
    ("--", "a -- b"),
    ("^a.*[b]$", "^a.*[b]$"),
    ("\\", "a\\b"),
    ("100%", "at 100% now"),
    ("a_b", "a_b"),
    ("istanbul", "İstanbul"),
    ("fire", "ﬁre"),
    ("\x00nina", "Nina"),
]
OTHERS = [
    ("c++", "Vitamin C"),
    ("fuel", "full"),
    ("joerg", "jerg"),
    ("a.*b", "a and b"),
    ("100%", "100 now"),
    ("a_b", "axb"),
]


@pytest.mark.parametrize(("typed", "text"), SPELLINGS)
def test_a_name_is_found_in_any_spelling(bob, typed, text):
    User.objects.filter(pk=bob.pk).update(display_name=text)
    assert User.objects.filter(display_name__finds=typed).exists()


@pytest.mark.parametrize(("typed", "text"), OTHERS)
def test_another_name_is_not_found(bob, typed, text):
    User.objects.filter(pk=bob.pk).update(display_name=text)
    assert not User.objects.filter(display_name__finds=typed).exists()


@pytest.mark.parametrize("typed", ["[", "(", "a{2", "\\Qa", "***", "]-[", "😀" * 50, "ß" * 200])
def test_nothing_that_is_typed_is_an_error(bob, typed):
    assert not User.objects.filter(display_name__finds=typed).exists()


def test_of_a_long_word_its_beginning_is_looked_for(bob):
    """The pattern of each letter is long: 10,000 of them took seconds."""
    User.objects.filter(pk=bob.pk).update(display_name="x" * 80)
    assert User.objects.filter(display_name__finds="x" * 70 + "y" * 10_000).exists()


def test_a_pattern_of_nothing_is_empty():
    assert spelling.pattern("") == spelling.pattern("\x00") == ""


@pytest.mark.parametrize(
    ("lookup", "typed"),
    [("iexact", "ÖLGA ЕЛКИНА"), ("icontains", "лк"), ("istartswith", "öL"), ("iendswith", "КИНА")],
)
def test_djangos_own_lookups_know_the_case_of_every_letter(bob, lookup, typed):
    User.objects.filter(pk=bob.pk).update(display_name="Ölga Елкина")
    assert User.objects.filter(**{f"display_name__{lookup}": typed}).exists()
    assert not User.objects.filter(**{f"display_name__{lookup}": f"{typed}%"}).exists()


@pytest.mark.parametrize(
    ("one", "other"), [("Ölga", "ölga"), ("Ольга", "ОЛЬГА"), ("Kostas", "kostas"), ("Οδός", "ΟΔΌΣ")]
)
def test_user_names_are_unique_without_regard_to_case(person, one, other):
    first = person(one)
    assert User.objects.get_by_natural_key(other) == first
    with pytest.raises(ValidationError, match="taken"):
        User(username=other, password="-").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username=other)
    first.username = other
    first.save(update_fields=["username"])
    assert User.objects.named(one).get().username == other


def test_addresses_of_accounts_are_unique_without_regard_to_case(person):
    User.objects.create(username="one", email="Ölga@example.org")
    with pytest.raises(ValidationError, match="address"):
        User(username="two", password="-", email="ölga@example.org").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="two", email="öLGA@example.org")


def test_signing_up_with_a_taken_name_in_other_letters_is_refused(client, person):
    person("Ölga")
    form = {"email": "new@example.org", "username": "ölga"}
    form |= dict.fromkeys(("password1", "password2"), "a long walk by the lake")
    assert "username" in client.post("/account/signup/", form).context["form"].errors


@pytest.mark.parametrize("typed", ["öLGA@EXAMPLE.org", "Ölga@example.org", "ölga@example.ORG"])
def test_addresses_of_mails_are_the_same_in_any_case(db, typed):
    now = timezone.now()
    gone = {"due_at": now, "given_up_at": now, "last_error": refusals.REFUSED}
    for _ in range(refusals.MOST):
        Mail.objects.create(name="news", to_address="Ölga@example.org", **gone)
    assert refusals.note(typed)
    outbox.delete_mails_to(typed)
    assert not Mail.objects.exists()


def test_every_list_of_the_desk_is_searched_in_any_spelling():
    """An ``=`` is for numbers; what Django's own lists search are keys and names of groups."""
    plain = {
        f"{model._meta.label} {field}"
        for model, desk in admin.site._registry.items()
        for field in desk.search_fields
        if not field.endswith("__finds") and not field.startswith("=")
    }
    assert plain <= {"auth.Group name"}

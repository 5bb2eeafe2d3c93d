"""Fixtures of the tests about accounts: filled-in forms, imported people, mail."""

import re
from collections.abc import Sequence

import pytest

from tests.conftest import PASSWORD


@pytest.fixture
def sign_up(client, db):
    """A function that fills in the sign-up form: sign_up("carol", "carol@example.org")."""

    def send(username, email, password=PASSWORD):
        return client.post(
            "/account/signup/",
            {"username": username, "email": email, "password1": password, "password2": password},
        )

    return send


@pytest.fixture
def sign_in(client, db):
    """A function that fills in the sign-in form, with a user name or an address."""

    def send(login, password=PASSWORD):
        return client.post("/account/login/", {"login": login, "password": password})

    return send


@pytest.fixture
def shown_again(signed_in):
    """A function that signs a person in who then gives their password again: shown_again(bob)."""

    def show(user, password=PASSWORD):
        client = signed_in(user)
        client.post("/account/reauthenticate/", {"password": password})
        return client

    return show


@pytest.fixture
def signed_in_now(client, db):
    """A function that tells whether the client is signed in."""
    return lambda: "_auth_user_id" in client.session


@pytest.fixture
def link_in():
    """A function that returns the path of the first link in a mail."""
    return lambda mail: re.search(r"https?://[^/\s]+(/\S+)", mail.body)[1]


@pytest.fixture
def imported(db):
    """An author that an import brought along: no address, no password."""
    from accounts.models import User

    user = User(username="Ottilie", source="wordpress:https://old.example.org", source_id="7")
    user.set_unusable_password()
    user.save()
    return user


class Arrived(Sequence):
    """The mails that have arrived; those that are due are sent when the list is read."""

    def __getitem__(self, index):
        return self._all()[index]

    def __len__(self):
        return len(self._all())

    def _all(self):
        from django.core import mail

        from accounts.mail import outbox

        outbox.do_due()
        return mail.outbox


@pytest.fixture
def mailoutbox(_dj_autoclear_mailbox):
    """pytest-django's fixture, filled through the outbox that every mail goes through."""
    return Arrived()

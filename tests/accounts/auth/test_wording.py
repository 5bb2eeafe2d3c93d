"""What is refused while signing up and in is said in Hearth's words, not in those of a package."""

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from bs4 import BeautifulSoup

from accounts.auth import wording
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
SIGN_UP, SIGN_IN = "/account/signup/", "/account/login/"


def text(answer):
    return BeautifulSoup(answer.content, "html.parser").main.get_text(" ", strip=True)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        (
            "81749203316654",
            "This password has only digits. Please add letters or other characters.",
        ),
        ("lake9", "This password is too short. Please use at least 10 characters."),
        ("carol.carol", "This password is too similar to the username. Please choose another."),
        ("1q2w3e4r5t", "Many people use this password. Please choose another."),
    ],
)
def test_a_password_that_is_refused_says_why_and_what_to_do(client, password, said):
    form = {"username": "carol.carol", "email": "ada@example.org"}
    answer = client.post(SIGN_UP, form | {"password1": password, "password2": password})
    assert said in text(answer)


@pytest.mark.parametrize(
    ("login", "said"),
    [
        ("alice", "The username or the password isn’t right. Please check."),
        ("alice@example.org", "The email address or the password isn’t right. Please check."),
    ],
)
def test_a_wrong_password_does_not_say_which_half_is_wrong(client, alice, login, said):
    assert said in text(client.post(SIGN_IN, {"login": login, "password": f"{PASSWORD}x"}))


def test_each_sentence_replaces_one_of_the_package():
    assert set(wording.ERRORS) <= set(DefaultAccountAdapter.error_messages)
    assert set(wording.SECOND_FACTOR_ERRORS) <= set(DefaultMFAAdapter.error_messages)

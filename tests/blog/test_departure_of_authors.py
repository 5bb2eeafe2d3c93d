"""What authors are asked before they leave: to whom their posts go."""

import pytest

from accounts.privacy import departure
from accounts.privacy.registry import DataSubject
from tests.comments.http import soup
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
EVERYTHING = "/account/leave/everything/"


def asked(signed_in, user):
    client = signed_in(user)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client, soup(client.get(EVERYTHING))


def test_with_few_authors_each_is_a_choice_that_is_seen(signed_in, alice, owner, published_post):
    published_post()
    _client, page = asked(signed_in, alice)
    assert [each["value"] for each in page.select("[name=posts]")] == [
        f"to:{owner.pk}",
        "unpublish",
    ]
    told = page.find(id=page.select_one("fieldset")["aria-describedby"])
    assert "Readers can’t see unpublished posts" in told.text


def test_among_many_authors_none_is_chosen_before_somebody_chooses(
    signed_in, alice, person, published_post
):
    published_post()
    names = [f"author{number}" for number in range(6)]
    others = [person(name, group="Authors", is_staff=True) for name in names]
    client, page = asked(signed_in, alice)
    options = [each["value"] for each in page.select("select[name=posts] option")]
    assert options[0] == ""
    assert {f"to:{each.pk}" for each in others} | {"unpublish"} <= set(options)
    assert client.post(EVERYTHING, {"posts": ""}).status_code == 422
    assert client.post(EVERYTHING, {"posts": f"to:{others[3].pk}"}).status_code == 302
    assert departure.pending_request(DataSubject.from_user(alice))

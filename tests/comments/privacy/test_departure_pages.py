"""The pages for erasing one's data: confirmation by password, the choices, and their wording."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.utils import timezone

from accounts.models import ErasureRequest, Mail
from accounts.privacy import departure
from accounts.privacy.registry import DataSubject
from tests.accounts.smtp_server import text_of
from tests.comments.factories import say, stored
from tests.comments.http import soup
from tests.comments.mail import links_in, run_due
from tests.comments.personal_data import tomorrow
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
WORDS, EVERYTHING = "/account/leave/words/", "/account/leave/everything/"
STAY, NAMES = "/account/leave/stay/", "/account/leave/disowning/"
ASKS = (WORDS, EVERYTHING, STAY, NAMES)


@pytest.fixture
def comment(published_post, bob):
    post = published_post(comment_mode="open")
    comment = say(post, name="", user=bob, body="The second cup.")
    say(post, comment, name="Wren", body="I hear you.")
    return comment


@pytest.fixture
def known(signed_in):
    """A function that signs somebody in who has just given their password again."""

    def sign_in(user):
        client = signed_in(user)
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        return client

    return sign_in


@pytest.fixture
def as_bob(known, bob):
    return known(bob)


@pytest.mark.parametrize("address", ["/account/leave/", *ASKS])
def test_a_signed_out_visitor_is_asked_to_sign_in(client, address):
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code in {302, 405}
        assert answer.status_code == 405 or "/account/login/" in answer["Location"]


@pytest.mark.parametrize("address", ASKS)
def test_an_old_session_is_asked_for_the_password_first(signed_in, bob, comment, address):
    client = signed_in(bob)
    assert client.post(address)["Location"] == address
    assert client.get(address)["Location"].startswith("/account/reauthenticate/")
    assert not ErasureRequest.objects.exists()
    assert stored(comment).user == bob
    assert client.post("/account/reauthenticate/", {"password": "a guess"}).status_code == 200
    assert client.get(address).status_code == 302
    answer = client.post(f"/account/reauthenticate/?next={address}", {"password": PASSWORD})
    assert answer["Location"] == address
    assert client.get(address).status_code == 200
    # Giving the password does not carry out what was pressed before.
    assert not ErasureRequest.objects.exists()
    assert stored(comment).user == bob


def test_without_a_password_a_mailed_code_is_asked_for_first(client, bob, comment, post_office):
    bob.set_unusable_password()
    bob.save()

    def signs_in(address):
        confirm = client.post(address, {"email": "bob@example.org"})["Location"]
        run_due()
        code = re.search(r"^([A-Z0-9-]{6,})\s*$", text_of(post_office.mails[-1]), re.M)[1]
        return client.post(confirm, {"code": code})

    signs_in("/account/login/code/")
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        page = client.get(EVERYTHING)
        assert "with a code we’ll email you" in page.text
        assert client.post(EVERYTHING).status_code == 403
        assert stored(comment).body == "The second cup."
        anew = re.search(r'name="next" value="([^"]+)"', page.text)[1]
        assert client.post("/account/logout/", {"next": anew})["Location"] == anew
        assert client.get(EVERYTHING)["Location"].startswith("/account/login/")
        assert signs_in(anew)["Location"] == EVERYTHING
        assert client.get(EVERYTHING).status_code == 200
        client.post(EVERYTHING)
        assert stored(comment).body == ""


def test_the_page_offers_three_choices_with_what_each_affects(as_bob, comment):
    page = soup(as_bob.get("/account/leave/"))
    assert "You wrote 1 comment. One has replies: if it’s deleted, an empty line" in " ".join(
        page.main.text.split()
    )
    ways = [way.h2.text for way in page.select(".ways > section")]
    assert ways == ["Remove my name", "Erase my comments", "Erase everything"]
    assert [link["href"] for link in page.select(".ways a.button")] == [NAMES, WORDS, EVERYTHING]


@pytest.mark.parametrize("address", [WORDS, EVERYTHING])
def test_one_press_hides_the_comments_and_the_password_restores_them(as_bob, bob, comment, address):
    assert stored(comment).body == "The second cup."
    answer = as_bob.post(address)
    assert answer["Location"] == "/account/leave/"
    assert stored(comment).body == ""
    page = as_bob.get("/account/leave/").text
    assert "No one can read your comments now." in page
    # Asking again makes no second request.
    assert as_bob.get(EVERYTHING)["Location"] == "/account/leave/"
    assert as_bob.post(STAY)["Location"] == "/account/leave/"
    assert stored(comment).body == "The second cup."
    assert not ErasureRequest.objects.exists()
    assert "There’s nothing to undo." in as_bob.post(STAY).text


def test_the_mailed_link_undoes_the_erasure_without_signing_in(
    as_bob, client, comment, post_office
):
    as_bob.post(EVERYTHING)
    run_due()
    (mail,) = post_office.mails
    assert mail["Subject"] == "You asked us to erase something"
    (link,) = links_in(mail)
    client.logout()
    assert client.get(link).status_code == 200
    assert stored(comment).body == ""
    assert "Everything is as it was before" in client.post(link).text
    assert stored(comment).body == "The second cup."
    assert client.post(link).status_code == 404


def test_the_mailed_link_expires_after_a_day(as_bob, client, comment, post_office):
    as_bob.post(EVERYTHING)
    run_due()
    (link,) = links_in(post_office.mails[-1])
    with tomorrow():
        assert client.post(link).status_code == 404
        run_due()
        assert not get_user_model().objects.filter(username="bob").exists()
    assert not Mail.objects.exclude(to_address="").exists()


def test_disowning_leaves_the_comments_under_the_blogs_placeholder_name(as_bob, bob, comment):
    assert "You wrote one comment. The text stays." in as_bob.get(NAMES).text
    assert as_bob.post(NAMES)["Location"] == "/account/leave/"
    after = stored(comment)
    assert (after.body, after.user, after.disowned) == ("The second cup.", None, True)
    assert "isn’t on any comment" in as_bob.get(NAMES).text


def test_comments_waiting_to_be_erased_are_not_disowned(as_bob, bob, comment):
    as_bob.post(WORDS)
    as_bob.post(NAMES)
    assert stored(comment).user == bob


def test_the_only_owner_is_told_why_they_cannot_leave(known, owner):
    client = known(owner)
    assert "You’re this blog’s only owner." in client.get("/account/leave/").text
    answer = client.post(EVERYTHING)
    assert answer.status_code == 409
    assert departure.pending_request(DataSubject.from_user(owner)) is None


def test_an_author_has_to_choose_what_happens_to_their_posts(known, alice, owner, published_post):
    published_post()
    client = known(alice)
    assert client.post(EVERYTHING).status_code == 422
    assert client.post(EVERYTHING, {"posts": "to:999999"}).status_code == 422
    assert departure.pending_request(DataSubject.from_user(alice)) is None
    page = soup(client.get(EVERYTHING))
    offered = [each["value"] for each in page.select("input[type=radio]")]
    assert offered == [f"to:{owner.pk}", "unpublish"]
    assert client.post(EVERYTHING, {"posts": "unpublish"}).status_code == 302


def test_everybody_is_told_what_is_kept_and_why(client):
    answer = client.get("/privacy/")
    page = " ".join(soup(answer).main.text.split())
    for words in ("Your comments: the text and the name you gave.", "Why", "How long"):
        assert words in page
    assert "comments.Comment.body" in page
    assert not answer.cookies
    assert '<a href="/privacy/">Privacy</a>' in client.get("/").text

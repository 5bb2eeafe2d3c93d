"""Guests without an account, behind a mailed link: disowning, erasing, undoing."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Address, ErasureRequest
from comments.models import Comment
from comments.tree.status import Status
from tests.accounts.smtp_server import text_of
from tests.comments.factories import say, stored
from tests.comments.mail import links_in, run_due, verified

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)


@pytest.fixture
def post(published_post):
    return published_post(comment_mode="open")


@pytest.fixture
def hers(post):
    return say(post, name="Wren", body="By the lake.", verified_address=verified(ADA), email=ADA)


@pytest.fixture
def link(client, hers, post_office):
    """The path of the link that Ada was mailed."""
    return mailed(client, post_office)


def mailed(client, post_office):
    client.post("/privacy/archive/", {"email": ADA})
    run_due()
    return links_in(post_office.mails[-1])[0]


def press(link, act, sure="yes"):
    return Client().post(link, {"act": act, "sure": sure})


def test_the_first_press_only_asks_for_confirmation(link, hers):
    for act in ("disown", "words", "everything"):
        page = press(link, act, sure="")
        assert page.status_code == 200
        assert 'name="sure"' in page.text
    assert stored(hers).body == "By the lake."
    assert not ErasureRequest.objects.exists()


def test_a_guest_disowns_their_comments(link, hers):
    assert "Your name is no longer on any of it." in press(link, "disown").text
    row = stored(hers)
    assert (row.name, row.email, row.verified_address, row.body) == ("", "", None, "By the lake.")
    assert press(link, "disown").status_code == 404


def test_erased_comments_are_hidden_at_once_and_deleted_after_a_day(link, hers, time_machine):
    assert "permanently deleted" in press(link, "words").text
    assert stored(hers).body == ""
    time_machine.shift(timedelta(days=1, minutes=1))
    run_due()
    assert not Comment.objects.exists()
    assert Address.objects.filter(email=ADA).exists()


def test_erasing_everything_deletes_the_address(client, link, hers, post_office, time_machine):
    press(link, "everything")
    time_machine.shift(timedelta(days=1, minutes=1))
    run_due()
    assert not Comment.objects.exists()
    assert not Address.objects.exists()
    before = len(post_office.mails)
    client.post("/privacy/archive/", {"email": ADA})
    run_due()
    assert len(post_office.mails) == before


def test_the_confirmation_mail_lets_a_guest_undo_the_erasure(link, hers, post_office):
    press(link, "everything")
    run_due()
    back = next(mail for mail in post_office.mails if "asked to erase" in text_of(mail))
    assert Client().post(links_in(back)[0]).status_code == 200
    assert (stored(hers).body, stored(hers).status) == ("By the lake.", Status.APPROVED)


def test_another_link_offers_to_undo_a_pending_erasure(client, link, hers, post_office):
    press(link, "words")
    other = mailed(client, post_office)
    page = Client().post(other)
    assert "Keep everything" in page.text
    assert "Remove my name" not in page.text
    for act in ("disown", "words", "everything"):
        assert "Keep everything" in press(other, act).text
    assert "as it was before" in press(other, "stay").text
    assert stored(hers).body == "By the lake."


def test_without_a_pending_erasure_there_is_nothing_to_undo(link, hers):
    assert "What you can do" in press(link, "stay").text
    assert "What you can do" in press(link, "drop table").text
    assert stored(hers).body == "By the lake."


def test_comments_under_an_unverified_address_cannot_be_erased(link, post, hers):
    typed = say(post, name="Wren", body="Under a typed address.", email=ADA)
    press(link, "words")
    assert stored(typed).body == "Under a typed address."

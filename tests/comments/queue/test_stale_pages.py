"""A press on a page of the desk that is too old goes through, or gives every word back."""

import pytest
from django.conf import settings
from django.test import Client

from comments.care import cases
from comments.models import CareCase, Comment, Reputation, WriterNote
from comments.moderation import decisions
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.queue_http import status, waiting
from tests.http import PlainBrowser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("patient")]
WORDS = "Look, please –\nthe street is in it. 🌱"
KEY = "X-Form-Key"
HTMX = {"hx-request": "true"}


@pytest.fixture
def nora(person):
    """Another moderator."""
    return person("nora", group="Moderators", is_staff=True, display_name="Nora")


def sign_in(desk, who):
    """Sign in as in another tab: the proof in the forms of this one is stale afterwards."""
    desk.client.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[0])
    desk.client.cookies.pop("csrftoken", None)


def words_on(desk):
    return {each.text.strip().replace("\r\n", "\n") for each in desk.all("textarea")}


def opened(comment, user):
    return PlainBrowser(f"/admin/queue/{comment.pk}/", user=user)


def removed(comment):
    return status(comment) == Status.REMOVED


def banned(comment):
    return Reputation.objects.filter(note__contains="street", action__comment=comment).exists()


def noted(comment):
    return WriterNote.objects.filter(text__contains="street").exists()


def answered(comment):
    return Comment.objects.filter(parent=comment, body=WORDS).exists()


WRITES = {
    "a reason": ("Message to the writer", "Remove comment", removed),
    "a ban": ("Reason (moderators only)", "Ban", banned),
    "a note": ("Only moderators can see it", "Save note", noted),
    "an answer": ("Your reply", "Approve and reply", answered),
}


@pytest.mark.parametrize(("field", "button", "is_done"), WRITES.values(), ids=WRITES)
def test_one_more_press_sends_what_was_typed(mia, bob, published_post, field, button, is_done):
    comment = waiting(published_post(), user=bob, name="")
    desk = opened(comment, mia)
    desk.fill(field, WORDS)
    desk.client.cookies.pop("csrftoken")
    desk.press(button)
    assert "Not sent yet" in desk.text
    assert WORDS in words_on(desk)
    assert not is_done(comment)
    desk.press("Send again")
    assert is_done(comment)


@pytest.mark.parametrize(("field", "button", "is_done"), WRITES.values(), ids=WRITES)
def test_signed_out_the_words_wait_until_they_are_signed_in_again(
    mia, bob, published_post, field, button, is_done
):
    comment = waiting(published_post(), user=bob, name="")
    desk = opened(comment, mia)
    desk.fill(field, WORDS)
    desk.client.cookies.pop("sessionid")
    desk.press(button)
    assert "You’ve been signed out, so nothing was changed." in desk.text
    assert "/login/?next=/admin/" in desk.link("Sign in (in a new tab)")["href"]
    desk.press("Send again")
    assert "You’ve been signed out" in desk.text
    sign_in(desk, mia)
    desk.press("Send again")
    assert "under that name" not in desk.text
    assert WORDS in words_on(desk)
    desk.press("Send again")
    assert is_done(comment)


def test_who_signed_in_as_somebody_else_is_told(mia, nora, published_post):
    comment = waiting(published_post())
    desk = opened(comment, mia)
    desk.fill("Your reply", WORDS)
    sign_in(desk, nora)
    desk.press("Approve and reply")
    assert "You’re now signed in as Nora, so this would appear" in desk.text
    desk.press("Send again")
    assert Comment.objects.get(parent=comment).user == nora


def test_a_press_without_words_comes_back_too(mia, nora, published_post):
    comment = waiting(published_post())
    desk = opened(comment, mia)
    sign_in(desk, nora)
    desk.press("Approve")
    assert "You’re now signed in as Nora, so this would be done under that name." in desk.text
    assert status(comment) == Status.PENDING
    desk.press("Send again")
    assert status(comment) == Status.APPROVED


def test_several_at_once_and_undo_come_back(mia, published_post):
    rows = [waiting(published_post(), name=name) for name in ("Ada", "Ben")]
    desk = PlainBrowser("/admin/queue/waiting/", user=mia)
    for name in ("Ada", "Ben"):
        desk.check(f"Select {name}’s comment")
    desk.client.cookies.pop("csrftoken")
    desk.press("Approve", desk.one("#bulk"))
    desk.press("Send again")
    assert {status(row) for row in rows} == {Status.APPROVED}
    desk.client.cookies.pop("csrftoken")
    desk.press("Undo")
    desk.press("Send again")
    assert {status(row) for row in rows} == {Status.PENDING}


def test_our_script_gets_a_proof_that_goes_through_unless_another_signed_in(
    mia, nora, published_post
):
    comment, client = waiting(published_post()), Client(enforce_csrf_checks=True)
    address = f"/admin/queue/{comment.pk}/decision/"
    client.force_login(mia, backend=settings.AUTHENTICATION_BACKENDS[0])
    fields = {"act": "approve", "seen": 0, "who": nora.pk}
    assert client.post(address, fields, headers=HTMX)[KEY] == ""
    fields["who"] = mia.pk
    key = client.post(address, fields, headers=HTMX)[KEY]
    assert (
        client.post(address, fields | {"csrfmiddlewaretoken": key}, headers=HTMX).status_code == 200
    )
    assert status(comment) == Status.APPROVED
    elsewhere = HTMX | {"origin": "https://evil.example"}
    assert KEY not in client.post(address, fields, headers=elsewhere)


@pytest.mark.parametrize("name", ["a reason", "a note", "an answer"])
def test_a_refused_press_gives_the_words_back(mia, bob, published_post, name):
    field, button, is_done = WRITES[name]
    comment = waiting(published_post(), user=bob, name="")
    desk = opened(comment, mia)
    desk.fill(field, WORDS + "x" * 9000 if name == "a note" else WORDS)
    if name != "a note":
        decisions.decide([comment.pk], "spam", mia)
    desk.press(button)
    assert desk.status == 409
    assert "Nothing was changed." in desk.text
    assert any(WORDS in each for each in words_on(desk))
    assert not is_done(comment)


def test_the_note_of_a_case_that_cannot_be_closed_comes_back(mia, published_post):
    comment = waiting(published_post())
    cases.open_case(comment, "moderator")
    desk = opened(comment, mia)
    desk.fill("Note (moderators only)", WORDS)
    desk.press("Close case")
    assert "Please choose what was done." in desk.text
    assert WORDS in words_on(desk)
    assert CareCase.objects.get().closed_at is None


def test_an_answer_from_the_dashboard_waits_too(alice, published_post):
    say(published_post(comment_mode="open"))
    desk = PlainBrowser("/admin/", user=alice)
    desk.fill("Reply to Wren", WORDS)
    form = desk.field("Reply to Wren").find_parent("form")
    desk.client.cookies.pop("sessionid")
    desk.press("Send", form)
    assert "You’ve been signed out" in desk.text
    assert WORDS in words_on(desk)
    sign_in(desk, alice)
    desk.press("Send again")
    desk.press("Send again")
    assert Comment.objects.get(user=alice).body == WORDS

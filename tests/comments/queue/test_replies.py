"""Replies from a card: in the moderator's name, with saved replies, approving on the way."""

import pytest

from comments.care import cases
from comments.models import Comment, SavedReply
from comments.moderation import decisions, locked_threads
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import visit
from tests.comments.queue_http import press, said, seen, status, undo, waiting

pytestmark = pytest.mark.django_db


def answer(client, comment, body, **fields):
    return press(client, comment, "", what="answer", body=body, **fields)


def test_a_reply_appears_below_the_comment_under_the_moderators_name(
    client, signed_in, mia, published_post
):
    comment = say(published_post())
    assert said(answer(signed_in(mia), comment, "Thank you, *Wren*.")) == [
        "Replied to Wren’s comment."
    ]
    own = Comment.objects.get(parent=comment)
    assert (own.user, own.status, own.body) == (mia, Status.APPROVED, "Thank you, *Wren*.")
    client.logout()
    assert "Thank you, <em>Wren</em>." in client.get(comment.post.get_absolute_url()).text


def test_replying_to_a_held_comment_approves_it(signed_in, mia, published_post):
    comment, client = waiting(published_post()), signed_in(mia)
    panel = visit(client, f"/admin/queue/{comment.pk}/panels/").select_one("[data-panel=answer]")
    assert panel.button.text == "Approve and reply"
    found = answer(client, comment, "Welcome.")
    assert said(found) == ["Approved Wren’s comment and replied to it."]
    assert status(comment) == Status.APPROVED
    (back,) = said(undo(client, found))
    assert back.startswith("Undone. Wren’s comment is as it was before. Your reply to it stays")
    assert status(comment) == Status.PENDING
    assert Comment.objects.filter(parent=comment).count() == 1


@pytest.mark.parametrize("gone", [Status.REMOVED, Status.SPAM])
def test_replying_does_not_restore_a_removed_comment(signed_in, mia, published_post, gone):
    comment, client = say(published_post(), status=gone), signed_in(mia)
    data = {"body": "Every word of it.", "seen": seen(client, comment), "back": "/admin/queue/all/"}
    found = client.post(f"/admin/queue/{comment.pk}/answer/", data, follow=True)
    assert (
        "This comment isn’t visible, so you can’t reply to it. Nothing was changed." in found.text
    )
    assert "Every word of it." in found.text
    assert status(comment) == gone
    assert not Comment.objects.filter(parent=comment).exists()


@pytest.mark.parametrize("why", ["locked", "closed", "empty", "decided", "too long"])
def test_a_refused_reply_approves_nothing_and_loses_no_word(signed_in, mia, published_post, why):
    post = published_post(comment_mode="closed" if why == "closed" else "default")
    comment, client, body = waiting(post), signed_in(mia), "Every word of it."
    known = seen(client, comment)
    if why == "locked":
        locked_threads.lock(comment.pk, mia)
    if why == "decided":
        decisions.decide([comment.pk], "spam", mia)
    body = {"empty": " \u200b", "too long": "x" * 10_001}.get(why, body)
    data = {"body": body, "seen": known, "back": "/admin/queue/waiting/"}
    page = client.post(f"/admin/queue/{comment.pk}/answer/", data, follow=True)
    assert page.status_code == 409
    assert not Comment.objects.filter(parent=comment).exists()
    assert status(comment) == (Status.SPAM if why == "decided" else Status.PENDING)
    if why != "empty":
        assert body in page.text


def test_the_same_form_sent_twice_makes_one_reply(signed_in, mia, published_post):
    comment, client = say(published_post()), signed_in(mia)
    for _ in range(2):
        answer(client, comment, "Thank you.", submission="one-form")
    assert Comment.objects.filter(parent=comment).count() == 1


def test_a_saved_reply_fills_in_the_name_and_can_be_edited(signed_in, mia, published_post):
    saved = SavedReply.objects.create(title="Hello", text="Hello {name}, {name}. {other}")
    comment, client = say(published_post(), name="Wren <b>"), signed_in(mia)
    panel = visit(client, f"/admin/queue/{comment.pk}/panels/").select_one("[data-panel=answer]")
    option = panel.select_one(f"option[value='{saved.pk}']")
    assert option["data-text"] == "Hello Wren <b>, Wren <b>. {other}"
    answer(client, comment, "", reply=saved.pk)
    answer(client, comment, "Hello in my own words.", reply=saved.pk)
    bodies = Comment.objects.filter(parent=comment).order_by("pk").values_list("body", flat=True)
    assert list(bodies) == ["Hello Wren <b>, Wren <b>. {other}", "Hello in my own words."]


def test_care_has_saved_replies_of_its_own(signed_in, mia, published_post):
    comment, client = waiting(published_post()), signed_in(mia)

    def offered():
        panel = visit(client, f"/admin/queue/{comment.pk}/panels/").select_one(
            "[data-panel=answer]"
        )
        return {int(option["value"]) for option in panel.select("option") if option["value"]}

    def stored(use):
        return set(SavedReply.objects.filter(use=use).values_list("pk", flat=True))

    assert offered() == stored("answer")
    cases.open_case(comment, "a phrase")
    assert offered() == stored("care")
    assert stored("care")
    assert stored("answer")


def test_only_the_owner_edits_saved_replies(signed_in, mia, owner):
    address = "/admin/comments/savedreply/"
    assert signed_in(mia).get(address).status_code == 403
    assert signed_in(owner).get(address).status_code == 200


def test_saved_replies_promise_nothing_and_name_no_number(db):
    for saved in SavedReply.objects.all():
        words = saved.text.lower()
        assert "get better" not in words
        assert not any(letter.isdigit() or letter == "!" for letter in words), saved.title

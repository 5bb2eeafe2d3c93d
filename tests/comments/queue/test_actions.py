"""Actions in the queue without JavaScript: each button, and what must not happen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Mail
from blog.models import ContentNote
from comments.models import Comment, ModerationAction, NotificationJob, Report, Reputation
from comments.moderation import decisions, locked_threads
from comments.posting import own_comments
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import soup, visit
from tests.comments.queue_http import address, page, press, said, seen, status, undo, waiting
from tests.comments.receipts.test_receipts import link_of

pytestmark = pytest.mark.django_db
NOTHING = "Nothing was changed."


@pytest.mark.parametrize(
    ("before", "act", "after", "words"),
    [
        (Status.PENDING, "approve", Status.APPROVED, "Approved Wren’s comment."),
        (Status.PENDING, "spam", Status.SPAM, "Marked Wren’s comment as spam."),
        (Status.PENDING, "remove", Status.REMOVED, "Removed Wren’s comment."),
        (
            Status.APPROVED,
            "hold",
            Status.PENDING,
            ("Held Wren’s comment. It’s waiting for review again."),
        ),
        (Status.SPAM, "restore", Status.PENDING, "Restored Wren’s comment."),
        (Status.APPROVED, "keep", Status.APPROVED, "Kept Wren’s comment as is."),
    ],
)
def test_one_press_decides_names_the_writer_and_can_be_undone(
    signed_in, mia, published_post, before, act, after, words
):
    comment, client = say(published_post(), status=before), signed_in(mia)
    Report.objects.create(comment=comment, network="a", reason="unkind")
    found = press(client, comment, act)
    assert said(found) == [words]
    assert status(comment) == after
    action = ModerationAction.objects.get()
    assert (action.who, action.act) == (mia, act)
    assert said(undo(client, found)) == ["Undone. Wren’s comment is as it was before."]
    assert status(comment) == before
    assert said(undo(client, found)) == [
        f"This can no longer be undone, because someone has decided since. {NOTHING}"
    ]


def test_a_message_is_shown_once_on_the_page_one_came_from(signed_in, mia, published_post):
    first, second = waiting(published_post()), waiting(published_post())
    client, back = signed_in(mia), f"{address('all')}?q=thank&status=0"
    data = {"act": "approve", "back": back, "seen": seen(client, first), "next": second.pk}
    answer = client.post(f"/admin/queue/{first.pk}/decision/", data)
    assert answer["Location"] == f"{back}#card-{second.pk}"
    assert len(said(visit(client, back))) == 1
    assert said(visit(client, back)) == []


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:x", "/x"])
def test_the_redirect_never_leaves_the_queue(signed_in, mia, published_post, back):
    comment, client = waiting(published_post()), signed_in(mia)
    data = {"act": "approve", "back": back, "seen": seen(client, comment)}
    answer = client.post(f"/admin/queue/{comment.pk}/decision/", data)
    assert answer["Location"] == "/admin/"


def test_recent_decisions_can_be_undone_from_their_tab(signed_in, mia, owner, published_post):
    comment, other, client = waiting(published_post()), waiting(published_post()), signed_in(mia)
    press(client, comment, "spam")
    decisions.decide([other.pk], "remove", owner, "Not here.")
    decisions.decide([other.pk], "restore", owner)
    rows = page(client, "decided").select(".decisions > li")
    assert [bool(row.select("form.undo")) for row in rows] == [True, False, True]
    form = rows[2].form
    data = {field["name"]: field["value"] for field in form.select("input")}
    found = soup(client.post(form["action"], data, follow=True))
    assert said(found) == ["Undone. Wren’s comment is as it was before."]
    assert status(comment) == Status.PENDING
    assert len(found.select(".decisions > li")) == 2


def test_an_earlier_decision_stays_and_the_page_says_who_made_it(
    client, signed_in, mia, owner, published_post
):
    comment = waiting(published_post())
    known = seen(signed_in(mia), comment)
    decisions.decide([comment.pk], "approve", owner)
    for act in ("spam", "approve", "remove"):
        found = press(signed_in(mia), comment, act, known=known)
        assert said(found) == [f"Wren’s comment owner approved it just now. {NOTHING}"]
    assert status(comment) == Status.APPROVED
    assert ModerationAction.objects.count() == 1


def test_a_comment_edited_after_it_was_read_is_not_approved(signed_in, mia, published_post):
    comment, client = waiting(published_post()), signed_in(mia)
    known = seen(client, comment)
    own_comments.edit(comment.pk, "Quite other words.")
    (sentence,) = said(press(client, comment, "approve", known=known))
    assert "The writer has edited it in the meantime." in sentence
    assert status(comment) == Status.PENDING


@pytest.mark.parametrize("act", ["delete", "", "\x00", "care", "edit", "undo"])
def test_an_unknown_action_changes_nothing(signed_in, mia, published_post, act):
    comment = waiting(published_post())
    (sentence,) = said(press(signed_in(mia), comment, act))
    assert sentence.endswith(NOTHING)
    assert status(comment) == Status.PENDING


@pytest.mark.parametrize("key", [0, 10**15])
def test_a_deleted_comment_is_reported_kindly(signed_in, mia, key):
    client = signed_in(mia)
    for what in ("decision", "note", "writer", "lock", "answer", "private_note", "care"):
        address = f"/admin/queue/{key}/{what.replace('_', '-')}/"
        found = client.post(address, {"act": "approve", "body": "x", "text": "x"}, follow=True)
        assert "This comment no longer exists" in found.text, what


def test_a_reason_reaches_the_writer_and_the_log(client, signed_in, mia, published_post):
    comment = waiting(published_post())
    private, why = link_of(comment), "Kind words, but they name your neighbour – 🌱 <b>"
    press(signed_in(mia), comment, "remove", reason=f" {why}\n")
    assert ModerationAction.objects.get(act="remove").reason == why
    assert why in visit(client, f"/admin/queue/{comment.pk}/").text
    client.logout()
    assert why in visit(client, private).text


def test_a_chosen_reason_is_used_unless_another_is_written(signed_in, mia, published_post):
    client, post = signed_in(mia), published_post()
    first, second = waiting(post), waiting(post)
    panel = visit(client, f"/admin/queue/{first.pk}/panels/").select_one("[data-panel=removal]")
    option = panel.select("option")[1]
    press(client, first, "remove", kind=option["value"])
    press(client, second, "remove", kind=option["value"], reason="My own words.")
    assert [row.reason for row in ModerationAction.objects.order_by("pk").filter(act="remove")] == [
        option["data-text"],
        "My own words.",
    ]


@pytest.mark.parametrize("reason", ["x" * 1001, "a\x00b"])
def test_an_invalid_reason_decides_nothing(signed_in, mia, published_post, reason):
    comment = waiting(published_post())
    (sentence,) = said(press(signed_in(mia), comment, "remove", reason=reason))
    assert sentence.endswith(NOTHING)
    assert status(comment) == Status.PENDING


def test_a_spam_notice_is_mailed_only_by_its_own_button(signed_in, mia, bob, published_post):
    post, client = published_post(), signed_in(mia)
    one, other = (say(post, user=bob, name="") for _ in range(2))
    typed = waiting(post)
    press(client, one, "spam")
    assert not Mail.objects.exists()
    words = "Mark as spam and email them"
    panels = visit(client, f"/admin/queue/{other.pk}/panels/")
    (button,) = (each for each in panels.select("button") if each.text == words)
    form = button.find_parent("form")
    sent = {field["name"]: field.get("value", "") for field in form.select("input")}
    client.post(form["action"], sent | {"act": "spam", "seen": seen(client, other)})
    assert status(other) == Status.SPAM
    assert Mail.objects.get().name == "removal"
    assert words not in visit(client, f"/admin/queue/{typed.pk}/panels/").text


@pytest.mark.parametrize("tell", [True, False])
def test_a_requested_removal_notice_is_mailed_after_the_undo_window(
    signed_in, mia, bob, published_post, tell
):
    comment, client = say(published_post(), user=bob, name=""), signed_in(mia)
    found = press(client, comment, "remove", reason="x", **({"tell": "on"} if tell else {}))
    mails = list(Mail.objects.all())
    assert len(mails) == tell
    assert all(mail.due_at > timezone.now() + timedelta(seconds=15) for mail in mails)
    undo(client, found)
    assert status(comment) == Status.APPROVED


def test_subscribers_hear_of_an_approval_after_the_undo_window(signed_in, mia, published_post):
    press(signed_in(mia), waiting(published_post()), "approve")
    assert NotificationJob.objects.get().due_at > timezone.now() + timedelta(seconds=15)


def test_approve_and_trust_does_both_or_neither(signed_in, mia, bob, published_post):
    post, client = published_post(), signed_in(mia)
    own, guest = waiting(post, user=bob, name=""), waiting(post)
    found = press(client, own, "approve-and-trust")
    assert said(found) == [
        ("Approved Bob’s comment. From now on, their comments appear right away.")
    ]
    assert Reputation.objects.in_force().filter(kind="trusted").exists()
    undo(client, found)
    assert status(own) == Status.PENDING
    assert not Reputation.objects.in_force().exists()
    (sentence,) = said(press(client, guest, "approve-and-trust"))
    assert sentence.startswith("The writer isn’t verified")
    assert status(guest) == Status.PENDING


def test_a_ban_lasts_until_the_end_of_the_chosen_day(signed_in, mia, bob, published_post):
    comment, client = waiting(published_post(), user=bob, name=""), signed_in(mia)
    day = timezone.localdate() + timedelta(days=3)
    press(client, comment, "ban", what="writer", until=day.isoformat(), note="The third time.")
    ban = Reputation.objects.in_force().filter(kind="banned").first()
    assert timezone.localtime(ban.until).date() == day
    assert ban.note == "The third time."
    press(client, comment, "unban", what="writer")
    assert not Reputation.objects.in_force().exists()
    for until in ("2001-01-01", "tomorrow"):
        (sentence,) = said(press(client, comment, "ban", what="writer", until=until))
        assert sentence.endswith(NOTHING)
    assert not Reputation.objects.in_force().exists()


def test_a_guest_without_a_verified_address_cannot_be_banned(signed_in, mia, published_post):
    comment = waiting(published_post(), email="wren@example.net")
    (sentence,) = said(press(signed_in(mia), comment, "ban", what="writer"))
    assert sentence.startswith("The writer isn’t verified")
    assert not Reputation.objects.exists()


def test_a_thread_is_locked_and_unlocked_from_any_comment_in_it(signed_in, mia, published_post):
    root = say(published_post())
    comment, client = say(root.post, root), signed_in(mia)
    found = press(client, comment, "lock", what="lock")
    assert Comment.objects.get(pk=root.pk).locked_at
    undo(client, found)
    assert not Comment.objects.get(pk=root.pk).locked_at
    locked_threads.lock(comment.pk, mia)
    press(client, comment, "unlock", what="lock")
    assert not Comment.objects.get(pk=root.pk).locked_at


def test_a_content_note_is_set_and_removed_and_the_text_stays(signed_in, mia, published_post):
    note = ContentNote.objects.create(name="winter")
    comment, client = waiting(published_post()), signed_in(mia)
    for sent, stored in ((note.pk, note.pk), ("999", note.pk), ("", None)):
        press(client, comment, "", what="note", note=sent)
        assert Comment.objects.get().content_note_id == stored
    assert Comment.objects.get().body == comment.body


def test_a_private_note_is_kept_for_moderators_alone(client, signed_in, mia, published_post):
    comment, words = say(published_post()), "Be patient with her."
    press(signed_in(mia), comment, "", what="private_note", text=words)
    assert words in page(client, "all").text
    client.logout()
    for where in (link_of(comment), comment.post.get_absolute_url()):
        assert words not in visit(client, where).text
    assert said(press(signed_in(mia), comment, "", what="private_note", text=" ")) == [
        "The note is empty. Please write something."
    ]

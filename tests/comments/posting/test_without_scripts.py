"""Guests and readers can do everything without JavaScript, by links, forms and buttons."""

import re

import pytest

from comments.guests import receipt_tokens
from comments.models import Comment, ConversationSettings, Reaction, Report, Subscription
from comments.moderation import decisions
from comments.tree.status import Status
from tests.comments.care_cases import WORDS as HARD_WORDS
from tests.comments.care_cases import switch_on
from tests.comments.factories import say
from tests.comments.mail import links_in, run_due
from tests.conftest import PASSWORD
from tests.http import PlainBrowser, path_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("patient")]
WORDS = "I read this by the window – twice 🌱"
DATE = re.compile(r"\d+ \w+ \d{4}, \d\d:\d\d")


@pytest.fixture
def post(published_post):
    return published_post(title="An evening by the lake", slug="lake", comment_mode="open")


def in_mode(post, mode):
    post.comment_mode = mode
    post.save()
    return post


def answers(reader, name="Ada", words=WORDS):
    reader.fill("Name", name)
    label = "Your comment" if reader.heading == "Write a comment" else "Your reply"
    reader.fill(label, words)
    reader.press("Send")


def comment_of(reader, comment):
    return reader.one(f"#comment-{comment.pk}")


def test_a_guests_comment_is_held_approved_and_read_by_everybody(post, mia):
    in_mode(post, "moderated")
    wren = say(post, body="The first word.")
    say(post, wren, name="Robin")
    guest, stranger = PlainBrowser("/posts/lake/"), PlainBrowser("/posts/lake/")
    guest.follow("Reply to Wren")
    assert guest.url.endswith("/reply/")
    assert guest.shown("form#answer button") == ["Send", "Preview"]
    answers(guest)
    assert "Only you can see this for now." in guest.one(".waiting-note").text
    assert WORDS in guest.one("article.waiting").text
    assert "#comment-" in guest.url
    assert WORDS not in stranger.goto("/posts/lake/").text

    desk = PlainBrowser("/admin/")
    desk.fill("Username or email", "mia")
    desk.fill("Password", PASSWORD)
    desk.press("Sign in")
    desk.press("Approve: Ada")
    assert "Approved Ada’s comment." in desk.text
    assert desk.all("article.card") == []

    assert WORDS in stranger.goto("/posts/lake/").text
    assert guest.goto("/posts/lake/").all(".waiting-note") == []


def test_a_guest_finds_their_comment_again_edits_it_and_withdraws_it(post):
    in_mode(post, "moderated")
    guest = PlainBrowser("/posts/lake/")
    guest.follow("Write a comment")
    guest.fill("Name", "Ada")
    guest.fill("Your comment", WORDS + "\n\n*Softly.*")
    guest.press("Preview")
    guest.one(".preview em", "Softly.")
    guest.press("Send")
    guest.follow("View, edit or delete")
    private = path_of(guest.value("Link to save"))

    elsewhere = PlainBrowser(private)
    elsewhere.follow("Edit it")
    elsewhere.fill("Your comment", "Other words.")
    elsewhere.press("Send")
    assert elsewhere.url == private
    elsewhere.follow("Remove your name")
    elsewhere.follow("Cancel")
    elsewhere.follow("Delete it")
    elsewhere.press("Delete comment")
    assert "You deleted this comment." in elsewhere.heading
    assert Comment.objects.get().status == Status.WITHDRAWN


def test_a_guest_subscribes_verifies_an_address_and_unsubscribes(post, bob, mia, post_office):
    in_mode(post, "first-timers")
    said = say(post, user=bob, name="", body="How still it was.")
    guest = PlainBrowser("/posts/lake/")
    guest.follow("Reply to Bob")
    guest.fill("Name", "Ada")
    guest.fill("Email", "ada@example.org")
    guest.fill("Your reply", "How deep is the water?")
    assert guest.checked("Discreet emails")
    guest.check("Email me when someone replies")
    guest.check("Discreet emails", on=False)
    guest.press("Send")
    guest.one(".waiting-note")
    guest.follow("View, edit or delete")
    receipt = path_of(guest.value("Link to save"))
    comment = Comment.objects.get(parent=said)

    run_due()
    (proof,) = links_in(post_office.mails[0])
    guest.goto(proof)
    guest.press("Confirm")
    assert guest.checked("Replies to a comment")
    guest.check("Discreet emails", on=False)
    guest.press("Follow")
    assert "You’re following what you chose." in guest.text
    guest.press("Yes, I wrote that")
    assert "You’re known here now." in guest.text
    guest.goto(receipt)
    guest.follow("Edit it")
    guest.fill("Your comment", "How deep is the lake?")
    guest.press("Send")
    assert guest.url == receipt
    assert "How deep is the lake?" in guest.text

    desk = PlainBrowser("/admin/", user=mia)
    assert "How deep is the lake?" in desk.text
    desk.press("Approve")
    assert "Approved " in desk.text
    comment.refresh_from_db()
    assert comment.status == Status.APPROVED
    answer = say(post, comment, Status.PENDING, body="As deep as two men.")
    decisions.decide([answer.pk], "approve", mia)
    run_due()
    stop, _all = links_in(post_office.mails[-1])
    guest.goto(answer.get_absolute_url())
    assert guest.url.endswith(f"#comment-{answer.pk}")
    assert "As deep as two men." in comment_of(guest, answer).text
    guest.goto(stop)
    guest.press("Unfollow")
    assert guest.heading == "You’ve unfollowed this"
    assert not Subscription.objects.exists()

    guest.goto(f"/comments/{answer.pk}/reply/")
    guest.fill("Name", "Ada")
    guest.fill("Email", "ada@example.org")
    guest.fill("Your reply", "Thank you.")
    guest.press("Send")
    assert Comment.objects.get(body="Thank you.").status == Status.APPROVED
    guest.goto(receipt)
    guest.follow("Delete it")
    guest.press("Delete comment")
    assert "You deleted this comment." in guest.heading
    guest.goto("/posts/lake/")
    assert comment_of(guest, comment).text.strip() == "The writer deleted this comment."
    assert "As deep as two men." in guest.text


def test_a_discreet_mail_leads_to_the_reply_through_a_page_with_one_button(
    post, bob, mia, post_office
):
    in_mode(post, "first-timers")
    guest = PlainBrowser("/posts/lake/reply/")
    guest.fill("Name", "Ada")
    guest.fill("Email", "ada@example.org")
    guest.fill("Your comment", "How deep is the water?")
    guest.check("Email me when someone replies")
    guest.press("Send")
    run_due()
    guest.goto(links_in(post_office.mails[0])[0])
    guest.press("Confirm")
    assert guest.checked("Discreet emails")
    guest.press("Follow")
    first = Comment.objects.get()
    decisions.decide([first.pk], "approve", mia)
    answer = say(post, first, Status.PENDING, body="As deep as two men.")
    decisions.decide([answer.pk], "approve", mia)
    run_due()
    read, _stop, _all = links_in(post_office.mails[1])
    guest.goto(read)
    guest.press("Read it")
    assert guest.url.endswith(f"#comment-{answer.pk}")
    assert "As deep as two men." in comment_of(guest, answer).text


def test_a_ticked_box_without_an_address_shows_an_error_at_the_field(post):
    guest = PlainBrowser("/posts/lake/reply/")
    guest.fill("Name", "Ada")
    guest.fill("Your comment", "Words of mine.")
    guest.check("Email me when someone replies")
    guest.check("Discreet emails", on=False)
    guest.press("Send")
    assert guest.shown("[role=alert]")
    assert guest.value("Your comment") == "Words of mine."
    assert guest.field("Email")["aria-invalid"] == "true"
    assert guest.checked("Email me when someone replies")
    assert not guest.checked("Discreet emails")


def test_a_signed_in_person_subscribes_with_one_press(post, bob):
    reader = PlainBrowser("/posts/lake/", user=bob)
    reader.follow("Get new comments by email")
    reader.press("Follow")
    assert "You’re following this. You get an email right away." in reader.text
    reader.follow("Everything you follow")
    reader.press("Unfollow")
    assert "You’re not following any conversations." in reader.text


def test_a_telephone_number_is_queried_once(post):
    say(post)
    guest = PlainBrowser("/posts/lake/")
    guest.follow("Reply to Wren")
    answers(guest, words="Call me: +49 30 901820, evenings.")
    assert "choose Send again" in guest.shown("[role=alert]")[0]
    assert not Comment.objects.filter(name="Ada").exists()
    guest.press("Send")
    assert Comment.objects.filter(name="Ada").exists()


def test_a_very_quick_comment_is_held_and_not_lost(post, monkeypatch):
    monkeypatch.setattr("comments.spam.form_checks.LEAST", 600)
    guest = PlainBrowser("/posts/lake/")
    guest.follow("Write a comment")
    answers(guest)
    assert "Now and then a comment is reviewed first" in guest.one(".waiting-note").text
    assert WORDS in guest.one("article.waiting").text


def test_the_writer_sees_the_help_text_at_once_and_later(post):
    switch_on(
        care_help="**You do not have to be alone with this.**\n\n- [0800 000 000](tel:0800000000)"
    )
    guest = PlainBrowser("/posts/lake/")
    guest.follow("Write a comment")
    answers(guest, words=HARD_WORDS)
    block = guest.one("[role=region], section[aria-label], section[aria-labelledby]", "0800")
    assert guest.link("0800 000 000", block)["href"] == "tel:0800000000"
    elsewhere = PlainBrowser(path_of(guest.value("Link to save")))
    elsewhere.follow("Delete it")
    assert "up to seven days" in elsewhere.text
    elsewhere.press("Delete comment")
    assert "until one of them has looked at it" in elsewhere.text
    assert elsewhere.link("0800 000 000")


def test_reactions_are_given_on_the_reply_page(post):
    comment = say(post)
    line = "Readers support Wren"
    reader = PlainBrowser("/posts/lake/")
    reader.follow("Reply to Wren")
    reader.press("Thank you")
    assert "Wren can see it" in reader.text
    assert reader.button("Thank you")["aria-pressed"] == "true"
    reader.follow("Back to the conversation")
    assert reader.url.endswith(f"#comment-{comment.pk}")
    reader.follow(line)
    reader.press("Thank you")
    assert reader.button("Thank you")["aria-pressed"] == "false"
    reader.follow("Back to the conversation")
    assert line not in comment_of(reader, comment).text
    assert not Reaction.objects.exists()


def test_a_report_is_two_pages_behind_the_reply_link(post):
    comment = say(post)
    reader = PlainBrowser("/posts/lake/")
    assert not reader.cookies
    reader.follow("Reply to Wren")
    reader.follow("Report this comment, or say that you’re worried about this person")
    reader.press("Send to moderators")
    assert "Please choose the closest reason." in reader.text
    reader.check("I’m worried about this person")
    reader.press("Send to moderators")
    assert reader.heading == "Thank you"
    assert "call your local emergency services" in reader.text
    reader.follow("Back to the conversation")
    assert reader.url.endswith(f"#comment-{comment.pk}")
    assert list(Report.objects.values_list("reason", "text")) == [("worried", "")]


def test_a_device_can_forget_its_writer(post):
    in_mode(post, "moderated")
    say(post)
    guest = PlainBrowser("/posts/lake/")
    guest.follow("Reply to Wren")
    answers(guest)
    guest.follow("View, edit or delete")
    guest.follow("Forget me on this device")
    guest.press("Forget me here")
    assert guest.heading == "You’ve been forgotten on this device"
    assert not guest.cookies
    assert len(guest.goto("/posts/lake/").all("article.comment")) == 1


def test_reading_works_by_links_and_shows_dates(post):
    ConversationSettings.objects.update(threads_per_page=2)
    wren = say(post)
    replies = [say(post, wren, name=f"Robin {number}") for number in range(7)]
    last = [say(post, name="Lark") for _ in range(3)][-1]
    reader = PlainBrowser("/posts/lake/")
    (summary,) = reader.all("summary")
    assert summary.find_parent("details").has_attr("open")
    assert summary["aria-label"] == "7 replies to Wren"
    assert all(DATE.fullmatch(each) for each in reader.shown("article.comment time"))
    reader.follow("Show 2 more replies")
    shown = [each["id"] for each in reader.all("article.comment")]
    assert shown == [f"comment-{reply.pk}" for reply in replies[5:]]
    reader.goto(f"/comments/{last.pk}/")
    assert reader.url == f"/posts/lake/?page=2#comment-{last.pk}"
    assert comment_of(reader, last)
    reader.goto("/posts/lake/")
    reader.follow("Keyboard shortcuts")
    assert "next comment" in reader.text
    assert reader.shown("[type=checkbox]") == []


def test_a_receipt_needs_no_cookie(post):
    comment = say(post)
    reader = PlainBrowser(f"/comments/{comment.pk}/receipt/{receipt_tokens.renew(comment)}/")
    assert reader.heading == "Your comment is public."

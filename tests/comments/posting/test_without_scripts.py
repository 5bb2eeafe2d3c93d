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
    reader.fill("Your answer", words)
    reader.press("Send")


def comment_of(reader, comment):
    return reader.one(f"#comment-{comment.pk}")


def test_a_guests_comment_is_held_approved_and_read_by_everybody(post, mia):
    in_mode(post, "moderated")
    wren = say(post, body="The first word.")
    say(post, wren, name="Robin")
    guest, stranger = PlainBrowser("/posts/lake/"), PlainBrowser("/posts/lake/")
    guest.follow("Answer Wren")
    assert guest.url.endswith("/reply/")
    assert guest.shown("form#answer button") == ["Send", "Preview"]
    answers(guest)
    assert "Only you can see this." in guest.one(".waiting-note").text
    assert WORDS in guest.one("article.waiting").text
    assert "#comment-" in guest.url
    assert WORDS not in stranger.goto("/posts/lake/").text

    desk = PlainBrowser("/admin/")
    desk.fill("User name or e-mail", "mia")
    desk.fill("Password", PASSWORD)
    desk.press("Sign in")
    desk.press("Approve: Ada")
    assert "Approved: Ada’s comment." in desk.text
    assert desk.all("article.card") == []

    assert WORDS in stranger.goto("/posts/lake/").text
    assert guest.goto("/posts/lake/").all(".waiting-note") == []


def test_a_guest_finds_their_comment_again_edits_it_and_withdraws_it(post):
    in_mode(post, "moderated")
    guest = PlainBrowser("/posts/lake/")
    guest.follow("Write an answer")
    guest.fill("Name", "Ada")
    guest.fill("Your answer", WORDS + "\n\n*Softly.*")
    guest.press("Preview")
    guest.one(".preview em", "Softly.")
    guest.press("Send")
    guest.follow("Yours: receipt")
    private = path_of(guest.value("Link to keep"))

    elsewhere = PlainBrowser(private)
    elsewhere.follow("Change the words")
    elsewhere.fill("Your comment", "Other words.")
    elsewhere.press("Send")
    assert elsewhere.url == private
    elsewhere.follow("Take your name off it")
    elsewhere.follow("Leave it as it is")
    elsewhere.follow("Take it back")
    elsewhere.press("Take it back")
    assert "You took this comment back." in elsewhere.heading
    assert Comment.objects.get().status == Status.WITHDRAWN


def test_a_guest_subscribes_proves_an_address_and_unsubscribes(post, bob, mia, post_office):
    in_mode(post, "first-timers")
    said = say(post, user=bob, name="", body="How still it was.")
    guest = PlainBrowser("/posts/lake/")
    guest.follow("Answer Bob")
    guest.fill("Name", "Ada")
    guest.fill("E-mail", "ada@example.org")
    guest.fill("Your answer", "How deep is the water?")
    assert guest.checked("Discreet mails")
    guest.check("Tell me when someone answers")
    guest.check("Discreet mails", on=False)
    guest.press("Send")
    guest.one(".waiting-note")
    guest.follow("Yours: receipt")
    receipt = path_of(guest.value("Link to keep"))
    comment = Comment.objects.get(parent=said)

    run_due()
    (proof,) = links_in(post_office.mails[0])
    guest.goto(proof)
    guest.press("Confirm")
    assert guest.checked("Answers to a comment")
    guest.check("Discreet mails", on=False)
    guest.press("Follow what is ticked")
    assert "You follow what you ticked." in guest.text
    guest.press("Yes, I wrote that")
    assert "You are known here now." in guest.text
    guest.goto(receipt)
    guest.follow("Change the words")
    guest.fill("Your comment", "How deep is the lake?")
    guest.press("Send")
    assert guest.url == receipt
    assert "How deep is the lake?" in guest.text

    desk = PlainBrowser("/admin/", user=mia)
    assert "How deep is the lake?" in desk.text
    desk.press("Approve")
    assert "Approved: " in desk.text
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
    guest.press("Stop these mails")
    assert guest.heading == "No more mails about this will come"
    assert not Subscription.objects.exists()

    guest.goto(f"/comments/{answer.pk}/reply/")
    guest.fill("Name", "Ada")
    guest.fill("E-mail", "ada@example.org")
    guest.fill("Your answer", "Thank you.")
    guest.press("Send")
    assert Comment.objects.get(body="Thank you.").status == Status.APPROVED
    guest.goto(receipt)
    guest.follow("Take it back")
    guest.press("Take it back")
    assert "You took this comment back" in guest.heading
    guest.goto("/posts/lake/")
    assert comment_of(guest, comment).text.strip() == "The writer took this comment back."
    assert "As deep as two men." in guest.text


def test_a_discreet_mail_leads_to_the_reply_through_a_page_with_one_button(
    post, bob, mia, post_office
):
    in_mode(post, "first-timers")
    guest = PlainBrowser("/posts/lake/reply/")
    guest.fill("Name", "Ada")
    guest.fill("E-mail", "ada@example.org")
    guest.fill("Your answer", "How deep is the water?")
    guest.check("Tell me when someone answers")
    guest.press("Send")
    run_due()
    guest.goto(links_in(post_office.mails[0])[0])
    guest.press("Confirm")
    assert guest.checked("Discreet mails")
    guest.press("Follow what is ticked")
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
    guest.fill("Your answer", "Words of mine.")
    guest.check("Tell me when someone answers")
    guest.check("Discreet mails", on=False)
    guest.press("Send")
    assert guest.shown("[role=alert]")
    assert guest.value("Your answer") == "Words of mine."
    assert guest.field("E-mail")["aria-invalid"] == "true"
    assert guest.checked("Tell me when someone answers")
    assert not guest.checked("Discreet mails")


def test_a_signed_in_person_subscribes_with_one_press(post, bob):
    reader = PlainBrowser("/posts/lake/", user=bob)
    reader.follow("Follow this conversation by mail")
    reader.press("Follow")
    assert "You follow this: at once." in reader.text
    reader.follow("All that you follow")
    reader.press("Stop following")
    assert "You follow no conversation." in reader.text


def test_a_telephone_number_is_queried_once(post):
    say(post)
    guest = PlainBrowser("/posts/lake/")
    guest.follow("Answer Wren")
    answers(guest, words="Call me: +49 30 901820, evenings.")
    assert "press Send once more" in guest.shown("[role=alert]")[0]
    assert not Comment.objects.filter(name="Ada").exists()
    guest.press("Send")
    assert Comment.objects.filter(name="Ada").exists()


def test_a_very_quick_comment_is_held_and_not_lost(post, monkeypatch):
    monkeypatch.setattr("comments.spam.form_checks.LEAST", 600)
    guest = PlainBrowser("/posts/lake/")
    guest.follow("Write an answer")
    answers(guest)
    assert "now and then a comment is read first" in guest.one(".waiting-note").text
    assert WORDS in guest.one("article.waiting").text


def test_the_writer_sees_the_help_text_at_once_and_later(post):
    switch_on(
        care_help="**You do not have to be alone with this.**\n\n- [0800 000 000](tel:0800000000)"
    )
    guest = PlainBrowser("/posts/lake/")
    guest.follow("Write an answer")
    answers(guest, words=HARD_WORDS)
    block = guest.one("[role=region], section[aria-label], section[aria-labelledby]", "0800")
    assert guest.link("0800 000 000", block)["href"] == "tel:0800000000"
    elsewhere = PlainBrowser(path_of(guest.value("Link to keep")))
    elsewhere.follow("Take it back")
    assert "seven days at most" in elsewhere.text
    elsewhere.press("Take it back")
    assert "until one of them has looked at it" in elsewhere.text
    assert elsewhere.link("0800 000 000")


def test_reactions_are_given_on_the_reply_page(post):
    comment = say(post)
    line = "Others are with Wren"
    reader = PlainBrowser("/posts/lake/")
    reader.follow("Answer Wren")
    reader.press("Thank you")
    assert reader.url.endswith(f"#comment-{comment.pk}")
    reader.follow(line)
    assert reader.button("Thank you")["aria-pressed"] == "true"
    reader.press("Thank you")
    assert reader.url.endswith(f"#comment-{comment.pk}")
    assert line not in comment_of(reader, comment).text
    assert not Reaction.objects.exists()


def test_a_report_is_two_pages_behind_the_reply_link(post):
    comment = say(post)
    reader = PlainBrowser("/posts/lake/")
    assert not reader.cookies
    reader.follow("Answer Wren")
    reader.follow("Report this comment")
    reader.press("Send to the moderators")
    assert "Choose what comes nearest." in reader.text
    reader.check("I am worried about this person")
    reader.press("Send to the moderators")
    assert reader.heading == "Thank you"
    assert "call the emergency services where you are" in reader.text
    reader.follow("Back to the conversation")
    assert reader.url.endswith(f"#comment-{comment.pk}")
    assert list(Report.objects.values_list("reason", "text")) == [("worried", "")]


def test_a_device_can_forget_its_writer(post):
    in_mode(post, "moderated")
    say(post)
    guest = PlainBrowser("/posts/lake/")
    guest.follow("Answer Wren")
    answers(guest)
    guest.follow("Yours: receipt")
    guest.follow("Forget me on this device")
    guest.press("Forget me here")
    assert guest.heading == "This device has forgotten you"
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
    assert summary["aria-label"] == "7 replies to Wren, fold or unfold"
    assert all(DATE.fullmatch(each) for each in reader.shown("article.comment time"))
    reader.follow("Show 2 more replies")
    shown = [each["id"] for each in reader.all("article.comment")]
    assert shown == [f"comment-{reply.pk}" for reply in replies[5:]]
    reader.goto(f"/comments/{last.pk}/")
    assert reader.url == f"/posts/lake/?page=2#comment-{last.pk}"
    assert comment_of(reader, last)
    reader.goto("/posts/lake/")
    reader.follow("Keys")
    assert "to the next comment" in reader.text
    assert reader.shown("[type=checkbox]") == []


def test_a_receipt_needs_no_cookie(post):
    comment = say(post)
    reader = PlainBrowser(f"/comments/{comment.pk}/receipt/{receipt_tokens.renew(comment)}/")
    assert reader.heading == "Your comment is public."

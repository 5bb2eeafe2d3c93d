"""Moderators can do everything without JavaScript: by mail, in the queue, and for breaks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import ContentNote
from comments.digests import emails
from comments.models import Comment, ConversationSettings
from comments.tree.status import Status
from tests.browser.moderation_queue import HERE, statuses, waiting
from tests.comments.factories import say
from tests.http import PlainBrowser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("patient")]


def card(desk, name):
    (found,) = [each for each in desk.all("article.card") if each.h2.text.strip() == name]
    return found


def said(desk):
    return " ".join(desk.shown("[role=status]"))


def test_every_action_of_the_queue_works(mia, published_post):
    rows = waiting(published_post(), "Ada Ben Cleo Dora")
    desk = PlainBrowser("/admin/", user=mia)
    desk.press("Approve", card(desk, "Ada"))
    assert "Approved Ada’s comment." in said(desk)
    desk.press("Undo", desk.one("[role=status]"))
    assert "Undone. Ada’s comment is as it was before." in said(desk)
    desk.press("Remove", card(desk, "Ben"))
    desk.fill("Message to the writer", "Please without the street.")
    desk.press("Remove comment")
    assert "Removed Ben’s comment." in said(desk)
    desk.goto(HERE)
    desk.press("Reply", card(desk, "Cleo"))
    desk.fill("Your reply", "Welcome, Cleo.")
    desk.press("Approve and reply")
    assert "Approved Cleo’s comment and replied to it." in said(desk)
    desk.goto(HERE)
    desk.check("Select Ada’s comment")
    desk.check("Select Dora’s comment")
    desk.press("Spam", desk.one("#bulk"))
    assert "Marked 2 comments as spam." in said(desk)
    wanted = [Status.SPAM, Status.REMOVED, Status.APPROVED, Status.SPAM]
    assert statuses(*rows) == wanted


def test_a_content_note_can_be_changed(mia, published_post):
    grief = ContentNote.objects.get(name="grief")
    say(published_post(), content_note=grief, body="Hard words.")
    desk = PlainBrowser("/admin/queue/all/", user=mia)
    desk.press("Content note: Wren")
    desk.choose("Hide the text behind this topic", "illness")
    desk.press("Save content note")
    assert "Changed the content note of Wren’s comment." in desk.text
    assert "Content note: illness" in desk.text


def test_the_decision_is_three_presses_away_from_the_mail(mia, published_post):
    comment = say(published_post(comment_mode="moderated"), status=Status.PENDING, body="Still.")
    (item,) = emails.to_decide(mia.pk).context["items"]
    phone = PlainBrowser(item.link.removeprefix("http://localhost"))
    assert "Wren" not in phone.text
    phone.press("View")
    assert "Still." in phone.text
    phone.fill("Reason, if you remove it", "It tells where somebody lives.")
    phone.press("Remove")
    assert "Removed. Readers can no longer see the comment." in phone.text
    comment.refresh_from_db()
    assert comment.status == Status.REMOVED
    assert not phone.cookies


def test_a_break_is_taken_shown_and_ended(owner, published_post):
    post = published_post(slug="lake", comment_mode="open")
    reader = PlainBrowser("/posts/lake/")
    desk = PlainBrowser("/admin/", user=owner)
    desk.follow("Take a break")
    desk.fill("Back on", str(timezone.localdate() + timedelta(days=9)))
    desk.fill("Message to readers (optional)", "I am by the sea.")
    desk.press("Start break")
    assert "This blog is taking a break until" in desk.one(".desk-rest").text
    reader.follow("Write a comment")
    assert any(
        "This blog is taking a break. Comments are closed until" in each
        for each in reader.shown("[role=alert]")
    )
    for address in ("/", post.get_absolute_url()):
        assert "Taking a break until " in reader.goto(address).one(".rest-head").text
        assert "I am by the sea." in reader.one(".rest").text
    desk.press("End break now")
    assert desk.all(".desk-rest") == []
    assert ConversationSettings.get().current_break is None


def test_an_author_replies_from_the_dashboard(alice, published_post):
    say(published_post(comment_mode="open"))
    desk = PlainBrowser("/admin/", user=alice)
    desk.fill("Reply to Wren", "I am glad.")
    desk.press("Send", desk.field("Reply to Wren").find_parent("form"))
    assert "Replied to Wren’s comment." in desk.one(".messagelist").text
    assert Comment.objects.get(user=alice).body == "I am glad."

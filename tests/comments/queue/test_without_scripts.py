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
    assert "Approved: Ada’s comment." in said(desk)
    desk.press("Undo", desk.one("[role=status]"))
    assert "Taken back: Ada’s comment is as it was." in said(desk)
    desk.press("Remove", card(desk, "Ben"))
    desk.fill("What the writer reads", "Please without the street.")
    desk.press("Remove the comment")
    assert "Removed: Ben’s comment." in said(desk)
    desk.goto(HERE)
    desk.press("Answer", card(desk, "Cleo"))
    desk.fill("Your answer", "Welcome, Cleo.")
    desk.press("Approve and answer")
    assert "Approved and answered: Cleo’s comment." in said(desk)
    desk.goto(HERE)
    desk.check("Choose Ada’s comment")
    desk.check("Choose Dora’s comment")
    desk.press("Spam", desk.one("#bulk"))
    assert "Decided: 2 comments." in said(desk)
    wanted = [Status.SPAM, Status.REMOVED, Status.APPROVED, Status.SPAM]
    assert statuses(*rows) == wanted


def test_a_content_note_can_be_changed(mia, published_post):
    grief = ContentNote.objects.get(name="grief")
    say(published_post(), content_note=grief, body="Hard words.")
    desk = PlainBrowser("/admin/queue/all/", user=mia)
    desk.press("Content note: Wren")
    desk.choose("The words are closed behind this topic", "illness")
    desk.press("Set the note")
    assert "The content note of Wren’s comment was changed." in desk.text
    assert "Content note: illness" in desk.text


def test_the_decision_is_three_presses_away_from_the_mail(mia, published_post):
    comment = say(published_post(comment_mode="moderated"), status=Status.PENDING, body="Still.")
    (item,) = emails.to_decide(mia.pk).context["items"]
    phone = PlainBrowser(item.link.removeprefix("http://localhost"))
    assert "Wren" not in phone.text
    phone.press("Look at it")
    assert "Still." in phone.text
    phone.fill("If you remove it, why", "It tells where somebody lives.")
    phone.press("Remove")
    assert "Removed. Readers do not see the comment any more." in phone.text
    comment.refresh_from_db()
    assert comment.status == Status.REMOVED
    assert not phone.cookies


def test_a_break_is_taken_shown_and_ended(owner, published_post):
    post = published_post(slug="lake", comment_mode="open")
    reader = PlainBrowser("/posts/lake/")
    desk = PlainBrowser("/admin/", user=owner)
    desk.follow("Take a break")
    desk.fill("I am back on", str(timezone.localdate() + timedelta(days=9)))
    desk.fill("A word of yours", "I am by the sea.")
    desk.press("Begin the break")
    assert "This blog takes a break until" in desk.one(".desk-rest").text
    reader.follow("Write an answer")
    assert any("takes no answers until" in each for each in reader.shown("[role=alert]"))
    for address in ("/", post.get_absolute_url()):
        assert "Taking a break until " in reader.goto(address).one(".rest-head").text
        assert "I am by the sea." in reader.one(".rest").text
    desk.press("End the break now")
    assert desk.all(".desk-rest") == []
    assert ConversationSettings.get().current_break is None


def test_an_author_replies_from_the_dashboard(alice, published_post):
    say(published_post(comment_mode="open"))
    desk = PlainBrowser("/admin/", user=alice)
    desk.fill("Answer Wren", "I am glad.")
    desk.press("Send", desk.field("Answer Wren").find_parent("form"))
    assert "Answered: Wren’s comment." in desk.one(".messagelist").text
    assert Comment.objects.get(user=alice).body == "I am glad."

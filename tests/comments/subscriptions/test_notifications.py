"""Notifications of new comments: who gets one, once, and what the mail says."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from accounts.models import Mail
from comments.models import Comment, NotificationJob, Subscription
from comments.moderation import decisions
from comments.posting import create, own_comments
from comments.subscriptions import fan_out
from comments.tree.status import Status
from tests.accounts.smtp_server import html_of, text_of
from tests.comments.factories import say
from tests.comments.http import only_comment, send
from tests.comments.mail import everything_in, follows, links_in, one_click, run_due, verified

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"


@pytest.fixture
def post(published_post):
    return published_post(title="An evening by the lake", slug="lake", comment_mode="open")


@pytest.fixture
def question(post, bob):
    """A comment by bob, who is subscribed to replies to it."""
    comment = say(post, user=bob, name="", body="How deep is the water?")
    follows(bob, comment=comment)
    return comment


def test_a_subscriber_of_a_comment_hears_of_a_reply_to_it(client, question, post_office):
    send(client, question, "As deep as *two* men.", name="Wren")
    run_due()
    assert post_office.to() == ["bob@example.org"]
    mail = post_office.mails[0]
    assert mail["Subject"] == "Wren replied on An evening by the lake"
    for words in (text_of(mail), html_of(mail)):
        assert "As deep as *two* men." in words
        assert f"http://localhost/comments/{Comment.objects.latest('pk').pk}/" in words
        assert "Unfollow this" in words


def test_no_request_queues_or_sends_a_mail(client, question, post_office):
    send(client, question)
    assert not Mail.objects.exists()
    assert NotificationJob.objects.count() == 1
    run_due()
    assert not NotificationJob.objects.exists()


def test_a_comment_elsewhere_is_no_reply_to_it(client, post, question, post_office):
    other = say(post)
    below = say(post, question)
    for target in (post, other, below):
        send(client, target)
    run_due()
    assert post_office.mails == []


def test_a_reply_moved_up_at_the_depth_limit_counts_as_a_reply(post, question, client, post_office):
    from comments.tree import guards

    above = question
    for _ in range(guards.MAX_LEVEL):
        above = say(post, above)
    follows(address := verified(), comment=above)
    send(client, above, name="Wren")
    assert Comment.objects.latest("pk").reply_to_id == above.pk
    run_due()
    assert post_office.to() == [address.email]


def test_a_subscriber_of_a_post_or_of_everything_hears_of_every_comment(
    client, post, question, published_post, mia, post_office
):
    follows(verified("post@example.org"), post=post)
    follows(mia)
    send(client, question)
    send(client, published_post(comment_mode="open"))
    run_due()
    to = sorted(post_office.to())
    assert to == ["bob@example.org", "mia@example.org", "mia@example.org", "post@example.org"]


def test_a_reply_that_matches_three_subscriptions_is_one_mail(
    client, post, question, bob, post_office
):
    follows(bob, post=post)
    follows(bob)
    send(client, question)
    run_due()
    assert len(post_office.mails) == 1


def test_one_person_with_an_account_and_as_a_guest_gets_one_mail(
    client, post, question, post_office
):
    follows(verified("Bob@Example.org"), post=post)
    send(client, question)
    run_due()
    assert len(post_office.mails) == 1


def test_nobody_is_mailed_about_their_own_comments(signed_in, post, question, bob, post_office):
    follows(bob, post=post)
    follows(verified(), post=post)
    send(signed_in(bob), question)
    guest = Client()
    send(guest, question, email="ADA@example.org")
    run_due()
    first, second = Comment.objects.exclude(pk=question.pk).order_by("pk")
    about = sorted((mail.to_address, mail.arguments["comment"]) for mail in Mail.objects.all())
    assert about == [(ADA, first.pk), ("bob@example.org", second.pk)]


def test_nothing_is_mailed_before_approval(client, question, mia, post_office):
    type(question.post).objects.update(comment_mode="moderated")
    send(client, question)
    run_due()
    assert post_office.mails == []
    answer = Comment.objects.latest("pk")
    decisions.decide([answer.pk], "approve", mia)
    run_due()
    assert post_office.to() == ["bob@example.org"]


def test_mails_about_a_decision_can_be_delayed(client, question, mia, post_office, time_machine):
    from datetime import timedelta

    from django.utils import timezone

    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    answer = say(question.post, question, Status.PENDING)
    later = timezone.now() + timedelta(seconds=20)
    decisions.decide([answer.pk], "approve", mia, mails_due_at=later)
    run_due()
    assert post_office.mails == []
    time_machine.shift(20)
    run_due()
    assert len(post_office.mails) == 1


def test_a_comment_is_mailed_once_only(client, question, mia, post_office):
    send(client, question)
    run_due()
    answer = Comment.objects.latest("pk")
    own_comments.edit(answer.pk, "Other words.")
    for act in ("remove", "restore", "spam", "approve"):
        decisions.decide([answer.pk], act, mia)
        run_due()
    assert len(post_office.mails) == 1


def test_a_comment_hidden_before_the_mail_is_mailed_when_it_is_restored(
    client, question, mia, post_office
):
    send(client, question)
    answer = Comment.objects.latest("pk")
    decisions.decide([answer.pk], "remove", mia)
    run_due()
    assert post_office.mails == []
    decisions.decide([answer.pk], "restore", mia)
    run_due()
    assert len(post_office.mails) == 1


@pytest.mark.parametrize("act", ["remove", "spam", "withdraw", "purge"])
def test_a_comment_hidden_after_queueing_is_not_mailed(client, question, mia, post_office, act):
    from comments.subscriptions import fan_out

    send(client, question)
    fan_out.do_due()
    assert Mail.objects.waiting().count() == 1
    answer = Comment.objects.latest("pk")
    if act == "withdraw":
        own_comments.withdraw(answer.pk)
    elif act == "purge":
        answer.delete()
    else:
        decisions.decide([answer.pk], act, mia)
    run_due()
    assert post_office.mails == []


def test_a_comment_on_an_archived_post_is_not_mailed(client, question, post, post_office):
    send(client, question)
    type(post).objects.update(status="archived")
    run_due()
    assert post_office.mails == []


@pytest.mark.parametrize("posted", [True, False], ids=["posted already", "not yet"])
@pytest.mark.parametrize("change", [{"comment_mode": "hidden"}, {"status": "draft"}])
def test_mails_wait_while_comments_are_hidden(
    client, question, post, post_office, time_machine, change, posted
):
    from accounts import due_rows
    from comments.subscriptions import fan_out

    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    type(post).objects.update(published_at="2030-05-01 11:00Z")
    send(client, question)
    if posted:
        fan_out.do_due()
    before = {name: getattr(post, name) for name in change}
    type(post).objects.update(**change)
    for _ in range(3):
        run_due()
        time_machine.shift(due_rows.LOOK_AGAIN)
    assert post_office.mails == []
    type(post).objects.update(**before)
    time_machine.shift(due_rows.LOOK_AGAIN)
    run_due()
    assert len(post_office.mails) == 1


def test_comments_hidden_for_a_month_are_not_mailed_any_more(
    client, question, post, post_office, time_machine
):
    from comments.subscriptions import fan_out

    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    type(post).objects.update(published_at="2030-05-01 11:00Z")
    send(client, question)
    type(post).objects.update(comment_mode="hidden")
    run_due()
    time_machine.shift(fan_out.NO_NEWS)
    run_due()
    type(post).objects.update(comment_mode="open")
    run_due()
    assert post_office.mails == []


def test_imported_comments_are_not_mailed(post, question, mia, post_office):
    from django.utils import timezone

    from comments.imports.bulk_load import Incoming, load

    words = {"name": "Wren", "body": "Hi", "body_html": "<p>Hi</p>", "post": post.pk}
    load([Incoming(key=9001, parent=None, created_at=timezone.now(), **words)])
    waiting = say(post, question, Status.PENDING, source="wordpress:x", source_id="7")
    follows(verified(), post=post)
    decisions.decide([waiting.pk], "approve", mia)
    run_due()
    assert post_office.mails == []


def test_unsubscribing_also_cancels_queued_mails(client, post, question, bob, post_office):
    from comments.subscriptions import fan_out

    follows(bob, post=post)
    send(client, question)
    run_due()
    this, everything = links_in(post_office.mails[0])
    assert one_click(post_office.mails[0]) == everything
    for path in (this, everything):
        for _ in range(2):
            assert client.get(path).status_code == 200
    assert Subscription.objects.count() == 2
    send(client, question, "A second one.")
    fan_out.do_due()
    assert "You’ve unfollowed this" in client.post(this).text
    run_due()
    assert len(post_office.mails) == 2  # the subscription to the post still stands
    send(client, question, "A third one.")
    fan_out.do_due()
    program = Client(enforce_csrf_checks=True)
    assert program.post(everything, {"List-Unsubscribe": "One-Click"}).status_code == 200
    run_due()
    assert len(post_office.mails) == 2
    assert not Subscription.objects.exists()


def test_one_click_in_the_mail_program_unsubscribes(client, question, post_office):
    send(client, question)
    run_due()
    assert post_office.mails[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_mail_headers_let_programs_thread_a_conversation(client, post, question, post_office):
    follows(verified(), post=post)
    send(client, question, "First.")
    answer = Comment.objects.latest("pk")
    send(client, answer, "Second.")
    run_due()
    first, second = [mail for mail in post_office.mails if mail["To"] == ADA]
    assert second["In-Reply-To"] == first["Message-ID"]
    head = first["References"].split()[0]
    assert second["References"].split() == [head, first["Message-ID"]]
    others = [mail["Message-ID"] for mail in post_office.mails if mail["To"] != ADA]
    assert first["Message-ID"] not in others


def test_a_discreet_mail_names_nobody_and_nothing(client, post, question, post_office, settings):
    from blog.models import Blog

    settings.DEFAULT_FROM_EMAIL = "The lake house <mail@example.net>"
    Blog.objects.update_or_create(pk=1, defaults={"title": "The lake house"})
    get_user_model().objects.update(discreet=True)
    send(client, question, "As deep as two men.", name="Wren")
    run_due()
    mail = post_office.mails[0]
    said = everything_in(mail)
    telling = ["lake", "Lake", "Wren", "deep", "evening", "Bob", "comment", "conversation"]
    assert [word for word in telling if word in said.replace("bob@", "")] == []
    assert mail["From"] == "mail@example.net"
    assert mail["Subject"] == "There’s something new for you"
    assert "List-Id" not in mail
    read, *_stop = links_in(mail)
    page = client.get(read)
    assert "lake" not in page.text
    answer = Comment.objects.latest("pk")
    assert client.post(read)["Location"] == f"/comments/{answer.pk}/"
    decisions.decide([answer.pk], "remove", post.author)
    assert client.post(read)["Location"] == "/"


def test_special_characters_in_a_title_are_mailed_as_they_are(client, question, post_office):
    type(question.post).objects.update(title="Tom & Ada <3\nBcc: eve@example.org")
    send(client, question, "<b>Hi</b> & bye", name="O'Hara")
    run_due()
    mail = post_office.mails[0]
    assert mail["Subject"] == "O'Hara replied on Tom & Ada <3 Bcc: eve@example.org"
    assert mail["Bcc"] is None
    assert "<b>Hi</b> & bye" in text_of(mail)
    assert "<b>" not in html_of(mail)


@pytest.mark.parametrize("change", [{"is_active": False}, {"no": "address"}])
def test_inactive_accounts_and_unverified_addresses_get_no_mail(
    client, question, bob, post_office, change
):
    if "no" in change:
        bob.emailaddress_set.update(verified=False)
    else:
        type(bob).objects.filter(pk=bob.pk).update(**change)
    send(client, question)
    run_due()
    assert post_office.mails == []


def test_a_dead_mail_server_keeps_the_comment_and_the_mail(
    client, question, post_office, time_machine
):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    type(question.post).objects.update(published_at="2030-05-01 11:00Z")
    post_office.close()
    assert send(client, question).status_code == 302
    run_due()
    assert Mail.objects.get().last_error == "ConnectionRefusedError"
    post_office.open()
    time_machine.shift(60)
    run_due()
    assert post_office.to() == ["bob@example.org"]


def test_withdrawing_or_disowning_a_comment_ends_its_subscription(question):
    own_comments.disown(question.pk)
    assert not Subscription.objects.exists()


def test_a_published_comment_subscribes_with_its_box_alone(signed_in, bob, post, post_office):
    client = signed_in(bob)
    send(client, post, follow="on")
    send(Client(), only_comment(), name="Wren")
    run_due()
    assert post_office.to() == ["bob@example.org"]


@pytest.mark.parametrize("shown", [True, False], ids=["shown already", "held"])
def test_the_writer_of_a_disowned_comment_is_not_mailed_about_it(
    post, bob, mia, post_office, shown
):
    type(post).objects.update(comment_mode="open" if shown else "moderated")
    follows(bob, post=post)
    answer = create.post_comment(create.Answer(post.pk, {"body": "Mine."}, user=bob))
    own_comments.disown(answer.pk)
    if not shown:
        decisions.decide([answer.pk], "approve", mia)
    run_due()
    assert post_office.mails == []


@pytest.mark.parametrize("pressed", [0, 1], ids=["the account's", "the guest's"])
def test_one_press_ends_all_mails_to_a_mailbox(
    client, post, published_post, bob, mia, post_office, pressed
):
    other = published_post(comment_mode="open")
    follows(bob, post=post)
    guest = verified("Bob@example.org")
    follows(guest, post=other)
    follows(mia, post=post)
    send(client, post)
    run_due()
    send(client, other)
    run_due()
    hers = [mail for mail in post_office.mails if mail["To"].casefold() == "bob@example.org"]
    send(client, post, "Waits already.")
    fan_out.do_due()
    assert (
        Client().post(one_click(hers[pressed]), {"List-Unsubscribe": "One-Click"}).status_code
        == 200
    )
    before = len(post_office.mails)
    send(client, other, "After it.")
    run_due()
    assert post_office.to()[before:] == ["mia@example.org"]
    follows(bob)
    send(client, post, "She wished anew.")
    run_due()
    assert sorted(post_office.to()[before + 1 :]) == ["bob@example.org", "mia@example.org"]
    assert Subscription.objects.filter(user=bob).count() == 1
    assert not Subscription.objects.filter(address=guest).exists()


@pytest.mark.parametrize(
    ("target", "parent", "subject", "why"),
    [
        ("comment", True, "replied on", "you follow the replies to a comment on Hearth"),
        ("post", False, "commented on", "you follow this conversation on Hearth"),
        ("all", False, "commented on", "you follow all conversations on Hearth"),
    ],
)
def test_a_mail_says_what_is_new_and_why_it_comes(
    client, post, bob, post_office, target, parent, subject, why
):
    comment = say(post)
    follows(bob, **{"comment": {"comment": comment}, "post": {"post": post}, "all": {}}[target])
    send(client, comment if parent else post, name="Wren")
    run_due()
    (mail,) = post_office.mails
    assert mail["Subject"] == f"Wren {subject} An evening by the lake"
    for words in (text_of(mail), html_of(mail)):
        assert f"Wren {subject} “An evening by the lake”:" in words
        assert f"You’re getting this email because {why}." in " ".join(words.split())

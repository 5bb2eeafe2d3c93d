"""Who hears of an answer by mail, once, and what the mail says."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from accounts.models import Mail
from comments import moderation, notify, ownership, posting
from comments.followers import Announcement, Following
from comments.models import Comment
from comments.status import Status
from tests.accounts.post_office import html_of, text_of

from .growing import say
from .mailing import everything_in, follows, links_in, one_click, proved, run_due
from .pages import only_comment, send

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"


@pytest.fixture
def post(published_post):
    return published_post(title="An evening by the lake", slug="lake", comment_mode="open")


@pytest.fixture
def question(post, bob):
    """A comment of bob's, who is told of answers to it."""
    comment = say(post, user=bob, name="", body="How deep is the water?")
    follows(bob, comment=comment)
    return comment


def test_who_follows_a_comment_hears_of_an_answer_to_it(client, question, post_office):
    send(client, question, "As deep as *two* men.", name="Wren")
    run_due()
    assert post_office.to() == ["bob@example.org"]
    mail = post_office.mails[0]
    assert mail["Subject"] == "Wren answered: An evening by the lake"
    for words in (text_of(mail), html_of(mail)):
        assert "As deep as *two* men." in words
        assert f"http://localhost/comments/{Comment.objects.latest('pk').pk}/" in words
        assert "Stop mails about this one" in words


def test_no_request_puts_a_mail_into_the_outbox_or_sends_one(client, question, post_office):
    send(client, question)
    assert not Mail.objects.exists()
    assert Announcement.objects.count() == 1
    run_due()
    assert not Announcement.objects.exists()


def test_an_answer_elsewhere_is_no_answer_to_it(client, post, question, post_office):
    other = say(post)
    below = say(post, question)
    for target in (post, other, below):
        send(client, target)
    run_due()
    assert post_office.mails == []


def test_an_answer_that_had_to_stand_higher_up_is_one(post, question, client, post_office):
    from comments import tree

    above = question
    for _ in range(tree.MAX_LEVEL):
        above = say(post, above)
    follows(address := proved(), comment=above)
    send(client, above, name="Wren")
    assert Comment.objects.latest("pk").reply_to_id == above.pk
    run_due()
    assert post_office.to() == [address.email]


def test_who_follows_a_post_or_everything_hears_of_all_of_it(
    client, post, question, published_post, mia, post_office
):
    follows(proved("post@example.org"), post=post)
    follows(mia)
    send(client, question)
    send(client, published_post(comment_mode="open"))
    run_due()
    to = sorted(post_office.to())
    assert to == ["bob@example.org", "mia@example.org", "mia@example.org", "post@example.org"]


def test_an_answer_that_matches_three_ways_is_one_mail(client, post, question, bob, post_office):
    follows(bob, post=post)
    follows(bob)
    send(client, question)
    run_due()
    assert len(post_office.mails) == 1


def test_one_person_with_an_account_and_as_a_guest_gets_one_mail(
    client, post, question, post_office
):
    follows(proved("Bob@Example.org"), post=post)
    send(client, question)
    run_due()
    assert len(post_office.mails) == 1


def test_nobody_is_told_of_her_own_words(signed_in, post, question, bob, post_office):
    follows(bob, post=post)
    follows(proved(), post=post)
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
    moderation.decide([answer.pk], "approve", mia)
    run_due()
    assert post_office.to() == ["bob@example.org"]


def test_mails_of_a_decision_can_be_made_to_wait(client, question, mia, post_office, time_machine):
    from datetime import timedelta

    from django.utils import timezone

    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    answer = say(question.post, question, Status.PENDING)
    later = timezone.now() + timedelta(seconds=20)
    moderation.decide([answer.pk], "approve", mia, mails_due_at=later)
    run_due()
    assert post_office.mails == []
    time_machine.shift(20)
    run_due()
    assert len(post_office.mails) == 1


def test_what_was_told_once_is_no_news_again(client, question, mia, post_office):
    send(client, question)
    run_due()
    answer = Comment.objects.latest("pk")
    ownership.edit(answer.pk, "Other words.")
    for act in ("remove", "restore", "spam", "approve"):
        moderation.decide([answer.pk], act, mia)
        run_due()
    assert len(post_office.mails) == 1


def test_a_comment_that_was_hidden_before_anybody_was_told_is_told_when_it_is_back(
    client, question, mia, post_office
):
    send(client, question)
    answer = Comment.objects.latest("pk")
    moderation.decide([answer.pk], "remove", mia)
    run_due()
    assert post_office.mails == []
    moderation.decide([answer.pk], "restore", mia)
    run_due()
    assert len(post_office.mails) == 1


@pytest.mark.parametrize("act", ["remove", "spam", "withdraw", "purge"])
def test_what_is_hidden_after_the_mail_was_posted_is_not_sent(
    client, question, mia, post_office, act
):
    from comments import notify

    send(client, question)
    notify.do_due()
    assert Mail.objects.waiting().count() == 1
    answer = Comment.objects.latest("pk")
    if act == "withdraw":
        ownership.withdraw(answer.pk)
    elif act == "purge":
        answer.delete()
    else:
        moderation.decide([answer.pk], act, mia)
    run_due()
    assert post_office.mails == []


def test_a_comment_on_an_archived_post_is_not_sent(client, question, post, post_office):
    send(client, question)
    type(post).objects.update(status="archived")
    run_due()
    assert post_office.mails == []


@pytest.mark.parametrize("posted", [True, False], ids=["posted already", "not yet"])
@pytest.mark.parametrize("change", [{"comment_mode": "hidden"}, {"status": "draft"}])
def test_mails_wait_while_comments_are_hidden(
    client, question, post, post_office, time_machine, change, posted
):
    from comments import notify

    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    type(post).objects.update(published_at="2030-05-01 11:00Z")
    send(client, question)
    if posted:
        notify.do_due()
    before = {name: getattr(post, name) for name in change}
    type(post).objects.update(**change)
    for _ in range(3):
        run_due()
        time_machine.shift(notify.LOOK_AGAIN)
    assert post_office.mails == []
    type(post).objects.update(**before)
    time_machine.shift(notify.LOOK_AGAIN)
    run_due()
    assert len(post_office.mails) == 1


def test_after_a_month_of_that_it_is_no_news(client, question, post, post_office, time_machine):
    from comments import notify

    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    type(post).objects.update(published_at="2030-05-01 11:00Z")
    send(client, question)
    type(post).objects.update(comment_mode="hidden")
    run_due()
    time_machine.shift(notify.NO_NEWS)
    run_due()
    type(post).objects.update(comment_mode="open")
    run_due()
    assert post_office.mails == []


def test_imported_and_loaded_comments_tell_nobody(post, question, mia, post_office):
    from django.utils import timezone

    from comments.loading import Incoming, load

    words = {"name": "Wren", "body": "Hi", "body_html": "<p>Hi</p>", "post": post.pk}
    load([Incoming(key=9001, parent=None, created_at=timezone.now(), **words)])
    waiting = say(post, question, Status.PENDING, source="wordpress:x", source_id="7")
    follows(proved(), post=post)
    moderation.decide([waiting.pk], "approve", mia)
    run_due()
    assert post_office.mails == []


def test_stopping_this_and_stopping_all_end_what_waits_already(
    client, post, question, bob, post_office
):
    from comments import notify

    follows(bob, post=post)
    send(client, question)
    run_due()
    this, everything = links_in(post_office.mails[0])
    assert one_click(post_office.mails[0]) == everything
    for path in (this, everything):
        for _ in range(2):
            assert client.get(path).status_code == 200
    assert Following.objects.count() == 2
    send(client, question, "A second one.")
    notify.do_due()
    assert "No more mails about this" in client.post(this).text
    run_due()
    assert len(post_office.mails) == 2  # she follows the post still
    send(client, question, "A third one.")
    notify.do_due()
    program = Client(enforce_csrf_checks=True)
    assert program.post(everything, {"List-Unsubscribe": "One-Click"}).status_code == 200
    run_due()
    assert len(post_office.mails) == 2
    assert not Following.objects.exists()


def test_a_mail_is_ended_with_one_press_in_the_mail_program(client, question, post_office):
    send(client, question)
    run_due()
    assert post_office.mails[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_mail_programs_can_thread_a_conversation(client, post, question, post_office):
    follows(proved(), post=post)
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
    assert mail["Subject"] == "There is something new for you"
    assert "List-Id" not in mail
    read, *_stop = links_in(mail)
    page = client.get(read)
    assert "lake" not in page.text
    answer = Comment.objects.latest("pk")
    assert client.post(read)["Location"] == f"/comments/{answer.pk}/"
    moderation.decide([answer.pk], "remove", post.author)
    assert client.post(read)["Location"] == "/"


def test_a_post_with_signs_in_its_title_is_told_as_it_is(client, question, post_office):
    type(question.post).objects.update(title="Tom & Ada <3\nBcc: eve@example.org")
    send(client, question, "<b>Hi</b> & bye", name="O'Hara")
    run_due()
    mail = post_office.mails[0]
    assert mail["Subject"] == "O'Hara answered: Tom & Ada <3 Bcc: eve@example.org"
    assert mail["Bcc"] is None
    assert "<b>Hi</b> & bye" in text_of(mail)
    assert "<b>" not in html_of(mail)


@pytest.mark.parametrize("change", [{"is_active": False}, {"no": "address"}])
def test_an_account_that_is_closed_or_has_no_proved_address_gets_none(
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


def test_who_takes_her_words_back_or_her_name_off_them_does_not_follow_them(question):
    ownership.disown(question.pk)
    assert not Following.objects.exists()


def test_an_answer_at_once_needs_no_more_than_its_box(signed_in, bob, post, post_office):
    client = signed_in(bob)
    send(client, post, follow="on")
    send(Client(), only_comment(), name="Wren")
    run_due()
    assert post_office.to() == ["bob@example.org"]


@pytest.mark.parametrize("shown", [True, False], ids=["shown already", "held"])
def test_who_took_her_name_off_is_not_told_of_her_own_words(post, bob, mia, post_office, shown):
    type(post).objects.update(comment_mode="open" if shown else "moderated")
    follows(bob, post=post)
    answer = posting.post_comment(posting.Answer(post.pk, {"body": "Mine."}, user=bob))
    ownership.disown(answer.pk)
    if not shown:
        moderation.decide([answer.pk], "approve", mia)
    run_due()
    assert post_office.mails == []


@pytest.mark.parametrize("pressed", [0, 1], ids=["the account's", "the guest's"])
def test_one_press_ends_all_mails_to_a_mailbox(
    client, post, published_post, bob, mia, post_office, pressed
):
    other = published_post(comment_mode="open")
    follows(bob, post=post)
    guest = proved("Bob@example.org")
    follows(guest, post=other)
    follows(mia, post=post)
    send(client, post)
    run_due()
    send(client, other)
    run_due()
    hers = [mail for mail in post_office.mails if mail["To"].casefold() == "bob@example.org"]
    send(client, post, "Waits already.")
    notify.do_due()
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
    assert Following.objects.filter(user=bob).count() == 1
    assert not Following.objects.filter(address=guest).exists()

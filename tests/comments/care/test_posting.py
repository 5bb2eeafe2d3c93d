"""Posting into care: a match is always read by a person, and the help text is shown."""

import logging

import pytest
from django.core import mail
from django.test import Client

from comments.care import cases
from comments.models import Comment, ModerationAction, Phrase, Reputation
from comments.models.checks import CheckOutcome, Verdict
from comments.models.standing import key_of
from comments.moderation import decisions
from comments.posting import own_comments
from comments.tree.guards import StructureError
from comments.tree.status import QueuePriority, Status
from tests.comments.care_cases import PHRASE, WORDS, case_of, change_settings, run_due, switch_on
from tests.comments.factories import say, stored
from tests.comments.http import only_comment, send, soup, visit
from tests.comments.receipts.test_receipts import link_of
from tests.comments.report_http import report

pytestmark = pytest.mark.django_db


def always_spam(submission):
    """A check that takes everything for spam."""
    return CheckOutcome("spam", Verdict.SPAM, "all of it")


def always_broken(submission):
    """A check that fails with the comment's text in its error message."""
    raise ValueError(submission.text)


@pytest.fixture(autouse=True)
def care(db):
    switch_on(care_help="Call **Somebody**.")


def is_held_for_care(comment):
    comment = stored(comment)
    assert (comment.status, comment.queue_priority) == (Status.PENDING, QueuePriority.CARE)
    assert case_of(comment).shows_help
    return True


@pytest.mark.parametrize("mode", ["open", "first-timers", "moderated"])
def test_a_matching_comment_is_held_in_every_mode(client, published_post, mode):
    send(client, published_post(comment_mode=mode), WORDS)
    assert is_held_for_care(only_comment())
    assert PHRASE in case_of(only_comment()).why


def test_a_match_in_the_name_counts_like_one_in_the_text(client, published_post):
    send(client, published_post(comment_mode="open"), name=PHRASE)
    assert is_held_for_care(only_comment())


@pytest.mark.parametrize("who", ["bob", "alice", "mia", "owner"])
def test_a_matching_comment_is_held_whoever_writes_it(request, signed_in, published_post, who, bob):
    post = published_post(comment_mode="first-timers")
    say(post, user=bob, name="")
    Reputation.objects.create(key=key_of(bob), kind=Reputation.Kind.TRUSTED)
    client = signed_in(request.getfixturevalue(who))
    send(client, post, WORDS)
    assert is_held_for_care(Comment.objects.latest("pk"))


@pytest.mark.parametrize("publishes", [False, True])
def test_no_other_check_takes_a_comment_out_of_care(
    client, published_post, settings, publishes, django_user_model
):
    change_settings(care_publishes=publishes)
    Phrase.objects.create(kind=Phrase.Kind.SPAM, text="long night")
    Phrase.objects.create(kind=Phrase.Kind.HOLD, text="a long")
    own = [f"{__name__}.always_spam", f"{__name__}.always_broken"]
    for checks in ([*settings.COMMENT_CHECKS, *own], [*own, *settings.COMMENT_CHECKS]):
        settings.COMMENT_CHECKS = checks
        links = " ".join(f"https://{n}.example.com/" for n in range(30))
        send(client, published_post(comment_mode="open"), f"{WORDS} {links}")
        assert is_held_for_care(Comment.objects.latest("pk"))


def test_a_banned_writers_comment_in_care_is_read_by_a_person_too(signed_in, bob, published_post):
    Reputation.objects.create(key=key_of(bob), kind=Reputation.Kind.BANNED)
    send(signed_in(bob), published_post(comment_mode="open"), WORDS)
    assert is_held_for_care(only_comment())


def test_the_other_checks_alone_would_have_said_spam(client, published_post, settings):
    settings.COMMENT_CHECKS = [*settings.COMMENT_CHECKS, f"{__name__}.always_spam"]
    send(client, published_post(comment_mode="open"))
    assert only_comment().queue_priority == QueuePriority.SUSPECT


def test_a_phrase_at_the_end_of_ten_thousand_characters_is_found(client, published_post):
    words = "a quiet word " * 765
    send(client, published_post(comment_mode="open"), words + PHRASE)
    assert is_held_for_care(only_comment())
    assert len(only_comment().body) > 9_950


# -- published at once -------------------------------------------------------------------


def test_the_owner_can_let_comments_in_care_be_published_at_once(client, published_post):
    change_settings(care_publishes=True)
    post = published_post(comment_mode="open")
    answer = send(client, post, WORDS)
    comment = only_comment()
    assert (comment.status, comment.queue_priority, comment.held_because) == (
        Status.APPROVED,
        QueuePriority.CARE,
        "",
    )
    assert "Call Somebody." in visit(client, answer["Location"]).select_one(".help").text
    assert WORDS in Client().get(post.get_absolute_url()).text
    assert case_of(comment)


@pytest.mark.parametrize("mode", ["first-timers", "moderated"])
def test_a_phrase_is_no_way_around_the_usual_wait(client, published_post, mode):
    change_settings(care_publishes=True)
    send(client, published_post(comment_mode=mode), WORDS)
    assert is_held_for_care(only_comment())


# -- what its writer sees ----------------------------------------------------------------


def test_the_writer_is_redirected_to_the_help_text(client, published_post):
    answer = send(client, published_post(), WORDS)
    assert answer["Location"] == f"/comments/{only_comment().pk}/receipt/"
    page = visit(client, answer["Location"])
    assert "Call Somebody." in page.select_one("section.help").text
    assert page.select_one("input[readonly]")["value"]  # the private link, this once
    for word in (PHRASE, "care", "phrase"):
        assert word not in page.main.text.replace(WORDS, "").casefold()


def test_the_inline_form_leads_to_the_help_text_too(client, published_post):
    post = published_post()
    sent = {"name": "Ada", "body": WORDS}
    address = f"/posts/{post.slug}/reply/"
    answer = client.post(address, sent, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"/comments/{only_comment().pk}/receipt/"


def test_a_writer_with_an_account_is_led_to_the_help_text_too(signed_in, bob, published_post):
    client = signed_in(bob)
    answer = send(client, published_post(), WORDS)
    assert visit(client, answer["Location"]).select_one("section.help")


def test_other_writers_return_to_the_page_as_usual(client, published_post):
    answer = send(client, published_post())
    assert "/posts/" in answer["Location"]
    assert not soup(client.get(link_of(only_comment()))).select("section.help")


# -- edits -------------------------------------------------------------------------------


def test_an_edit_that_matches_hides_the_comment_and_shows_the_help_text(client, published_post):
    comment = say(published_post(comment_mode="open"))
    private = link_of(comment)
    client.post(f"{private}edit/", {"body": WORDS}, follow=True)
    assert is_held_for_care(comment)
    assert visit(client, private).select_one("section.help")


@pytest.mark.parametrize("mode", ["open", "moderated"])
def test_an_edit_that_removes_the_phrase_stays_in_care(client, published_post, mode):
    send(client, published_post(comment_mode=mode), WORDS)
    comment = only_comment()
    case = case_of(comment)
    own_comments.edit(comment.pk, "Never mind.")
    assert stored(comment).body == "Never mind."
    assert is_held_for_care(comment)
    assert case_of(comment).pk == case.pk
    assert PHRASE in case_of(comment).why


def test_an_edit_of_an_approved_comment_stays_in_care(client, published_post, mia):
    send(client, published_post(comment_mode="open"), WORDS)
    comment = only_comment()
    decisions.decide([comment.pk], "approve", mia)
    own_comments.edit(comment.pk, "Never mind.")
    assert stored(comment).queue_priority == QueuePriority.CARE
    assert case_of(comment)


def test_after_the_case_was_closed_a_new_match_opens_another(client, published_post, mia):
    send(client, published_post(comment_mode="open"), WORDS)
    comment = only_comment()
    first = case_of(comment)
    cases.close_case(first.pk, mia, decision="otherwise")
    own_comments.edit(comment.pk, f"{WORDS} Still.")
    assert is_held_for_care(comment)
    assert case_of(comment).pk != first.pk


# -- what must not happen ----------------------------------------------------------------


def test_a_comment_in_care_cannot_be_marked_as_spam(client, published_post, mia):
    send(client, published_post(), WORDS)
    comment = only_comment()
    assert decisions.decide([comment.pk], "spam", mia).changed == []
    assert is_held_for_care(comment)
    cases.close_case(case_of(comment).pk, mia, decision="otherwise")
    assert decisions.decide([comment.pk], "spam", mia).changed == [comment.pk]


def test_a_comment_in_care_is_not_purged(client, published_post):
    send(client, published_post(), WORDS)
    with pytest.raises(StructureError):
        only_comment().delete()
    assert is_held_for_care(only_comment())


def test_no_mail_log_or_error_report_holds_the_text(
    client, published_post, settings, mia, owner, caplog, monkeypatch
):
    caplog.set_level(logging.DEBUG)
    settings.COMMENT_CHECKS = [*settings.COMMENT_CHECKS, f"{__name__}.always_broken"]
    send(client, published_post(comment_mode="open"), WORDS, email="ada@example.org", follow="on")
    run_due()
    monkeypatch.setattr("comments.care.alerts.tell_about", lambda *args: 1 / 0)
    comment = only_comment()
    cases.close_case(case_of(comment).pk, mia, decision="answered")
    own_comments.edit(comment.pk, f"{WORDS} Still.")
    from config import due_work

    assert due_work.do_due() == ["comments.care.alerts"]
    assert any(str(letter.to) == "['mia@example.org']" for letter in mail.outbox)
    written = [letter.message().as_string() for letter in mail.outbox]
    written += [f"{record.getMessage()} {record.exc_text}" for record in caplog.records]
    written += [str(row) for row in ModerationAction.objects.values()]
    for text in written:
        assert "lighthouse" not in text.casefold()


def test_an_alert_about_a_deleted_case_is_not_sent(client, published_post, mia, owner):
    send(client, published_post(), WORDS)
    from comments.care import alerts

    alerts.do_due()
    cases.close_case(case_of(only_comment()).pk, mia)
    run_due()
    assert mail.outbox == []


@pytest.mark.parametrize("is_on", [False, True])
def test_a_readers_worry_alerts_moderators_even_if_care_is_off(client, published_post, mia, is_on):
    change_settings(care_on=is_on)
    comment = say(published_post(), body="A quiet word.")
    report(comment, reason="worried")
    assert stored(comment).queue_priority == QueuePriority.CARE
    assert stored(comment).status == Status.APPROVED
    run_due()
    assert [letter.to for letter in mail.outbox] == [["mia@example.org"]]
    assert not visit(client, link_of(comment)).select("section.help")

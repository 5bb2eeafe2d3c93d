"""The pipeline of checks: the strictest verdict decides, no comment is dropped, trust passes."""

import logging

import pytest

from comments.models import CheckResult, Comment, ModerationAction, Reputation
from comments.models.checks import CheckOutcome, Verdict
from comments.moderation import decisions
from comments.posting import create
from comments.spam import pipeline
from comments.spam.submission import Submission
from comments.tree.status import QueuePriority, Status
from tests.comments.factories import say, stored
from tests.comments.http import send, visit
from tests.comments.spam_checks import TENDER, found, give, is_held, is_public, newest

pytestmark = pytest.mark.django_db
HERE = "tests.comments.spam.test_pipeline"
SECRET = "a word that belongs into no log"


def publishes(submission):
    return CheckOutcome("publishes", Verdict.PUBLISH, "known well")


def holds(submission):
    return CheckOutcome("holds", Verdict.HOLD, "looks odd")


def suspects(submission):
    return CheckOutcome("suspects", Verdict.SPAM, "looks like spam")


def cares(submission):
    return CheckOutcome("cares", Verdict.CARE, "someone should look")


def fails(submission):
    raise ValueError(f"cannot read {submission.text}")


@pytest.fixture
def asking(settings):
    """A function that configures only these checks, in this order."""

    def ask(*names):
        settings.COMMENT_CHECKS = [f"{HERE}.{name}" for name in names]

    return ask


def sent(client, post, *args, **fields):
    assert send(client, post, *args, **fields).status_code == 302
    return newest()


def test_without_findings_the_posts_mode_decides(client, asking, published_post):
    asking()
    assert is_public(sent(client, published_post(comment_mode="open")))
    held = sent(client, published_post())
    assert (held.status, held.held_because, found(held)) == (Status.PENDING, "first-comment", {})


@pytest.mark.parametrize(
    ("names", "priority"),
    [
        (("holds",), QueuePriority.USUAL),
        (("publishes", "holds"), QueuePriority.USUAL),
        (("suspects", "holds"), QueuePriority.SUSPECT),
        (("cares", "suspects", "publishes"), QueuePriority.CARE),
        (("suspects", "cares"), QueuePriority.CARE),
    ],
)
def test_the_strictest_verdict_decides_whatever_the_order(
    client, asking, published_post, names, priority
):
    asking(*names)
    comment = sent(client, published_post(comment_mode="open"))
    assert is_held(comment, *set(names) - {"publishes"}, queue_priority=priority)
    assert comment.held_because == ("care" if priority == QueuePriority.CARE else "checks")
    assert comment.care_cases.count() == (priority == QueuePriority.CARE)


def test_care_outranks_spam_in_the_verdict_itself():
    """Not only because its case puts the comment into the care lane, too."""
    asked = pipeline.ScreeningResult((suspects(None), holds(None), cares(None)))
    assert pipeline.decide_status(asked, Status.APPROVED, "").queue_priority == QueuePriority.CARE


def test_a_verdict_to_publish_overrides_only_the_posts_mode(client, asking, published_post):
    asking("publishes")
    assert is_public(sent(client, published_post(comment_mode="moderated")))


def test_a_comment_held_by_two_checks_names_both(client, asking, published_post):
    asking("holds")
    comment = sent(client, published_post())
    assert comment.held_because == "first-comment"
    assert is_held(comment, "holds")
    assert ModerationAction.objects.get().verdict == "first-comment, holds"


def test_the_writer_sees_a_kind_sentence_and_no_findings(client, asking, published_post):
    asking("suspects")
    post = published_post(comment_mode="open")
    page = visit(client, send(client, post)["Location"]).text
    assert "Now and then a comment is reviewed first" in page
    assert "spam" not in page
    receipt = visit(client, f"/comments/{newest().pk}/receipt/").text
    assert "looks like spam" not in receipt


def test_a_failing_check_holds_is_shown_and_the_other_checks_still_run(
    client, asking, published_post, caplog
):
    asking("fails", "holds")
    with caplog.at_level(logging.ERROR):
        comment = sent(client, published_post(comment_mode="open"), SECRET, name="Nobody Knows")
    assert is_held(comment, f"{HERE}.fails", "holds")
    assert "a check failed to run:" in found(comment)[f"{HERE}.fails"]
    told = [
        record.getMessage() for record in caplog.records if record.name == "comments.spam.pipeline"
    ]
    assert told == [f"The check {HERE}.fails failed: ValueError"]
    assert SECRET not in caplog.text
    assert "Nobody Knows" not in caplog.text


@pytest.mark.parametrize("answer", ["hold", True, Verdict.HOLD])
def test_an_invalid_verdict_holds_instead_of_losing_the_comment(
    client, settings, monkeypatch, published_post, answer
):
    settings.COMMENT_CHECKS = ["comments.spam.text_checks.care_phrases"]
    monkeypatch.setattr("comments.spam.text_checks.care_phrases", lambda submission: answer)
    assert send(client, published_post(comment_mode="open")).status_code == 302
    assert is_held(newest(), "comments.spam.text_checks.care_phrases")


def test_a_missing_check_holds_instead_of_losing_the_comment(client, settings, published_post):
    settings.COMMENT_CHECKS = ["comments.spam.pipeline.nowhere.to_be_found"]
    comment = sent(client, published_post(comment_mode="open"))
    assert is_held(comment, "comments.spam.pipeline.nowhere.to_be_found")


@pytest.mark.parametrize("mode", ["open", "first-timers", "moderated"])
def test_trust_overrides_everything_but_care(signed_in, bob, asking, published_post, mode):
    give(Reputation.Kind.TRUSTED, bob)
    client, post = signed_in(bob), published_post(comment_mode=mode)
    asking("holds", "suspects")
    assert is_public(sent(client, post, "One."))
    asking("holds", "cares")
    assert is_held(sent(client, post, "Two."), "cares", queue_priority=QueuePriority.CARE)
    asking("fails")
    assert is_held(sent(client, post, "Three."), f"{HERE}.fails")


def test_a_ban_overrides_trust(signed_in, bob, published_post):
    give(Reputation.Kind.TRUSTED, bob)
    give(Reputation.Kind.BANNED, bob)
    comment = sent(signed_in(bob), published_post(comment_mode="open"))
    assert is_held(comment, "banned")
    assert found(comment) == {"banned": "writer banned"}


def test_a_banned_writer_is_held_until_the_ban_runs_out(signed_in, bob, published_post):
    from django.utils import timezone

    ban = give(Reputation.Kind.BANNED, bob, until=timezone.now())
    post, client = published_post(comment_mode="open"), signed_in(bob)
    assert is_public(sent(client, post, "It has run out."))
    Reputation.objects.filter(pk=ban.pk).update(until=None)
    assert is_held(sent(client, post, "Without an end."), "banned")


def test_a_typed_address_is_neither_trusted_nor_banned(client, bob, published_post):
    give(Reputation.Kind.BANNED, bob)
    post = published_post(comment_mode="open")
    assert is_public(sent(client, post, email=bob.email))


def test_authors_and_moderators_are_not_checked(signed_in, alice, mia, asking, published_post):
    asking("holds", "suspects")
    post = published_post(comment_mode="moderated")
    for who in (alice, mia):
        assert is_public(sent(signed_in(who), post, "Mine."))


def test_the_form_tells_a_trusted_writer_what_will_happen(signed_in, bob, published_post):
    post = published_post(comment_mode="moderated")
    address = f"/posts/{post.slug}/reply/"
    assert "A moderator reviews your comment" in signed_in(bob).get(address).text
    give(Reputation.Kind.TRUSTED, bob)
    assert "Your comment appears right away. Now and then one" in signed_in(bob).get(address).text
    give(Reputation.Kind.BANNED, bob)
    assert "A moderator reviews your comment" in signed_in(bob).get(address).text


def test_checks_run_before_any_lock_is_taken(published_post, settings, monkeypatch):
    parent = say(published_post(comment_mode="open"))
    order = []
    real = create.in_transaction
    monkeypatch.setattr(create, "in_transaction", lambda work: order.append("lock") or real(work))
    monkeypatch.setattr(f"{HERE}.holds", lambda submission: order.append("check"))
    settings.COMMENT_CHECKS = [f"{HERE}.holds"]
    create.post_comment(create.Answer(parent.post_id, {"body": "x", "name": "A"}, parent.pk))
    assert order[:2] == ["check", "lock"]


def test_a_check_gets_plain_values(client, published_post, settings, monkeypatch):
    seen = []
    monkeypatch.setattr(f"{HERE}.holds", seen.append)
    settings.COMMENT_CHECKS = [f"{HERE}.holds"]
    parent = say(published_post(comment_mode="open", language="de-AT"))
    words = "See https://example.com/a and http://localhost/posts/x/ and https://example.com/a"
    send(client, parent, words, email="ada@example.org", twilight="x")
    [submission] = seen
    assert isinstance(submission, Submission)
    assert (submission.text, submission.name, submission.email) == (words, "Ada", "ada@example.org")
    assert (submission.parent, submission.post, submission.user) == (parent.pk, parent.post, None)
    assert (submission.links, submission.language) == (("https://example.com/a",), "de")
    assert submission.form.filled
    assert 59 < submission.form.seconds < 300
    assert len(submission.network) == 32
    assert "127.0.0.1" not in repr(submission)


def test_findings_are_deleted_with_the_text(client, asking, published_post):
    asking("holds")
    sent(client, published_post(comment_mode="open"))
    client.post(f"/comments/{newest().pk}/receipt/withdrawal/")
    assert stored(newest()).status == Status.WITHDRAWN
    assert not CheckResult.objects.exists()


def test_a_form_sent_twice_is_stored_and_checked_once(client, published_post):
    post = published_post(comment_mode="open")
    for _ in range(2):
        send(client, post, TENDER, submission="one-form", twilight="filled")
    assert Comment.objects.count() == 1
    assert is_held(newest(), "hidden-field", queue_priority=QueuePriority.SUSPECT)


def test_a_person_makes_the_final_decision(client, asking, mia, published_post):
    asking("suspects")
    comment = sent(client, published_post(comment_mode="open"))
    decisions.decide([comment.pk], "approve", mia)
    assert stored(comment).status == Status.APPROVED

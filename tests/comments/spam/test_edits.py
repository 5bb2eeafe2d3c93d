"""Spam checks on edits: held comments stay held, and verifying an address releases none of them."""

import pytest

from comments.guests import recognition
from comments.models import CheckResult, ModerationAction, Phrase, Reputation
from comments.moderation import decisions
from comments.tree.status import QueuePriority, Status
from tests.comments.factories import say, stored
from tests.comments.http import articles, send, visit
from tests.comments.mail import verified
from tests.comments.spam_checks import TENDER, found, give, is_held, is_public, listed, newest

pytestmark = pytest.mark.django_db
ADDRESS = "ada@example.org"


@pytest.fixture
def post(published_post):
    return published_post(comment_mode="open")


@pytest.fixture
def spammy():
    listed(Phrase.Kind.SPAM, "replica*")
    listed(Phrase.Kind.HOLD, "watches")


def edit(client, words):
    comment = newest()
    sent = client.post(f"/comments/{comment.pk}/receipt/edit/", {"body": words})
    assert sent.status_code == 302
    return stored(comment)


@pytest.mark.usefixtures("spammy")
def test_a_suspicious_edit_of_a_public_comment_is_hidden_with_a_reason(client, post):
    send(client, post, TENDER)
    assert is_public(newest())
    comment = edit(client, "Buy watches.")
    assert is_held(comment, "words")
    assert comment.held_because == "edited"
    assert ModerationAction.objects.first().verdict == "edited, words"
    assert comment.pk not in articles(visit(type(client)(), post.get_absolute_url()))


@pytest.mark.usefixtures("spammy")
def test_a_harmless_edit_stays_public(client, post):
    send(client, post, TENDER)
    assert is_public(edit(client, f"{TENDER} And thank you."))


@pytest.mark.usefixtures("spammy")
def test_an_edited_held_comment_stays_held_with_findings_about_its_new_text(client, post):
    send(client, post, "Replicas.")
    assert is_held(newest(), "words", queue_priority=QueuePriority.SUSPECT)
    assert is_held(edit(client, "Watches."), "words")
    comment = edit(client, TENDER)
    assert (comment.status, comment.queue_priority, found(comment)) == (
        Status.PENDING,
        QueuePriority.USUAL,
        {},
    )
    assert comment.held_because == "checks"


def test_an_edit_keeps_the_findings_about_the_original_form(client, post, mia):
    send(client, post, "x", twilight="filled")
    assert is_held(edit(client, TENDER), "hidden-field", queue_priority=QueuePriority.SUSPECT)
    assert CheckResult.objects.count() == 1
    decisions.decide([newest().pk], "approve", mia)
    assert stored(newest()).status == Status.APPROVED
    comment = edit(client, f"{TENDER} And more.")
    assert is_public(comment)  # a person has settled that


def test_a_check_that_would_publish_releases_no_held_comment(client, post, settings):
    send(client, post, "x", twilight="filled")
    settings.COMMENT_CHECKS = ["tests.comments.spam.test_pipeline.publishes"]
    assert edit(client, "y").status == Status.PENDING


def test_edits_by_trusted_writers_pass(signed_in, bob, post):
    listed(Phrase.Kind.SPAM, "replica*")
    client = signed_in(bob)
    send(client, post, TENDER)
    give(Reputation.Kind.TRUSTED, bob)
    assert is_public(edit(client, "Replicas, he said, and laughed."))


def test_an_edit_that_matches_a_care_phrase_opens_a_case_for_good(client, post, settings):
    send(client, post, TENDER)
    settings.COMMENT_CHECKS = ["tests.comments.spam.test_pipeline.cares"]
    assert is_held(edit(client, "It is a long night."), "cares", queue_priority=QueuePriority.CARE)
    settings.COMMENT_CHECKS = []
    comment = edit(client, TENDER)
    assert (comment.status, comment.queue_priority) == (Status.PENDING, QueuePriority.CARE)
    assert comment.care_cases.filter(closed_at=None).count() == 1


def test_saving_the_same_text_changes_nothing(client, post, settings):
    send(client, post, TENDER)
    settings.COMMENT_CHECKS = ["tests.comments.spam.test_pipeline.holds"]
    assert is_public(edit(client, TENDER))


# -- verifying an address settles who wrote, not what --------------------------------------


@pytest.fixture
def claimed(client, published_post):
    """A function that sends a comment as Ada, a new guest, verifies the address, and returns it.

    Ada has an approved comment under that address already.
    """

    def claim(words, kind=None, **fields):
        post = published_post(comment_mode="first-timers")
        address = verified(ADDRESS)
        say(post, name="Ada", email=ADDRESS, verified_address=address)
        send(client, post, words, email=ADDRESS, **fields)
        comment = newest()
        assert comment.held_because == "first-comment"
        if kind:
            give(kind, address=address)
        recognition.claim_comments(address, {comment.pk})
        return stored(comment)

    return claim


def test_a_comment_without_findings_is_published_by_the_proof(claimed):
    assert claimed(TENDER).status == Status.APPROVED


def test_a_comment_with_findings_stays_held_after_the_proof(claimed):
    comment = claimed(TENDER, twilight="filled")
    assert is_held(comment, "hidden-field", queue_priority=QueuePriority.SUSPECT)
    assert comment.held_because == "checks"


def test_proving_a_banned_address_releases_nothing(claimed):
    assert is_held(claimed(TENDER, Reputation.Kind.BANNED))


def test_the_proof_of_a_trusted_address_releases_the_comment(claimed):
    assert claimed(TENDER, Reputation.Kind.TRUSTED, twilight="x").status == Status.APPROVED

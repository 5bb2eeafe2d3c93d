"""Changed words are looked at again; what waited goes on waiting; a proof opens no held comment."""

import pytest

from comments.guests import recognition
from comments.models import CheckResult, ModerationAction, Phrase, Reputation
from comments.moderation import decisions
from comments.tree.status import QueuePriority, Status
from tests.comments.factories import say, stored
from tests.comments.http import articles, send, visit
from tests.comments.mail import proved
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
def test_public_words_that_become_others_are_hidden_and_say_why(client, post):
    send(client, post, TENDER)
    assert is_public(newest())
    comment = edit(client, "Buy watches.")
    assert is_held(comment, "words")
    assert comment.held_because == "edited"
    assert ModerationAction.objects.first().verdict == "edited, words"
    assert comment.pk not in articles(visit(type(client)(), post.get_absolute_url()))


@pytest.mark.usefixtures("spammy")
def test_kind_words_that_become_other_kind_words_stay(client, post):
    send(client, post, TENDER)
    assert is_public(edit(client, f"{TENDER} And thank you."))


@pytest.mark.usefixtures("spammy")
def test_what_waits_goes_on_waiting_and_its_card_tells_of_the_words_as_they_are(client, post):
    send(client, post, "Replicas.")
    assert is_held(newest(), "words", lane=QueuePriority.SUSPECT)
    assert is_held(edit(client, "Watches."), "words")
    comment = edit(client, TENDER)
    assert (comment.status, comment.lane, found(comment)) == (
        Status.PENDING,
        QueuePriority.USUAL,
        {},
    )
    assert comment.held_because == "checks"


def test_other_words_do_not_change_the_form_that_the_first_came_in(client, post, mia):
    send(client, post, "x", twilight="filled")
    assert is_held(edit(client, TENDER), "hidden-field", lane=QueuePriority.SUSPECT)
    assert CheckResult.objects.count() == 1
    decisions.decide([newest().pk], "approve", mia)
    assert stored(newest()).status == Status.APPROVED
    comment = edit(client, f"{TENDER} And more.")
    assert is_public(comment)  # a person has settled that


def test_a_check_that_would_publish_frees_nothing_that_waits(client, post, settings):
    send(client, post, "x", twilight="filled")
    settings.COMMENT_CHECKS = ["tests.comments.spam.test_pipeline.publishes"]
    assert edit(client, "y").status == Status.PENDING


def test_a_trusted_writers_changes_pass(signed_in, bob, post):
    listed(Phrase.Kind.SPAM, "replica*")
    client = signed_in(bob)
    send(client, post, TENDER)
    give(Reputation.Kind.TRUSTED, bob)
    assert is_public(edit(client, "Replicas, he said, and laughed."))


def test_what_asks_for_care_after_an_edit_comes_into_the_lane_and_stays(client, post, settings):
    send(client, post, TENDER)
    settings.COMMENT_CHECKS = ["tests.comments.spam.test_pipeline.cares"]
    assert is_held(edit(client, "It is a long night."), "cares", lane=QueuePriority.CARE)
    settings.COMMENT_CHECKS = []
    comment = edit(client, TENDER)
    assert (comment.status, comment.lane) == (Status.PENDING, QueuePriority.CARE)
    assert comment.care_cases.filter(closed_at=None).count() == 1


def test_the_same_words_sent_again_change_nothing(client, post, settings):
    send(client, post, TENDER)
    settings.COMMENT_CHECKS = ["tests.comments.spam.test_pipeline.holds"]
    assert is_public(edit(client, TENDER))


# -- a proof says who she is, not what she wrote -----------------------------------------


@pytest.fixture
def claimed(client, published_post):
    """A function that sends Ada's words as a new guest's, proves her address, and returns them.

    She has an approved comment under it already.
    """

    def claim(words, kind=None, **fields):
        post = published_post(comment_mode="first-timers")
        address = proved(ADDRESS)
        say(post, name="Ada", email=ADDRESS, proved_address=address)
        send(client, post, words, email=ADDRESS, **fields)
        comment = newest()
        assert comment.held_because == "first-comment"
        if kind:
            give(kind, address=address)
        recognition.claim_comments(address, {comment.pk})
        return stored(comment)

    return claim


def test_what_nothing_was_found_about_appears_with_the_proof(claimed):
    assert claimed(TENDER).status == Status.APPROVED


def test_what_was_found_goes_on_waiting_after_the_proof(claimed):
    comment = claimed(TENDER, twilight="filled")
    assert is_held(comment, "hidden-field", lane=QueuePriority.SUSPECT)
    assert comment.held_because == "checks"


def test_a_banned_address_frees_nothing_by_its_proof(claimed):
    assert is_held(claimed(TENDER, Reputation.Kind.BANNED))


def test_trust_passes_it(claimed):
    assert claimed(TENDER, Reputation.Kind.TRUSTED, twilight="x").status == Status.APPROVED

"""The spam classifier: learns from people's decisions only, never from care, never in a request."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from comments.care import cases
from comments.models import ClassifierState, Comment
from comments.moderation import decisions
from comments.spam import bayes, learning
from comments.tree.status import QueuePriority, Status
from comments.tree.transactions import in_transaction
from config import due_work
from tests.comments.factories import say
from tests.comments.http import send, soup
from tests.comments.spam_checks import TENDER, found, is_held, is_public, newest

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.models.checks")]
BAD = "Cheap replica bonus number {}, order now"
GOOD = "The garden was quiet when we said goodbye, evening {}"


@pytest.fixture
def post(published_post):
    return published_post(comment_mode="open")


@pytest.fixture
def decided(mia, post):
    """A function that lets mia decide about so many comments of each kind."""

    def decide(count, bad=BAD, good=GOOD):
        for number in range(count):
            for words, act in ((bad, "spam"), (good, "approve")):
                comment = say(
                    post,
                    status=Status.PENDING,
                    body=words.format(number),
                    name=f"{act} writer {number}",
                )
                decisions.decide([comment.pk], act, mia)
        return post

    return decide


def later(**time):
    return time_machine.travel(timezone.now() + timedelta(**time), tick=False)


def test_text_resembling_spam_is_held_and_the_words_are_named(client, decided, post):
    decided(50)
    learning.learn()
    send(client, post, "A replica with a bonus! Order now, it is cheap.")
    assert is_held(newest(), "like-spam")
    reason = found(newest())["like-spam"]
    assert reason.startswith("similar to comments marked as spam: “")
    assert "“bonus”" in reason
    send(client, post, TENDER, name="Wren")
    assert is_public(newest())


def test_the_classifier_is_silent_before_fifty_decisions_of_each_kind(client, decided, post):
    decided(49)
    learning.learn()
    send(client, post, "A replica with a bonus! Order now, it is cheap.")
    assert is_public(newest())
    row = ClassifierState.get()
    assert (row.spam, row.kept) == (49, 49)


def test_the_classifier_can_only_hold(client, decided, post):
    decided(50)
    learning.learn()
    for number in range(3):
        send(client, post, f"Cheap replica bonus, order now: {number}")
        assert newest().status == Status.PENDING
        assert newest().queue_priority == QueuePriority.USUAL


def test_only_decisions_by_people_are_learned(decided, post):
    decided(3)
    say(post, status=Status.SPAM, body="Imported as spam.")
    say(post, body="Published by nobody's decision.")
    assert len(learning.examples()) == 6


def test_an_undone_decision_is_not_learned(mia, post):
    comment = say(post, status=Status.PENDING, body=BAD)
    outcome = decisions.decide([comment.pk], "spam", mia)
    assert [example.spam for example in learning.examples()] == [True]
    decisions.undo_action(outcome.actions[comment.pk], mia)
    assert learning.examples() == []


def test_removed_and_withdrawn_comments_are_not_learned(mia, post):
    removed, gone = (say(post, status=Status.PENDING, body=GOOD) for _ in "ab")
    decisions.decide([removed.pk, gone.pk], "approve", mia)
    decisions.decide([removed.pk], "remove", mia)
    from comments.posting import own_comments

    own_comments.withdraw(gone.pk)
    assert learning.examples() == []


@pytest.mark.parametrize("closed", [False, True])
def test_care_comments_are_never_learned_even_after_the_case_was_closed(mia, post, closed):
    comment = say(post, status=Status.PENDING, body="A lighthouse.")
    in_transaction(lambda: cases.open_case(comment, "worried"))
    if closed:
        comment.care_cases.update(closed_at=timezone.now())
        Comment.objects.filter(pk=comment.pk).update(queue_priority=QueuePriority.USUAL)
    decisions.decide([comment.pk], "approve", mia)
    assert Comment.objects.get(pk=comment.pk).status == Status.APPROVED
    assert learning.examples() == []


def test_only_words_used_by_five_people_are_stored(mia, post):
    for number in range(5):
        rows = [
            say(post, status=Status.PENDING, name=f"W{number}", body="lighthouse"),
            say(post, status=Status.PENDING, name="Ada", body="Rumpelstiltskin keeps bees"),
            say(post, status=Status.PENDING, name=f"W{number % 4}", body="harbour"),
        ]
        decisions.decide([row.pk for row in rows], "approve", mia)
    row = learning.learn()
    assert row.tokens == {"lighthouse": [0, 5]}


def test_the_row_is_small_and_holds_no_text(decided):
    decided(60)
    row = learning.learn()
    kept = json.dumps(row.tokens)
    assert len(kept) < 50_000
    assert "quiet when we" not in kept
    assert len(row.tokens) <= bayes.MOST_TOKENS


def test_precision_and_recall_are_measured_on_held_out_texts(decided):
    decided(60)
    quality = bayes.Quality(**learning.learn().quality)
    assert (quality.precision, quality.recall) == (1.0, 1.0)
    assert sum((quality.held_spam, quality.missed_spam)) == 60


def test_neutral_words_hold_nothing(client, decided, post):
    decided(60, bad="The same words {}", good="The same words {}")
    quality = bayes.Quality(**learning.learn().quality)
    assert quality.held_kept == 0
    send(client, post, "The same words, by somebody else.")
    assert is_public(newest())


def test_learning_again_after_an_erasure_drops_the_erased_words(decided, post):
    decided(50)
    assert "bonus" in learning.learn().tokens
    Comment.objects.filter(status=Status.SPAM).update(body="")
    assert "bonus" not in learning.learn().tokens


# -- as work that is due -----------------------------------------------------------------


def test_learning_runs_within_an_hour_of_new_decisions_only(decided):
    assert learning.due_since() is None
    assert due_work.do_due() == []
    assert ClassifierState.get().learned_at is None
    decided(2)
    assert learning.due_since() is None
    with later(minutes=61):
        assert learning.due_since() is not None
        assert due_work.do_due() == []
        assert ClassifierState.get().spam == 2
        assert learning.due_since() is None
    with later(days=1):
        assert due_work.do_due() == []
        assert ClassifierState.get().learned_at < timezone.now() - timedelta(hours=20)


def test_only_one_worker_learns_at_a_time_and_a_dead_one_is_replaced(decided, monkeypatch):
    decided(1)
    learned = []
    monkeypatch.setattr(learning, "learn", lambda: learned.append(1))
    with later(hours=2):
        learning.do_due()
        learning.do_due()
        assert len(learned) == 1
    with later(hours=2, minutes=11):
        learning.do_due()
        assert len(learned) == 2


def test_no_request_learns(client, signed_in, mia, decided, post, monkeypatch):
    decided(1)
    monkeypatch.setattr(learning, "learn", None)
    with later(hours=2):
        send(client, post, TENDER)
        signed_in(mia).get("/admin/")


# -- in the admin ------------------------------------------------------------------------


def shown(client):
    return soup(client.get("/admin/comments/classifierstate/", follow=True)).select_one(
        "#content-main"
    )


def test_the_owner_sees_precision_and_recall(signed_in, owner, decided):
    client = signed_in(owner)
    assert "The filter hasn’t learned anything yet." in shown(client).text
    decided(20)
    learning.learn()
    assert "20 of 50 spam, 20 of 50 approved" in shown(client).text
    decided(40)
    learning.learn()
    page = shown(client)
    assert "Comments that people marked as spam" in page.text
    assert "of 50 spam" not in page.text
    values = [" ".join(each.text.split()) for each in page.select("dd")[1:]]
    assert values == ["60", "60", "1.00 (right: 60, wrong: 0)", "1.00 (missed: 0)"]
    assert "bonus (60 / 0)" in [item.text for item in page.select("li")]


def test_the_learned_row_cannot_be_edited(signed_in, owner):
    client = signed_in(owner)
    for address in ("add/", "1/delete/"):
        assert client.get(f"/admin/comments/classifierstate/{address}").status_code == 403
    assert client.post("/admin/comments/classifierstate/1/change/", {"spam": 9}).status_code == 403

"""Simultaneous moderators: one decides, the other is told so; nothing happens twice."""

import pytest

from accounts.models import Mail
from blog.models import Post
from comments.audit_log import history
from comments.models import Comment, ModerationAction, Reputation
from comments.moderation import decisions, locked_threads, writers
from comments.tree.status import Status
from tests.comments.factories import differences, say, stored
from tests.comments.mail import verified
from tests.comments.moderation.test_decision_effects import report
from tests.threads import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases("comments.models.standing"),
]


def count(post):
    return Post.objects.get(pk=post.pk).comment_count


@pytest.mark.parametrize("act", ["approve", "spam", "remove", "keep"])
def test_the_same_decision_is_made_once(mia, owner, published_post, act):
    comment = say(published_post(), status=Status.PENDING, verified_address=verified())
    report(comment)
    outcomes = at_once(
        *(lambda who=who: decisions.decide([comment.pk], act, who) for who in (mia, owner))
    )
    first, second = sorted(outcomes, key=lambda outcome: outcome.unchanged)
    assert (first.changed, second.unchanged) == ([comment.pk], [comment.pk])
    done = ModerationAction.objects.get()
    assert second.sentences[comment.pk].startswith(done.who.name)
    assert Mail.objects.count() == (act == "remove")
    assert not differences()


def test_of_two_different_decisions_on_the_same_state_one_is_carried_out(
    mia, owner, published_post
):
    comment = say(published_post(), status=Status.PENDING)
    seen = history.newest_actions([comment.pk])
    outcomes = at_once(
        lambda: decisions.decide([comment.pk], "approve", mia, versions=seen),
        lambda: decisions.decide([comment.pk], "remove", owner, versions=seen),
    )
    assert sorted(len(outcome.changed) for outcome in outcomes) == [0, 1]
    assert stored(comment).status == ModerationAction.objects.get().to_status
    assert count(comment.post) == (stored(comment).status == Status.APPROVED)


def test_two_moderators_undo_a_decision_once(mia, owner, published_post):
    comment = say(published_post(), status=Status.PENDING)
    action = decisions.decide([comment.pk], "approve", mia).actions[comment.pk]
    results = at_once(
        *(lambda who=who: decisions.undo_action(action, who) for who in (mia, owner, mia, owner))
    )
    assert sorted(results) == [False, False, False, True]
    assert (stored(comment).status, count(comment.post)) == (Status.PENDING, 0)
    assert ModerationAction.objects.filter(act="undo").count() == 1
    assert not differences()


def test_undo_and_another_decision_do_not_both_happen(mia, owner, published_post):
    comment = say(published_post(), status=Status.PENDING)
    action = decisions.decide([comment.pk], "approve", mia).actions[comment.pk]
    seen = history.newest_actions([comment.pk])
    results = at_once(
        lambda: decisions.undo_action(action, mia),
        lambda: bool(decisions.decide([comment.pk], "remove", owner, versions=seen).changed),
    )
    assert sorted(results) == [False, True]
    assert count(comment.post) == 0
    assert not differences()


def test_the_writer_of_two_comments_is_banned_once(mia, owner, bob, published_post):
    post = published_post()
    one, other = (say(post, user=bob, name="") for _ in range(2))
    results = at_once(
        lambda: writers.ban(one.pk, mia),
        lambda: writers.ban(other.pk, owner),
        lambda: writers.trust(one.pk, mia),
        lambda: writers.trust(other.pk, owner),
    )
    assert len([key for key in results if key]) == 2
    for kind in Reputation.Kind:
        assert Reputation.objects.in_force().filter(kind=kind, beside=None).count() == 1
    assert ModerationAction.objects.count() == 2
    assert set(Reputation.objects.values_list("action", flat=True)) == set(filter(None, results))


def test_a_ban_is_lifted_once(mia, owner, bob, published_post):
    comment = say(published_post(), user=bob, name="")
    banned = writers.ban(comment.pk, mia)
    main = Reputation.objects.get(beside=None)
    results = at_once(
        lambda: writers.unban(comment.pk, mia),
        lambda: writers.end(main.pk, owner),
        lambda: decisions.undo_action(banned, owner),
    )
    assert len([done for done in results if done]) == 1
    assert not Reputation.objects.in_force().exists()
    assert ModerationAction.objects.count() == 2


def test_a_thread_is_locked_once(mia, owner, published_post, new_versions):
    post = published_post()
    root = say(post)
    keys = [root.pk, *(say(post, root).pk for _ in range(3))]
    new_versions.clear()
    results = at_once(*(lambda key=key: locked_threads.lock(key, mia) for key in keys))
    assert len([key for key in results if key]) == 1
    assert new_versions == [Comment.objects.get(pk=root.pk).version]

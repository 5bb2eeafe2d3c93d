"""The stored count of a post's visible threads, so that no page has to count them."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from comments.imports import bulk_load
from comments.models import Comment, ThreadCounter
from comments.moderation import decisions
from comments.posting import own_comments
from comments.tree.status import Status
from tests.comments.factories import differences, say, stored

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("comments.tree.counters", "comments.tree.numbering"),
]


@pytest.fixture
def post(published_post):
    return published_post()


def threads(post):
    """Return the stored count, after asserting that the integrity check finds nothing."""
    assert differences() == []
    return ThreadCounter.objects.filter(post=post).values_list("threads", flat=True).first() or 0


def test_visible_threads_are_counted_as_they_come_and_go(post, mia):
    waiting = say(post, status=Status.PENDING)
    assert threads(post) == 0
    seen = say(post)
    assert threads(post) == 1
    decisions.decide([waiting.pk], "approve", mia)
    assert threads(post) == 2
    decisions.decide([waiting.pk], "remove", mia)
    assert threads(post) == 1
    decisions.decide([waiting.pk], "restore", mia)
    assert threads(post) == 2
    own_comments.withdraw(seen.pk)
    assert threads(post) == 1


def test_a_thread_counts_once_as_long_as_any_comment_is_visible(post, mia):
    root = say(post)
    replies = [say(post, root) for _ in range(2)]
    assert threads(post) == 1
    decisions.decide([root.pk, replies[0].pk], "spam", mia)
    assert threads(post) == 1
    decisions.decide([replies[1].pk], "spam", mia)
    assert threads(post) == 0
    say(post, root)
    assert threads(post) == 1


def test_moves_and_purges_are_counted(post):
    one, other = say(post), say(post)
    reply = say(post, one)
    Comment.objects.move_node(stored(reply), None)
    assert threads(post) == 3
    Comment.objects.move_node(stored(reply), stored(other))
    assert threads(post) == 2
    Comment.objects.move_node(stored(one), stored(reply))
    assert threads(post) == 1
    Comment.objects.purge(stored(reply))
    assert threads(post) == 1
    Comment.objects.purge(stored(other))
    assert threads(post) == 0


def test_moving_a_hidden_thread_does_not_change_the_count(post, mia):
    hidden, seen = say(post), say(post)
    decisions.decide([hidden.pk], "remove", mia)
    Comment.objects.move_node(stored(hidden), stored(seen))
    assert threads(post) == 1


def loaded(post, key, parent=None):
    return bulk_load.Incoming(
        key=key,
        post=post.pk,
        parent=parent,
        name="Wren",
        body="From elsewhere.",
        body_html="<p>From elsewhere.</p>",
        created_at=timezone.now() - timedelta(days=9),
        source="elsewhere",
        source_id=str(key),
    )


def test_bulk_loads_are_counted_even_if_a_thread_becomes_visible_again(post, mia):
    rows = [loaded(post, 1), loaded(post, 2), loaded(post, 3, parent=2)]
    keys = bulk_load.load(rows).keys
    assert threads(post) == 2
    decisions.decide([keys[1]], "remove", mia)
    assert threads(post) == 1
    bulk_load.load([*rows, loaded(post, 4, parent=1), loaded(post, 5, parent=2)])
    assert threads(post) == 2


def test_a_wrong_count_is_found_and_repaired(post):
    say(post)
    ThreadCounter.objects.update(threads=7)
    assert differences() == [f"post {post.pk}: threads is 7, expected 1"]
    call_command("check_comment_tree", "--repair", verbosity=0)
    assert threads(post) == 1

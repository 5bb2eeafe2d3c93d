"""Writes to the tree: replies, moves and purges keep every place and count right."""

import random

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from mptt.exceptions import InvalidMove

from blog.models import Post, RemovedSource
from comments.models import Comment
from comments.tree import guards, manager
from comments.tree.guards import StructureError
from comments.tree.status import Status
from tests.comments.factories import differences, outline, say, stored

pytestmark = pytest.mark.both_databases(
    "comments.tree.bulk_insert",
    "comments.imports.primary_keys",
    "comments.tree.transactions",
    "comments.tree.manager",
)


@pytest.fixture
def post(published_post):
    return published_post()


def counts(post):
    return Post.objects.get(pk=post.pk).comment_count


def test_a_thread_is_a_tree_of_its_own_with_the_id_of_its_root(post):
    first, second = say(post), say(post)
    reply = say(post, first)
    assert (first.tree_id, second.tree_id, reply.tree_id) == (first.pk, second.pk, first.pk)
    assert outline(post) == [[first.pk, [reply.pk]], [second.pk]]
    assert differences() == []


def test_replies_are_ordered_by_arrival(post):
    root = say(post)
    one, two = say(post, root), say(post, root)
    below = say(post, one)
    assert outline(post) == [[root.pk, [one.pk, [below.pk]], [two.pk]]]


def test_a_reply_always_belongs_to_the_post_of_its_thread(post, published_post):
    root = say(post)
    reply = say(published_post(), root)
    assert stored(reply).post_id == post.pk
    assert differences() == []


def test_counts_are_of_visible_comments(post):
    root = say(post)
    say(post, root)
    say(post, root, status=Status.PENDING)
    assert counts(post) == 2
    assert stored(root).visible_count == 2


def test_threads_are_numbered_when_something_in_them_becomes_visible(post):
    waiting, seen = say(post, status=Status.PENDING), say(post)
    assert (stored(waiting).number, stored(seen).number) == (None, 1)
    say(post, waiting)
    assert stored(waiting).number == 2


def test_a_number_is_never_given_twice(post):
    say(post)
    Comment.objects.purge(say(post))
    assert stored(say(post)).number == 3


def test_a_reply_beyond_the_depth_limit_is_placed_beside_its_parent(post, monkeypatch):
    monkeypatch.setattr(manager, "MAX_LEVEL", 3)
    node = say(post)
    chain = [node] + [node := say(post, node) for _ in range(5)]
    rows = [stored(comment) for comment in chain]
    assert [row.level for row in rows] == [0, 1, 2, 3, 3, 3]
    assert [row.reply_to_id for row in rows] == [None, None, None, None, rows[3].pk, rows[4].pk]
    assert {row.parent_id for row in rows[3:]} == {rows[2].pk}
    assert differences() == []


def test_a_conversation_a_hundred_levels_deep_continues(post):
    node = say(post)
    for _ in range(guards.MAX_LEVEL + 3):
        node = say(post, node)
    assert stored(node).level == guards.MAX_LEVEL
    assert differences() == []


def test_replies_in_a_full_thread_go_to_its_root(post, monkeypatch):
    monkeypatch.setattr(manager, "MAX_THREAD", 4)
    root = say(post)
    first = say(post, root)
    second = say(post, first)
    third = say(post, second)
    late, plain = say(post, third), say(post, root)
    assert (stored(late).parent_id, stored(late).reply_to_id) == (root.pk, third.pk)
    assert (stored(plain).parent_id, stored(plain).reply_to_id) == (root.pk, None)
    assert differences() == []


def test_a_reply_with_its_replies_becomes_a_thread(post):
    root = say(post)
    reply = say(post, root)
    below = say(post, reply)
    after = say(post, root)
    Comment.objects.move_node(reply, None)
    assert outline(post) == [[root.pk, [after.pk]], [reply.pk, [below.pk]]]
    assert [stored(c).visible_count for c in (root, reply)] == [2, 2]
    assert stored(reply).number == 2
    assert counts(post) == 4
    assert differences() == []


def test_a_thread_moves_below_another_and_gives_up_its_number(post):
    first, second = say(post), say(post)
    below = say(post, second)
    Comment.objects.move_node(second, first)
    assert outline(post) == [[first.pk, [second.pk, [below.pk]]]]
    assert (stored(second).number, stored(second).visible_count) == (None, 0)
    assert stored(first).visible_count == 3
    assert differences() == []


def test_a_reply_moves_within_its_thread_and_to_another(post):
    first, second = say(post), say(post)
    one, two = say(post, first), say(post, first)
    below = say(post, one)
    Comment.objects.move_node(one, two)
    assert outline(post) == [[first.pk, [two.pk, [one.pk, [below.pk]]]], [second.pk]]
    Comment.objects.move_node(one, second)
    assert outline(post) == [[first.pk, [two.pk]], [second.pk, [one.pk, [below.pk]]]]
    assert [stored(c).visible_count for c in (first, second)] == [2, 3]
    assert differences() == []


def test_a_move_ignores_stale_copies(post):
    first, second, third = say(post), say(post), say(post)
    reply = say(post, first)
    old_reply, old_target = stored(reply), stored(third)
    Comment.objects.move_node(reply, second)
    Comment.objects.move_node(third, first)
    Comment.objects.move_node(old_reply, old_target)
    assert outline(post) == [[first.pk, [third.pk, [reply.pk]]], [second.pk]]
    assert differences() == []


def test_moving_a_thread_to_its_own_place_changes_nothing(post):
    root = say(post)
    Comment.objects.move_node(root, None)
    assert outline(post) == [[root.pk]]


def test_nothing_moves_below_itself(post):
    root = say(post)
    reply = say(post, root)
    below = say(post, reply)
    for node, target in ((root, below), (root, root), (reply, below), (reply, reply)):
        with pytest.raises(InvalidMove):
            Comment.objects.move_node(node, target)
    assert differences() == []


def test_nothing_moves_to_another_posts_conversation(post, published_post):
    with pytest.raises(StructureError):
        Comment.objects.move_node(say(post), say(published_post()))


def test_a_move_that_would_become_too_deep_is_refused(post, monkeypatch):
    monkeypatch.setattr(manager, "MAX_LEVEL", 3)
    first, second = say(post), say(post)
    deep = say(post, say(post, first))
    say(post, second)
    with pytest.raises(StructureError):
        Comment.objects.move_node(second, deep)
    assert differences() == []


def test_purging_a_leaf_a_middle_comment_and_a_thread(post):
    root = say(post)
    one, two = say(post, root), say(post, root)
    middle = say(post, one)
    say(post, middle)
    leaf = say(post, two)
    assert Comment.objects.purge(leaf) == 1
    assert Comment.objects.purge(one) == 3
    assert outline(post) == [[root.pk, [two.pk]]]
    assert (counts(post), stored(root).visible_count) == (2, 2)
    assert differences() == []
    assert root.delete() == 2
    assert counts(post) == 0
    assert differences() == []


def test_purging_a_stale_comment_deletes_its_current_replies(post):
    first, second = say(post), say(post)
    old_copy = stored(first)
    Comment.objects.move_node(second, first)
    assert Comment.objects.purge(old_copy) == 2
    assert outline(post) == []


def test_a_purge_subtracts_only_visible_comments(post):
    root = say(post)
    hidden = say(post, root, status=Status.PENDING)
    say(post, hidden)
    Comment.objects.purge(hidden)
    assert counts(post) == stored(root).visible_count == 1


def test_a_purge_remembers_the_sources_of_the_rows(post):
    root = say(post, source="wordpress:blog.example.org", source_id="7")
    say(post, root, source="wordpress:blog.example.org", source_id="9")
    say(post, root)
    Comment.objects.purge(root)
    sources = RemovedSource.objects.exclude(source="")
    assert set(sources.values_list("kind", "source_id")) == {
        ("comment", "7"),
        ("comment", "9"),
    }


def test_a_purge_detaches_replies_placed_elsewhere(post, monkeypatch):
    monkeypatch.setattr(manager, "MAX_THREAD", 2)
    root = say(post)
    answered = say(post, root)
    late = say(post, answered)
    Comment.objects.move_node(late, None)
    before = stored(late).version
    assert stored(late).reply_to_id == answered.pk
    Comment.objects.purge(root)
    assert stored(late).reply_to_id is None
    assert stored(late).version != before
    assert differences() == []


def test_every_change_renews_the_version_of_the_thread(post):
    root, other = say(post), say(post)
    reply = say(post, root)
    versions = [stored(root).version]
    Comment.objects.move_node(reply, other)
    versions.append(stored(root).version)
    Comment.objects.move_node(reply, root)
    versions.append(stored(root).version)
    Comment.objects.purge(reply)
    versions.append(stored(root).version)
    assert len(set(versions)) == len(versions)


def test_a_reply_takes_as_many_statements_in_a_thread_of_any_size(post):
    root = say(post)
    say(post, root)
    with CaptureQueriesContext(connection) as small:
        say(post, root)
    for _ in range(20):
        say(post, root)
    with CaptureQueriesContext(connection) as large:
        say(post, root)
    assert len(small) == len(large) < 20


@pytest.mark.parametrize("seed", range(4))
def test_four_hundred_random_operations_leave_everything_right(post, published_post, seed):
    dice = random.Random(seed)
    posts = [post, published_post()]
    copies = []
    for step in range(400):
        _do_anything(dice, posts, copies)
        if step % 20 == 19:
            assert differences() == []
    assert Comment.objects.count() > 20
    assert differences() == []


def _do_anything(dice, posts, copies):
    """Carry out one operation, often with stale copies of rows."""
    fresh = Comment.objects.order_by("?").first()
    copies.extend([fresh] if fresh else [])
    try:
        with transaction.atomic():
            _write(dice, posts, copies)
    except (Comment.DoesNotExist, InvalidMove, StructureError):
        pass  # a stale comment may be deleted, or below the target by now


def _write(dice, posts, copies):
    status = dice.choice([Status.APPROVED, Status.APPROVED, Status.PENDING])
    what = dice.random()
    if what < 0.25 or not copies:
        say(dice.choice(posts), status=status)
        return
    node, target = dice.choice(copies), dice.choice(copies)
    if what < 0.65:
        say(node.post, node, status=status)
    elif what < 0.75:
        Comment.objects.move_node(node, None)
    elif what < 0.90:
        Comment.objects.move_node(node, target)
    elif what < 0.95:
        Comment.objects.filter(pk=node.pk).exists() and node.save(update_fields=["body"])
    else:
        node.delete()

"""Bulk loading puts comments exactly where saving them one by one would have."""

import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from blog.models import Post, RemovedSource
from comments import markup
from comments.imports import bulk_load
from comments.imports.bulk_load import Incoming, load, render_many
from comments.models import Comment
from comments.tree import guards
from comments.tree.status import Status
from tests.comments.factories import differences, outline, say, stored

pytestmark = pytest.mark.both_databases(
    "comments.tree.bulk_insert", "comments.imports.primary_keys", "comments.imports.bulk_load"
)

START = datetime(2024, 3, 1, 9, tzinfo=UTC)
OLD_BLOG = "wordpress:blog.example.org"


@pytest.fixture
def post(published_post):
    return published_post()


def row(post, key, parent=None, minute=None, **fields):
    """Return a comment of another blog, written so many minutes after START."""
    defaults = {"name": "Wren", "body": "Hello", "body_html": "<p>Hello</p>"}
    if fields.pop("sourced", True):
        defaults |= {"source": OLD_BLOG, "source_id": str(key)}
    when = START + timedelta(minutes=key if minute is None else minute)
    return Incoming(key, post.pk, parent=parent, created_at=when, **(defaults | fields))


def test_a_conversation_is_loaded_as_it_was(post):
    loaded = load(
        [row(post, 7), row(post, 9, 7), row(post, 12), row(post, 15, 9), row(post, 20, 7)]
    )
    assert outline(post) == [[7, [9, [15]], [20]], [12]]
    assert (loaded.added, loaded.orphans) == ([7, 9, 12, 15, 20], [])
    assert Post.objects.get(pk=post.pk).comment_count == 5
    assert list(Comment.objects.filter(parent=None).values_list("number", "visible_count")) == [
        (1, 4),
        (2, 1),
    ]
    assert differences() == []


def test_every_field_arrives(post, alice):
    moment = START + timedelta(hours=1)
    load(
        [
            row(post, 5, name="Zoë", email="zoe@example.org", body="*Hi*", body_html="<p>H</p>"),
            row(post, 6, user=alice.pk, name="", edited_at=moment, status=Status.PENDING),
            row(post, 8, approved_at=moment),
        ]
    )
    first, second, third = Comment.objects.order_by("pk")
    assert (first.name, first.email, first.body, first.body_html) == (
        "Zoë",
        "zoe@example.org",
        "*Hi*",
        "<p>H</p>",
    )
    assert first.created_at == first.approved_at == START + timedelta(minutes=5)
    assert first.render_version == markup.RENDER_VERSION
    assert (second.user, second.edited_at, second.status) == (alice, moment, Status.PENDING)
    assert (second.approved_at, third.approved_at) == (None, moment)
    assert (third.source, third.source_id) == (OLD_BLOG, "8")


def test_replies_are_ordered_by_time_whatever_the_order_of_the_file(post):
    load([row(post, 4, 1, minute=9), row(post, 3, 1, minute=2), row(post, 1, minute=30)])
    assert outline(post) == [[1, [3], [4]]]
    assert differences() == []


def test_held_comments_are_not_counted_and_their_threads_have_no_number(post):
    load([row(post, 1, status=Status.PENDING), row(post, 2, status=Status.SPAM), row(post, 3)])
    assert list(Comment.objects.order_by("pk").values_list("number", flat=True)) == [None, None, 1]
    assert Post.objects.get(pk=post.pk).comment_count == 1
    assert differences() == []


def test_a_reply_without_its_parent_becomes_a_thread_and_is_reported(post, published_post):
    elsewhere = published_post()
    loaded = load([row(post, 1), row(post, 2, 99), row(elsewhere, 3, 1)])
    assert loaded.orphans == [2, 3]
    assert outline(post) == [[1], [2]]
    assert outline(elsewhere) == [[3]]
    assert differences() == []


def test_a_cycle_of_parents_is_broken_at_its_oldest_comment(post):
    loaded = load([row(post, 1, 3), row(post, 2, 1), row(post, 3, 2), row(post, 4, 2)])
    assert loaded.orphans == [1]
    assert outline(post) == [[1, [2, [3], [4]]]]
    assert differences() == []


def test_a_chain_of_fifteen_hundred_is_cut_at_the_deepest_level(post):
    loaded = load([row(post, key, key - 1 or None) for key in range(1, 1501)])
    levels = Comment.objects.values_list("pk", "level", "parent_id", "reply_to_id")
    assert (101, 100, 100, None) in levels
    assert (102, 100, 100, 101) in levels
    assert (1500, 100, 100, 1499) in levels
    assert len(loaded.lifted) == 1500 - guards.MAX_LEVEL - 1
    assert differences() == []
    Comment.objects.purge(Comment.objects.get(pk=50))
    assert differences() == []


def test_a_full_thread_continues_at_its_root(post, monkeypatch):
    monkeypatch.setattr(guards, "MAX_THREAD", 3)
    loaded = load([row(post, key, key - 1 or None) for key in range(1, 6)] + [row(post, 6, 1)])
    assert outline(post) == [[1, [2, [3]], [4], [5], [6]]]
    assert loaded.lifted == [4, 5]
    assert dict(Comment.objects.values_list("pk", "reply_to_id"))[5] == 4
    assert differences() == []


@pytest.mark.parametrize("seed", range(3))
def test_loading_puts_comments_where_saving_them_one_by_one_does(
    post, published_post, seed, monkeypatch
):
    for module in ("guards", "manager"):
        monkeypatch.setattr(f"comments.tree.{module}.MAX_LEVEL", 5)
        monkeypatch.setattr(f"comments.tree.{module}.MAX_THREAD", 30)
    dice = random.Random(seed)
    rows = [
        row(post, key, dice.choice([None, *range(1, key), *range(1, key)]), sourced=False)
        for key in range(1, 120)
    ]
    keys = load(rows).keys
    twin, twins = published_post(), {}
    for each in rows:
        twins[each.key] = say(twin, twins.get(each.parent))
    same = {twins[key].pk: mine for key, mine in keys.items()}

    def place(comment):
        return (
            comment.parent_id,
            comment.reply_to_id,
            comment.lft,
            comment.rght,
            comment.level,
            comment.tree_id,
        )

    for key, mine in keys.items():
        theirs = place(stored(twins[key]))
        expected = tuple(
            same.get(value, value) if at in (0, 1, 5) else value for at, value in enumerate(theirs)
        )
        assert place(Comment.objects.get(pk=mine)) == expected
    assert differences() == []


def test_loading_the_same_comments_again_changes_nothing(post):
    rows = [row(post, 1), row(post, 2, 1)]
    first = load(rows)
    before = list(Comment.objects.values())
    again = load(rows)
    assert (again.added, again.known, again.keys) == ([], [1, 2], first.keys)
    assert list(Comment.objects.values()) == before


def test_a_newer_export_adds_new_comments_to_conversations_continued_here(post):
    rows = [row(post, 1), row(post, 2, 1), row(post, 3)]
    load(rows)
    ours = say(post, Comment.objects.get(pk=2), body="From here")
    loaded = load([*rows, row(post, 5, 2), row(post, 6, 3), row(post, 8)])
    new = [loaded.keys[key] for key in (5, 6, 8)]
    assert outline(post) == [[1, [2, [new[0]], [ours.pk]]], [3, [new[1]]], [new[2]]]
    assert [c.visible_count for c in Comment.objects.filter(parent=None)] == [4, 2, 1]
    assert stored(ours).body == "From here"
    assert Post.objects.get(pk=post.pk).comment_count == 7
    assert differences() == []


def test_a_newer_export_without_the_older_comments_finds_them_by_their_source(post):
    load([row(post, 1), row(post, 2, 1)])
    load([row(post, 9, 2)])
    assert outline(post) == [[1, [2, [9]]]]
    assert differences() == []


def test_a_hidden_thread_gets_its_number_with_its_first_visible_reply(post):
    load([row(post, 1, status=Status.PENDING), row(post, 2)])
    load([row(post, 3, 1)])
    assert dict(Comment.objects.filter(parent=None).values_list("pk", "number")) == {1: 2, 2: 1}
    assert differences() == []


def test_adding_comments_renews_the_version_of_their_thread(post):
    load([row(post, 1)])
    before = Comment.objects.get(pk=1).version
    load([row(post, 2, 1)])
    assert Comment.objects.get(pk=1).version != before


def test_purged_comments_are_not_loaded_again_and_their_replies_move_up(post):
    rows = [row(post, 1), row(post, 2, 1), row(post, 3, 2)]
    load(rows)
    Comment.objects.purge(Comment.objects.get(pk=2))
    loaded = load([*rows, row(post, 4, 3)])
    assert (loaded.gone, loaded.added) == ([2, 3], [4])
    assert outline(post) == [[1, [4]]]
    assert differences() == []


def test_comments_keep_their_old_numbers_where_these_are_free(post):
    taken = [say(post).pk for _ in range(3)]
    loaded = load(
        [row(post, taken[1]), row(post, taken[-1] + 40), row(post, 5_000_000_000, minute=1)]
    )
    mine = loaded.keys
    assert mine[taken[-1] + 40] == taken[-1] + 40
    assert mine[taken[1]] > taken[-1] + 40
    assert mine[5_000_000_000] > taken[-1] + 40
    assert say(post).pk > max(mine.values())
    assert differences() == []


def test_the_number_of_a_comment_that_was_purged_is_not_free(post):
    gone = say(post)
    key = gone.pk
    Comment.objects.purge(gone)
    assert load([row(post, key)]).keys[key] > key


def test_no_later_comment_gets_the_number_of_a_loaded_old_anchor(post):
    taken = say(post).pk
    load([row(post, taken), row(post, 70_000, source="wordpress:other.example.org")])
    assert say(post).pk > 70_000


@pytest.mark.parametrize("odd", ["0", "-3", "007x", "²", "", str(2**31)])
def test_an_invalid_number_is_not_requested(post, odd):
    assert row(post, 1, source_id=odd).wished_key is None


def test_comments_without_a_source_are_numbered_in_the_order_of_time(post):
    rows = [row(post, "b", minute=2, sourced=False), row(post, "a", minute=1, sourced=False)]
    keys = load(rows).keys
    assert keys["a"] < keys["b"]


def test_a_number_can_be_requested_explicitly(post):
    assert load([row(post, "a", minute=1, sourced=False, wish=4711)]).keys == {"a": 4711}


def test_nothing_is_stored_if_one_row_is_invalid(post):
    with pytest.raises(IntegrityError), transaction.atomic():
        load([row(post, 1), row(post, 2, name="")])
    assert Comment.objects.count() == 0


def test_loading_no_comments_is_fine(db):
    assert load([]).added == []


def test_loading_no_new_comments_is_fine_on_an_empty_blog(post):
    RemovedSource.objects.create(kind="comment", source=OLD_BLOG, source_id="7")
    start_keys_anew()
    assert load([row(post, 7)]).gone == [7]
    assert load([row(post, 8)]).added == [8]


def start_keys_anew():
    """Reset the comment table and its key sequence to those of a new database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE comments_comment ALTER COLUMN id RESTART")


def test_a_load_of_any_size_takes_as_many_statements(post):
    load([row(post, 1, sourced=False)])
    with CaptureQueriesContext(connection) as small:
        load([row(post, key, sourced=False) for key in range(1, 3)])
    with CaptureQueriesContext(connection) as large:
        load([row(post, key, key - 1 or None, sourced=False) for key in range(1, 800)])
    assert len(small) == len(large)


def test_texts_are_rendered_alike_in_one_process_and_in_many(monkeypatch):
    monkeypatch.setattr(bulk_load, "WORTH_PROCESSES", 2)
    texts = ["*one*", "two <b>", "> three"]
    assert render_many(texts, 2) == render_many(texts, 1) == [markup.render(t) for t in texts]


CONVERSATION = {
    "post": {"title": "A talk", "date": "2024-02-29T08:00:00+00:00", "paragraphs": ["A < B"]},
    "comments": [
        {"id": 1, "parent": None, "author": "Ada", "date": "2024-03-01T09:07", "body": "*Hi*"},
        {"id": 2, "parent": 1, "author": "Ben", "date": "2024-03-01T09:14+00:00", "body": "Ho"},
    ],
}


@pytest.fixture
def talk(tmp_path):
    path = tmp_path / "talk.json"
    path.write_text(json.dumps(CONVERSATION))
    return path


def test_load_thread_loads_a_file_and_says_how_long_it_took(post, talk, capsys):
    call_command("load_thread", talk, post=post.slug)
    assert capsys.readouterr().out.startswith("Loaded 2 comments into /posts/")
    root, reply = Comment.objects.filter(post=post).order_by("tree_id", "lft")
    assert (root.name, root.body_html, reply.parent) == ("Ada", "<p><em>Hi</em></p>", root)
    assert differences() == []


def test_load_thread_asks_before_it_makes_a_post(alice, talk):
    with pytest.raises(CommandError, match="There is no post with the slug talk"):
        call_command("load_thread", talk, post="talk")
    call_command("load_thread", talk, post="talk", create=True)
    post = Post.objects.get(slug="talk")
    assert (post.title, post.body, post.comment_count) == ("A talk", "<p>A &lt; B</p>", 2)
    assert post.is_public


def test_load_thread_needs_a_possible_author_of_the_post(db, talk):
    with pytest.raises(CommandError, match="needs an author"):
        call_command("load_thread", talk, post="talk", create=True)


@pytest.mark.parametrize(
    "text",
    ["{", "[]", "{}", '{"comments": 3}', '{"comments": [{"id": 1}]}', '{"comments": [null]}'],
)
def test_load_thread_says_in_one_sentence_what_is_wrong_with_a_file(post, tmp_path, text):
    path = tmp_path / "odd.json"
    path.write_text(text)
    with pytest.raises(CommandError, match="not in the format"):
        call_command("load_thread", path, post=post.slug)
    with pytest.raises(CommandError, match="can’t be read"):
        call_command("load_thread", tmp_path / "nowhere.json", post=post.slug)

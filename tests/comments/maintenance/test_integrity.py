"""check_comment_tree finds each kind of fault, repairs it, and is clean afterwards."""

import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from blog.models import Post
from comments.maintenance.integrity import Check
from comments.models import Comment, ThreadCounter
from comments.tree import guards, nested_sets
from comments.tree.status import Status
from tests.comments.factories import differences, outline, say, stored, write_by_hand

pytestmark = pytest.mark.both_databases("comments.maintenance.integrity", "comments.tree.repair")


@pytest.fixture
def post(published_post):
    return published_post()


@pytest.fixture
def talk(post):
    """A conversation: root (one (below), two), other (reply)."""
    talk = {"root": say(post), "other": say(post)}
    talk["one"], talk["two"] = say(post, talk["root"]), say(post, talk["root"])
    talk["below"], talk["reply"] = say(post, talk["one"]), say(post, talk["other"])
    return talk


def check(*options):
    """Run the command; return its exit status and what it printed."""
    printed = io.StringIO()
    try:
        call_command("check_comment_tree", *options, stdout=printed, stderr=printed)
    except CommandError as error:
        return error.returncode, printed.getvalue() + str(error)
    return 0, printed.getvalue()


def assert_seen_and_mended(*lines):
    """Assert that the check fails with these lines, repairs them, and then passes."""
    status, printed = check()
    assert status == 1
    for line in lines:
        assert line in printed
    status, printed = check("--repair")
    assert status == 0, printed
    assert check()[0] == 0


def test_a_sound_blog_gets_a_one_sentence_answer(talk):
    status, printed = check()
    assert (status, printed) == (0, "No problems found. Comments: 6, threads: 2, posts: 1.\n")


def test_an_empty_blog_is_sound(db):
    assert check()[0] == 0


@pytest.mark.parametrize(
    ("who", "columns"),
    [
        ("one", {"lft": 3}),
        ("one", {"rght": 7}),
        ("one", {"lft": 4, "rght": 9}),
        ("two", {"level": 2}),
        ("below", {"level": 0}),
        ("root", {"rght": 12}),
        ("root", {"rght": 2}),
        ("below", {"lft": 1, "rght": 2}),
        ("two", {"lft": 2, "rght": 5}),
    ],
)
def test_wrong_tree_fields_are_found_and_repaired(talk, post, who, columns):
    before = {c.pk: (c.parent_id, c.lft, c.rght, c.level) for c in Comment.objects.all()}
    key = talk[who].pk
    write_by_hand(key, **columns)
    field, value = next(iter(columns.items()))
    assert_seen_and_mended(f"comment {key}: {field} is {value}, expected ")
    after = {c.pk: (c.parent_id, c.lft, c.rght, c.level) for c in Comment.objects.all()}
    assert {key: row[0] for key, row in after.items()} == {k: row[0] for k, row in before.items()}


def test_a_gap_left_by_a_bulk_delete_is_found_and_repaired(talk):
    Comment.objects.plain().filter(pk=talk["below"].pk).delete()
    key = talk["one"].pk
    assert_seen_and_mended(
        f"comment {key}: rght is 5, expected 3",
        f"comment {talk['root'].pk}: visible_count is 4, expected 3",
        "comment_count is 6, expected 5",
    )


def test_the_tree_id_of_another_thread_is_found_and_repaired(talk, post):
    key, other = talk["two"].pk, talk["other"].pk
    write_by_hand(key, tree_id=other)
    assert_seen_and_mended(f"comment {key}: tree_id is {other}, expected {talk['root'].pk}")
    assert stored(talk["two"]).parent_id == talk["root"].pk


def test_a_reply_alone_in_a_wrong_tree_is_found_though_that_tree_looks_sound(talk):
    write_by_hand(talk["reply"].pk, tree_id=999_999)
    assert_seen_and_mended(f"comment {talk['reply'].pk}: tree_id is 999999, expected ")


def test_a_thread_that_looks_sound_without_its_stray_reply_is_counted_once(talk):
    root, stray, other = talk["root"].pk, talk["two"].pk, talk["other"].pk
    write_by_hand(stray, tree_id=other)
    write_by_hand(root, rght=6, visible_count=3)
    assert f"comment {root}: visible_count is 3, expected 4" in differences()
    assert not [line for line in differences() if "comment_count" in line]
    assert_seen_and_mended(f"comment {root}: rght is 6, expected 8")


def test_a_parent_changed_by_hand_moves_the_comment_there(talk, post):
    write_by_hand(talk["two"].pk, parent_id=talk["reply"].pk)
    assert_seen_and_mended(f"comment {talk['two'].pk}: tree_id is")
    assert outline(post)[1] == [
        talk["other"].pk,
        [talk["reply"].pk, [talk["two"].pk]],
    ]
    assert [stored(talk[who]).visible_count for who in ("root", "other")] == [3, 3]


def test_a_post_different_from_the_threads_is_found_and_repaired(talk, published_post):
    elsewhere = published_post()
    write_by_hand(talk["one"].pk, post_id=elsewhere.pk)
    root = talk["root"]
    assert_seen_and_mended(f"comment {talk['one'].pk}: post is {elsewhere.pk}, expected")
    assert stored(talk["one"]).post_id == root.post_id


def test_a_cycle_of_parents_becomes_a_thread_of_its_oldest_comment(talk, post):
    write_by_hand(talk["one"].pk, parent_id=talk["below"].pk)
    assert_seen_and_mended(
        f"comment {talk['one'].pk}: thread is none",
        f"comment {talk['below'].pk}: thread is none",
    )
    assert [talk["one"].pk, [talk["below"].pk]] in outline(post)
    assert stored(talk["one"]).number == 3


def test_repairing_a_cycle_keeps_the_replies_below_it(talk, post):
    third = say(post, talk["below"])
    write_by_hand(talk["one"].pk, parent_id=talk["below"].pk)
    assert_seen_and_mended(f"comment {third.pk}: thread is none, expected one that reaches it")
    assert [talk["one"].pk, [talk["below"].pk, [third.pk]]] in outline(post)


def test_a_cycle_through_two_threads_is_repaired_once(talk, post):
    write_by_hand(talk["one"].pk, parent_id=talk["reply"].pk)
    write_by_hand(talk["reply"].pk, parent_id=talk["below"].pk)
    assert_seen_and_mended(f"comment {talk['reply'].pk}: thread is none")
    assert [talk["one"].pk, [talk["below"].pk, [talk["reply"].pk]]] in outline(post)


@pytest.mark.parametrize(("who", "count"), [("root", 3), ("root", 9), ("one", 1)])
def test_a_wrong_visible_count_is_found_and_repaired(talk, who, count):
    write_by_hand(talk[who].pk, visible_count=count)
    expected = 4 if who == "root" else 0
    key = talk[who].pk
    assert_seen_and_mended(f"comment {key}: visible_count is {count}, expected {expected}")
    assert stored(talk["root"]).visible_count == 4


def test_a_status_changed_without_its_counts_is_found_and_repaired(talk, post):
    write_by_hand(talk["below"].pk, status=Status.REMOVED)
    assert_seen_and_mended("visible_count is 4, expected 3", "comment_count is 6, expected 5")


@pytest.mark.parametrize("count", [0, 5, 7])
def test_a_wrong_count_on_the_post_is_found_and_repaired(talk, post, count):
    Post.objects.filter(pk=post.pk).update(comment_count=count)
    assert_seen_and_mended(f"post {post.pk}: comment_count is {count}, expected 6")


def test_a_count_on_a_post_without_comments_is_found_and_repaired(post):
    Post.objects.filter(pk=post.pk).update(comment_count=2)
    assert_seen_and_mended(f"post {post.pk}: comment_count is 2, expected 0")


def test_a_visible_thread_without_a_number_gets_the_next(talk):
    write_by_hand(talk["root"].pk, number=None)
    assert_seen_and_mended(f"comment {talk['root'].pk}: number is None")
    assert stored(talk["root"]).number == 3


def test_a_thread_counter_that_fell_behind_is_found_and_repaired(talk, post):
    ThreadCounter.objects.filter(post=post).update(last=1)
    write_by_hand(talk["root"].pk, number=None)
    assert_seen_and_mended(f"comment {talk['other'].pk}: number is 2, expected at most 1")
    assert stored(talk["root"]).number == 3


def test_a_lost_thread_counter_is_found_and_recreated(talk, post):
    ThreadCounter.objects.all().delete()
    assert_seen_and_mended(f"comment {talk['other'].pk}: number is 2, expected at most 0")
    assert ThreadCounter.objects.get(post=post).last == 2


def test_a_thread_that_nobody_sees_needs_no_number(post):
    say(post, status=Status.PENDING)
    assert differences() == []


def test_replies_deeper_than_the_limit_move_up_and_keep_whom_they_answer(post, monkeypatch):
    monkeypatch.setattr(guards, "MAX_LEVEL", 4)
    first, second = [say(post)], [say(post)]
    for chain in (first, second):
        chain += [say(post, chain[0])]
        chain += [say(post, chain[1])]
        chain += [say(post, chain[2])]
    write_by_hand(second[1].pk, parent_id=first[3].pk)
    assert_seen_and_mended(f"comment {second[2].pk}: parent is {second[1].pk}, expected")
    lifted = stored(second[2])
    assert (lifted.level, lifted.parent_id) == (4, first[3].pk)
    assert lifted.reply_to_id == second[1].pk


def test_the_check_can_be_limited_to_one_post(talk, post, published_post):
    elsewhere = published_post()
    write_by_hand(say(elsewhere).pk, visible_count=5)
    assert check("--post", post.slug)[0] == 0
    status, printed = check("--post", elsewhere.slug)
    assert status == 1
    assert "visible_count is 5" in printed
    assert check("--post", elsewhere.slug, "--repair")[0] == 0
    assert check()[0] == 0


def test_a_reply_on_a_wrong_post_is_found_from_both_posts(talk, post, published_post):
    elsewhere = published_post()
    write_by_hand(talk["one"].pk, post_id=elsewhere.pk)
    assert check("--post", post.slug)[0] == 1
    assert check("--post", elsewhere.slug)[0] == 1


def test_an_unknown_post_is_reported(db):
    status, printed = check("--post", "nowhere")
    assert (status, printed) == (1, "There is no post with the slug nowhere.")


def test_no_text_is_ever_printed(talk):
    write_by_hand(talk["one"].pk, level=7)
    status, printed = check()
    assert status == 1
    assert not re.search("Wren|Thank", printed)


def test_the_check_itself_changes_nothing(talk):
    write_by_hand(talk["one"].pk, level=7)
    assert differences() == differences() != []


def test_a_sound_blog_takes_the_same_few_queries_at_any_size(post, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        assert differences() == []
    root = say(post)
    for _ in range(30):
        say(post, root)
        say(post)
    with django_assert_max_num_queries(4):
        assert differences() == []


def test_a_thread_is_rebuilt_without_recursion_however_long_its_chain(post):
    keys = list(range(1, 1501))
    children = {key: [key + 1] for key in keys[:-1]}
    assert nested_sets.number(1, children)[1500] == (1500, 1501, 1499)
    moved = nested_sets.flatten(1, children, guards.MAX_LEVEL)
    assert len(moved) == 1500 - guards.MAX_LEVEL - 1
    assert max(level for *_, level in nested_sets.number(1, children).values()) == 100


def test_rebuilding_what_is_not_a_thread_is_refused(talk):
    for key in (talk["one"].pk, 999_999):
        with pytest.raises(Comment.DoesNotExist):
            Comment.objects.rebuild_thread(key)


def test_the_check_reads_one_state_while_people_write(transactional_db, published_post):
    post = published_post()
    first, second = say(post), say(post)
    write_by_hand(first.pk, visible_count=5)
    found = Check().differences()
    seen = [str(next(found))]

    def write_meanwhile():
        say(post, second)
        connection.close()

    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(write_meanwhile).result()
    seen += [str(difference) for difference in found]
    assert seen == [f"comment {first.pk}: visible_count is 5, expected 1"]
    assert differences() == seen

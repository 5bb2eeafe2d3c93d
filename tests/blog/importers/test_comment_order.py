"""The order of imported comments: parents first, whatever the order of the file."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from blog.importers.comment_order import Problem, order_comments
from blog.importers.records import Comment

START = datetime(2014, 1, 1, tzinfo=UTC)


def said(number, parent=0, minute=None, type="comment"):  # noqa: A002
    date = START + timedelta(minutes=number if minute is None else minute)
    return Comment(number, parent, "Bob", "", "", 0, date, f"Comment {number}", "1", type)


def shape(done):
    return [(placed.comment.id, placed.parent, placed.level) for placed in done.comments]


def test_a_reply_follows_its_parent_and_siblings_stand_in_time_order():
    done = order_comments([said(5, 1), said(4), said(1), said(3, 1, minute=9), said(2, 5)])
    assert shape(done) == [(1, None, 1), (5, 1, 2), (2, 5, 3), (3, 1, 2), (4, None, 1)]
    assert not done.problems


def test_comments_of_the_same_minute_stand_in_the_order_of_their_ids():
    done = order_comments([said(3, minute=0), said(1, minute=0), said(2, minute=0)])
    assert [number for number, *_ in shape(done)] == [1, 2, 3]


def test_orphans_self_replies_and_stray_replies_become_top_level():
    done = order_comments([said(1, 99), said(2, 2), said(3, 50)], elsewhere={50})
    assert shape(done) == [(1, None, 1), (2, None, 1), (3, None, 1)]
    assert done.problems == [
        Problem("missing parent", 1, 99),
        Problem("own parent", 2, 2),
        Problem("parent on another post", 3, 50),
    ]


def test_a_cycle_is_broken_at_its_earliest_comment():
    done = order_comments([said(3, 1), said(2, 3), said(1, 2), said(4, 3)])
    assert shape(done) == [(1, None, 1), (3, 1, 2), (2, 3, 3), (4, 3, 3)]
    assert done.problems == [Problem("circle", 1, 2)]


def test_a_second_comment_with_the_same_id_is_named_and_left_out():
    done = order_comments([said(1), said(1, minute=5), said(7)], elsewhere={7})
    assert shape(done) == [(1, None, 1)]
    assert [problem.kind for problem in done.problems] == ["duplicate", "duplicate"]


def test_pings_are_counted_and_replies_to_them_become_top_level():
    pings = [said(1, type="pingback"), said(2, type="trackback"), said(3, type="pingback")]
    done = order_comments([*pings, said(4, 1)])
    assert done.skipped == {"pingback": 2, "trackback": 1}
    assert shape(done) == [(4, None, 1)]
    assert done.problems == [Problem("reply to a ping", 4, 1)]


def test_a_thread_may_be_a_thousand_levels_deep_and_two_thousand_replies_wide():
    deep = [said(number, number - 1) for number in range(20_000, 0, -1)]
    assert [level for *_, level in shape(order_comments(deep))] == list(range(1, 20_001))
    wide = [said(1), *(said(number, 1) for number in range(2, 2002))]
    assert [number for number, *_ in shape(order_comments(wide))] == list(range(1, 2002))


def test_a_comment_without_a_date_comes_last():
    undated = Comment(1, 0, "Bob", "", "", 0, None, "x", "1", "comment")
    assert [number for number, *_ in shape(order_comments([undated, said(2)]))] == [2, 1]


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 14), st.integers(0, 3)), max_size=25))
def test_no_comment_is_lost_and_no_parent_comes_late(drawn):
    done = order_comments([said(*each) for each in drawn])
    seen = {None}
    for placed in done.comments:
        assert placed.parent in seen
        seen.add(placed.comment.id)
    assert seen - {None} == {number for number, *_ in drawn}
    assert len(done.comments) == len(seen) - 1

"""Query plans of conversation pages: index lookups, never a scan of a whole conversation.

The post has thousands of comments, and the database has statistics (ANALYZE), so that a plan too
expensive for a hundred thousand comments shows here already."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Comment, ConversationSettings, ThreadCounter
from comments.moderation import decisions
from comments.policy import Viewer
from comments.threads import page as threads_page
from tests.comments.factories import say
from tests.house.budgets import grow

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.models.comment")]
SIZE = 3000


@pytest.fixture
def post(published_post):
    """A post with a long conversation by guests."""
    post = published_post(slug="long", comment_mode="open")
    grow(post, SIZE)
    return post


def look():
    """Update the database's statistics, as it does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def plan(sql):
    """Return the query plan of a query, as text."""
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(
            f"{'EXPLAIN (ANALYZE, FORMAT JSON)' if postgresql else 'EXPLAIN QUERY PLAN'} {sql}"
        )
        rows = cursor.fetchall()
    if not postgresql:
        return [{"words": row[3], "rows": 0} for row in rows]
    whole = rows[0][0]
    return list(_nodes((whole if isinstance(whole, list) else json.loads(whole))[0]["Plan"]))


def _nodes(node):
    read = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    words = f"{node['Node Type']} {node.get('Index Name', '')} {node.get('Relation Name', '')}"
    yield {"words": words, "rows": read * node["Actual Loops"]}
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def plans(work):
    """Return the plans of all queries on comments that ``work()`` makes."""
    with CaptureQueriesContext(connection) as captured:
        work()
    asked = [query["sql"] for query in captured.captured_queries]
    return [plan(sql) for sql in asked if "comments_comment" in sql and sql.startswith("SELECT")]


def assert_reads_little(found, most=600):
    """Assert that nothing scans the table, or reads an index for all comments of the post."""
    for steps in found:
        words = " / ".join(step["words"] for step in steps)
        assert not re.search(r"SCAN comments_comment(?! USING (COVERING )?INDEX)", words), words
        assert "comment_post_status" not in words, words
        assert "Seq Scan  comments_comment" not in words, words
        assert max(step["rows"] for step in steps) <= most, words


def viewers(post, bob):
    """Everybody for whom a page looks different, each with a held comment."""
    own = [say(post, status=Comment.Status.PENDING).pk for _ in range(3)]
    say(post, status=Comment.Status.PENDING, user=bob)
    everything = list(Comment.objects.values_list("pk", flat=True)[:97])
    return {
        "guest": Viewer(),
        "who wrote in this browser": Viewer(own=frozenset([*own, *everything])),
        "bob": Viewer(bob),
        "bob, who wrote as a guest before": Viewer(bob, frozenset(own)),
    }


def test_a_page_scans_no_conversation(post, bob):
    found, settings = viewers(post, bob), ConversationSettings.get()
    look()
    for name, viewer in found.items():
        for order in (threads_page.OLDEST, threads_page.NEWEST):
            made = plans(
                lambda v=viewer, o=order: threads_page.conversation(post, v, settings, None, 1, o)
            )
            assert 1 <= len(made) <= 4, name
            assert_reads_little(made)


def test_a_prolific_writers_held_comments_are_found_by_one_index(post, bob):
    Comment.objects.plain().filter(post=post).update(user=bob, name="")
    waiting = say(post, status=Comment.Status.PENDING, user=bob)
    look()
    with CaptureQueriesContext(connection) as captured:
        assert threads_page.own_pending(post, Viewer(bob)) == [(waiting.pk, 1)]
    (steps,) = [plan(query["sql"]) for query in captured.captured_queries]
    # The writers' index; if few comments are held, PostgreSQL takes the queue's, as short then.
    found = " ".join(step["words"] for step in steps)
    assert "comment_writer" in found or "comment_waiting" in found
    # The scan of an index for a bitmap counts what earlier tests left dead in it, too.
    of_table = [step for step in steps if not step["words"].startswith("Bitmap Index Scan")]
    assert max(step["rows"] for step in of_table) <= 2, steps


def test_a_permalink_finds_its_page_by_one_query_that_reads_little(post):
    look()
    settings = ConversationSettings.get()
    last = Comment.objects.filter(post=post, parent=None).order_by("number").last()
    reply = Comment.objects.filter(post=post).exclude(parent=None).order_by("pk").last()
    for comment in (last, reply):
        comment = Comment.objects.select_related("post").get(pk=comment.pk)
        made = plans(lambda c=comment: threads_page.address_of(c, settings))
        assert len(made) == 1
        assert_reads_little(made, most=20)


def test_the_page_of_a_permalink_is_right_after_threads_were_deleted(post, mia):
    roots = list(Comment.objects.filter(post=post, parent=None).order_by("number")[:60])
    alone = [root for root in roots if root.visible_count == 1]
    decisions.decide([alone[0].pk], "remove", mia)
    Comment.objects.purge(alone[1])
    numbering = ThreadCounter.objects.get(post=post)
    assert numbering.threads == numbering.last - 2
    for number in (26, 27, 28):
        root = Comment.objects.select_related("post").get(post=post, number=number)
        place = len(roots[: number - 1]) - len([r for r in alone[:2] if r.number < number])
        page = place // 25 + 1
        assert ("?page=2" in threads_page.address_of(root)) == (page == 2), number

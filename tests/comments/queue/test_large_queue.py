"""A queue of ten thousand comments: every page is found by an index, the last like the first."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.imports.bulk_load import Incoming, load
from comments.models import Comment
from comments.queue import pagination, tabs
from comments.queue.tabs import ORDER, Tab
from comments.tree.status import Status
from tests.comments.threads.test_query_plans import look, plan
from tests.house.budgets import BUDGETS, queries

pytestmark = pytest.mark.django_db
SIZE, PAGE = 10_000, 25


@pytest.fixture
def flood(published_post):
    """Ten thousand comments wait on one post; every fifth answers the one before it."""
    post = published_post(slug="long")
    start = timezone.now() - timedelta(days=30)
    rows = [
        Incoming(
            key=number,
            post=post.pk,
            parent=number - 1 if number % 5 == 4 else None,
            name=f"Wren {number % 300}",
            body="Here.",
            body_html="<p>Here.</p>",
            created_at=start + timedelta(seconds=number),
        )
        for number in range(SIZE)
    ]
    load(rows)
    values = {"status": Status.PENDING, "number": None, "visible_count": 0}
    Comment.objects.plain().filter(post=post).update(**values)
    look()


def read(viewer, mark):
    """Return ``(keys of the page, cursor of the next, the plan of each query)``."""
    rows = tabs.comments(Tab.WAITING, viewer)
    with CaptureQueriesContext(connection) as captured:
        found, following = pagination.page(rows, ORDER[Tab.WAITING], mark, PAGE)
    plans = [plan(query["sql"]) for query in captured.captured_queries]
    return [row.pk for row in found], following, plans


def test_a_page_in_the_middle_of_a_flood_is_found_by_the_index(flood, mia):
    order = ["queue_priority", "created_at", "pk"]
    keys = list(Comment.objects.order_by(*order).values_list("pk", flat=True))
    middle = Comment.objects.get(pk=keys[7000])
    for mark, wanted in (("", keys[:25]), (pagination.mark_of(middle, order), keys[7001:7026])):
        found, following, plans = read(mia, mark)
        assert found == wanted
        assert following
        for steps in plans:
            words = " / ".join(step["words"] for step in steps)
            # Of one moment, SQLite takes the index by moments: it looks at as few.
            of_a_moment = "comment_status_created (status=? AND created_at=?"
            assert "comment_waiting" in words or of_a_moment in words, words
            assert "TEMP B-TREE FOR ORDER BY" not in words, words
            assert max(step["rows"] for step in steps) <= 200, words


def test_a_page_of_a_flood_costs_no_more_queries_than_a_short_one(flood, signed_in, mia):
    budget, client = BUDGETS["queue, what waits"], signed_in(mia)
    client.get("/admin/queue/all/")  # what is read once for a process
    order = ["queue_priority", "created_at", "pk"]
    middle = Comment.objects.order_by(*order)[7000]
    # Further pages take at most as many queries as the cursor has fields.
    after = f"?after={quote(pagination.mark_of(middle, order))}"
    for query, most in (("", budget.cold), (after, budget.cold + len(order) - 1)):
        answer, count = queries(client, budget.address + query)
        assert answer.text.count("<article") == PAGE
        assert count <= most


def test_paging_through_the_queue_shows_each_comment_once(flood, mia):
    met, mark, rows = [], "", tabs.comments(Tab.WAITING, mia)
    while True:
        found, mark = pagination.page(rows.only(*ORDER[Tab.WAITING]), ORDER[Tab.WAITING], mark, 500)
        keys = [row.pk for row in found]
        met += keys
        if not mark:
            break
    assert len(met) == len(set(met)) == SIZE

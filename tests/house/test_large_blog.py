"""What pages cost beside 100,000 comments: hardly more than beside a thousand, by any database.

The cost is what the database does, not a time: on SQLite the steps of its virtual machine, on
PostgreSQL the rows that its plans go through."""

import json
import re
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import Client, override_settings

from bench import crowd
from blog import models
from blog.fulltext import backends
from blog.fulltext.query import parse
from comments.dashboard import activity
from comments.models import Comment
from comments.moderation import track_record
from comments.posting import expectations
from comments.queue import cards, tabs
from comments.threads import feeds
from comments.threads.feeds import CommentsFeed

# One process fills the tables.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("large blog"),
    pytest.mark.both_databases(
        "blog.fulltext.backends",
        "blog.search",
        "comments.dashboard.activity",
        "comments.moderation.track_record",
        "comments.queue",
        "comments.threads.feeds",
    ),
]
FEW, MANY, POSTS, LOG = 1_000, 100_000, 2_000, 10_000
MOST_TIMES = 3
# What the bounds themselves cost, such as 1,500 matches of a search, or the 1,000 newest comments.
FREE = {"sqlite": 250_000, "postgresql": 50_000}
# How a statement begins that reads, and which PostgreSQL is asked to explain.
READS = re.compile(r"[\s(]*(SELECT|WITH|VALUES)\b", re.IGNORECASE)
FIRST = "/posts/crowd-0/"  # the post with a tenth of all comments
FOR_READERS = [
    "/",
    FIRST,
    "/comments/feed/",
    f"{FIRST}comments/feed/",
    f"/search/?q={crowd.EVERY}&without=comment",
    f"/search/?q={crowd.EVERY}",
    f"/search/?q={crowd.THIRD}+tea6",
    f"/search/?q={crowd.SELDOM}",
    f'/search/?q="{crowd.RARE}"',
    f'/search/?q="{crowd.THIRD}+seldom7"',
    f'/search/?q="light+{crowd.EVERY}"',  # their order is another one in every comment
    f"/search/?q={crowd.EVERY[:3]}",
    f"/search/?q={crowd.EVERY}+-{crowd.THIRD}",
    "/search/?q=nowhere",
]
FOR_STAFF = [
    "/admin/",
    "/admin/queue/waiting/",
    "/admin/queue/all/",
    "/admin/queue/all/?status=0",
    "/admin/queue/{newest}/",
    "/admin/comments/moderationaction/",
]


class Blog:
    """A blog with so many comments, and those who look at it."""

    def __init__(self, comments):
        people = get_user_model().objects
        self.author, self.moderator = (
            people.create_user(name, f"{name}@example.org", is_staff=True)
            for name in ("nora", "milo")
        )
        self.reader = people.create_user("ruth", "ruth@example.org", is_public=True)
        self.author.groups.add(Group.objects.get(name="Authors"))
        self.moderator.groups.add(Group.objects.get(name="Moderators"))
        readers = self.reader.pk, 1
        self.posts = crowd.fill(self.author, comments, POSTS, LOG, readers)
        self.newest = Comment.objects.exclude(email="").filter(user=None).latest("pk")

    def costs(self):
        """Return ``{page: cost}`` of every page."""
        with override_settings(PAGE_CACHE=False):
            return self._costs()

    def _costs(self):
        found = {address: self._cost(Client(), address) for address in FOR_READERS}
        for user in (self.author, self.moderator):
            client = Client()
            client.force_login(user, "django.contrib.auth.backends.ModelBackend")
            for address in FOR_STAFF[:1] if user == self.author else FOR_STAFF:
                path = address.format(newest=self.newest.pk)
                found[f"{user}: {address}"] = self._cost(client, path)
        return found

    @staticmethod
    def _cost(client, address):
        client.get(address)  # fills the caches of the process
        with counted_work() as work:
            assert client.get(address).status_code == 200, address
        return work[0]


@contextmanager
def counted_work():
    """Yield a list of one number: what the database has done inside."""
    work = [0]
    if connection.vendor == "sqlite":

        def step():
            work[0] += 10

        connection.connection.set_progress_handler(step, 10)
        try:
            yield work
        finally:
            connection.connection.set_progress_handler(None, 0)
        return

    def explain(execute, sql, params, many, context):
        if READS.match(sql):
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
                work[0] += _rows(cursor.fetchone()[0][0]["Plan"])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield work


def _rows(plan):
    """Return how many rows a plan of PostgreSQL read from tables and indexes, or sorted."""
    own = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
    own += plan.get("Rows Removed by Index Recheck", 0)
    counts = "Scan" in plan["Node Type"] or plan["Node Type"] == "Sort"
    below = sum(map(_rows, plan.get("Plans", [])))
    return below + (own * plan["Actual Loops"] if counts else 0)


@pytest.fixture(scope="module")
def blogs(django_db_setup, django_db_blocker):
    """The costs of all pages beside FEW and beside MANY comments; the latter are still there."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            few = Blog(FEW).costs()
            transaction.set_rollback(True)
        with transaction.atomic():
            many = Blog(MANY)
            yield few, many
            transaction.set_rollback(True)


@pytest.fixture
def large(blogs):
    return blogs[1]


def test_no_page_costs_much_more_beside_100_000_comments(blogs):
    few, large = blogs
    free = FREE[connection.vendor]
    dear = {
        page: (few[page], cost)
        for page, cost in large.costs().items()
        if cost > max(MOST_TIMES * few[page], free)
    }
    assert dear == {}


def plan_of(rows):
    """Return the plan of a queryset as text."""
    return plan(*rows.query.sql_with_params())


def plan(sql, params):
    """Return the plan of a statement as text."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            return "\n".join(row[3] for row in cursor.fetchall())
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        return json.dumps(cursor.fetchone()[0])


def indexes(plan):
    """Return the names of the indexes that a plan takes."""
    found = re.findall(r'INDEX (\w+)|"Index Name": "(\w+)"', plan)
    return {name for pair in found for name in pair if name}


def source_of_a_feed(post=None):
    return SimpleNamespace(blog=models.Blog.get(), post=post)


@pytest.mark.parametrize(
    ("index", "rows"),
    [
        ("comment_newest", lambda _: CommentsFeed().newest(source_of_a_feed())),
        (
            "comment_post_newest",
            lambda blog: feeds.PostCommentsFeed().newest(source_of_a_feed(blog.posts[0])),
        ),
        (
            "comment_waiting",
            lambda blog: cards.with_card_data(tabs.comments(tabs.Tab.WAITING, blog.moderator))[:26],
        ),
        (
            "comment_written",
            lambda blog: cards.with_card_data(tabs.comments(tabs.Tab.ALL, blog.moderator))[:26],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_query_takes_the_index_that_was_made_for_it(large, index, rows):
    plan = plan_of(rows(large))
    taken = indexes(plan)
    # PostgreSQL knows that every tenth comment is on this post, and goes through the newest of all.
    fine = {index, "comment_newest"} if index == "comment_post_newest" else {index}
    assert fine & taken, plan
    assert "FOR ORDER BY" not in plan
    assert '"Sort"' not in plan


def newest(**fields):
    return list(Comment.objects.filter(**fields).exclude(email="").order_by("-pk")[:25])


def read(address, who=None):
    """Return work: an account, or a guest, asks for a page."""

    def ask(blog):
        client = Client()
        if who:
            client.force_login(getattr(blog, who), "django.contrib.auth.backends.ModelBackend")
        with override_settings(PAGE_CACHE=False):
            assert client.get(address.format(newest=blog.newest.pk)).status_code == 200

    return ask


# What a page or a part of it does, and the indexes by which its rows have to be found.
FOUND_BY = {
    "writers' records, by address": (
        lambda _: track_record.track_records(newest(user=None)),
        {"comment_email"},
    ),
    "writers' records, by account": (
        lambda blog: track_record.track_records(newest(user=blog.reader)),
        {"comment_writer"},
    ),
    "further comments of a writer": (
        lambda blog: track_record.recent_comments(blog.newest, Comment.objects.all()),
        {"comment_email"},
    ),
    "comments on an author's posts": (
        lambda blog: list(activity.recent_comments(blog.author)),
        {"comment_written"},
    ),
    "who is new": (
        lambda blog: activity.first_time_comments(blog.author),
        {"comment_email", "comment_guest_name"},
    ),
    "the days of the first page": (
        lambda blog: activity.daily_activity(blog.author),
        {"comment_status_created"},
    ),
    "what was decided lately": (
        lambda blog: list(tabs.decisions(blog.moderator)[:26]),
        {"comments_moderationaction_created_at"},
    ),
    "a word in the queue": (
        read("/admin/queue/all/?q=nowhere", "moderator"),
        {"comment_written"},
    ),
    "a word in what waits": (
        read("/admin/queue/all/?q=nowhere&status=0", "moderator"),
        {"comment_status_created"},
    ),
    "the log": (
        read("/admin/comments/moderationaction/", "moderator"),
        {"comments_moderationaction_created_at"},
    ),
    "the history of a comment": (
        read("/admin/queue/{newest}/", "moderator"),
        {"comments_moderationaction_comment_id"},
    ),
    "a page of threads": (read(FIRST), {"comment_threads", "comment_tree"}),
    "one's own that wait": (read(FIRST, "reader"), {"comment_writer"}),
    "a person's comments": (read("/people/ruth/"), {"comment_writer"}),
    "previous and next in a series": (read("/posts/crowd-8/"), {"blog_post_in_series"}),
    "home": (read("/"), {"blog_post_list"}),
    "how long a decision takes": (
        lambda _: expectations.usual_wait(),
        {"comments_moderationaction_created_at"},
    ),
}


@pytest.mark.skipif(connection.vendor == "sqlite", reason="it has a table of posts' words")
def test_posts_with_a_frequent_word_are_found_among_all_comments(large):
    for word, index in ((crowd.EVERY, "blog_search_entry_unique"), ("nowhere", "blog_postwords")):
        select = backends.PostgreSQLBackend.of_posts(parse(word))
        assert indexes(plan(select.sql, select.values)) == {index}, word


@pytest.mark.parametrize("work", FOUND_BY)
def test_rows_are_found_by_the_index_that_was_made_for_them(large, work):
    do, wanted = FOUND_BY[work]
    asked = []

    def note(execute, sql, params, many, context):
        if READS.match(sql):
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        do(large)
    plans = [plan(*each) for each in asked]
    taken = {name for each in plans for name in indexes(each)}
    # Django's own names of indexes end in a hash.
    missing = {name for name in wanted if not any(each.startswith(name) for each in taken)}
    assert missing == set(), "\n".join(plans)


def test_a_tab_of_the_queue_says_that_there_are_more_than_it_counts(large, client):
    client.force_login(large.moderator, "django.contrib.auth.backends.ModelBackend")
    page = client.get("/admin/queue/waiting/").text
    assert '<span class="count">1,000+</span>' in page
    assert "(1,000+) Waiting" in page


def test_the_search_of_comments_says_that_there_are_more_than_it_lists(large, client):
    answer = client.get(f"/search/?q={crowd.EVERY}")
    assert "More than 1,000 results" in answer.text
    assert len(answer.context["results"]) == 20
    assert client.get(f"/search/?q={crowd.EVERY}&page=51").status_code == 404
    newest = [result.date for result in client.get(f'/search/?q="{crowd.RARE}"').context["results"]]
    assert newest == sorted(newest, reverse=True)
    assert len(newest) == 2


@pytest.mark.parametrize(
    ("sql", "reads"),
    [
        ("SELECT 1", True),
        ("(SELECT 1) UNION (SELECT 2)", True),
        ("\n  ((SELECT 1))", True),
        ("WITH one AS (SELECT 1) SELECT * FROM one", True),
        ("VALUES (1)", True),
        ("INSERT INTO one SELECT 1", False),
        ("UPDATE one SET two = (SELECT 1)", False),
        ('SAVEPOINT "SELECT"', False),
    ],
)
def test_what_counts_as_a_statement_that_reads(sql, reads):
    assert bool(READS.match(sql)) == reads

"""A prepared query finds what the same query finds that Django writes anew each time."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.models import BigAutoField, CharField, DateTimeField
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import ContentNote, Post, Series
from blog.prepared import prepared

NASTY = ["lake' OR '1'='1", 'lake" --', "%s", "%(slug)s", "{slug}", "", "läke", "100%"]


@pytest.fixture
def walks(published_post):
    """Posts of one series, the second of which stands behind a content note."""
    series = Series.objects.create(title="Walks", slug="walks")
    posts = [published_post(series=series, series_position=n, slug=f"walk-{n}") for n in (1, 2, 3)]
    posts[1].content_notes.add(ContentNote.objects.create(name="Grief"))
    return posts


def of_slug(slug, now):
    return Post.objects.public(now).filter(slug=slug).for_page(now)


def everything(post):
    """All that a page reads of a row, also of the rows beside it."""
    row = {field.attname: getattr(post, field.attname) for field in Post._meta.concrete_fields}
    return row, post.author.name, post.series, post.previous, post.next, post.note_lines


def test_rows_are_those_of_the_query_with_all_that_came_beside_them(walks):
    ask, now = prepared(slug=CharField(), now=DateTimeField())(of_slug), timezone.now()
    for slug in ("walk-2", "walk-1", "walk-3", "walk-2"):
        with CaptureQueriesContext(connection) as queries:
            [found] = ask(slug=slug, now=now)
            values = everything(found)
        assert len(queries) == 1
        assert values == everything(of_slug(slug, now).get())
    assert ask(slug="walk-4", now=now) == []


def test_tuples_have_their_names(walks):
    @prepared(post=BigAutoField())
    def named(post):
        return Post.objects.filter(pk=post).values_list("slug", "published_at", named=True)

    for post in walks:
        [row] = named(post=post.pk)
        assert (row.slug, row.published_at) == (post.slug, post.published_at)


@pytest.mark.parametrize("slug", NASTY)
def test_a_value_is_never_taken_for_sql(published_post, slug):
    post = published_post(slug="lake")
    Post.objects.filter(pk=post.pk).update(title=slug)

    @prepared(title=CharField())
    def of_title(title):
        return Post.objects.filter(title=title)

    assert of_title(title=slug) == [post]
    assert of_title(title=f"{slug}x") == []


def test_the_clock_goes_on(published_post):
    ask, now = prepared(slug=CharField(), now=DateTimeField())(of_slug), timezone.now()
    later = published_post(slug="later", status="scheduled", published_at=now + timedelta(hours=1))
    assert ask(slug="later", now=now) == []
    assert ask(slug="later", now=now + timedelta(hours=1)) == [later]
    assert ask(slug="later", now=now + timedelta(minutes=59)) == []


def test_it_is_built_once_for_each_shape(walks):
    built = []

    @prepared(post=BigAutoField())
    def beside(order, count, post):
        built.append((order, count))
        return Post.objects.exclude(pk=post).order_by(order)[:count]

    for _ in range(3):
        assert beside("slug", 1, post=walks[0].pk) == [walks[1]]
        assert beside("-slug", 1, post=walks[2].pk) == [walks[1]]
        assert beside("-slug", 2, post=walks[1].pk) == [walks[2], walks[0]]
    assert built == [("slug", 1), ("-slug", 1), ("-slug", 2)]


def test_who_ask_at_the_same_moment_get_their_own_rows(transactional_db, published_post):
    posts, found = [published_post() for _ in range(6)], {}
    ready = threading.Barrier(len(posts))

    @prepared(post=BigAutoField())
    def from_key(post):
        return Post.objects.filter(pk=post).select_related("author")

    def read(key):
        try:
            ready.wait()
            found[key] = {row.pk for _ in range(20) for row in from_key(post=key)}
        finally:
            connections.close_all()

    threads = [threading.Thread(target=read, args=[post.pk]) for post in posts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == {post.pk: {post.pk} for post in posts}

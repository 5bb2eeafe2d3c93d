"""Search in comments: public comments only, by their text and nothing else."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from blog.fulltext.query import parse
from blog.models import SearchEntry
from comments.imports.bulk_load import Incoming, load
from comments.models import Comment, ConversationSettings
from comments.moderation import decisions
from comments.posting import own_comments

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("blog.models.search_index")]
Status = Comment.Status


@pytest.fixture
def post(published_post):
    return published_post(title="The lake", slug="lake", comment_mode="open")


@pytest.fixture
def comment(post):
    return Comment.objects.create(
        post=post, name="Ana", body="My *quiet* words <b>", status=Status.APPROVED
    )


@pytest.fixture(autouse=True)
def _index_is_right():
    yield
    call_command("check_search_index")


def found(client, typed, **more):
    answer = client.get("/search/", {"q": typed, "in": "comment", **more})
    return [result.address for result in answer.context["results"]]


def test_comments_are_searched_only_if_ticked(client, comment):
    assert client.get("/search/?q=quiet").context["results"] == []
    assert 'name="in" value="comment">' in client.get("/search/?q=quiet").text
    answer = client.get("/search/?q=quiet&in=comment")
    assert 'name="in" value="comment" checked>' in answer.text
    assert f'href="/comments/{comment.pk}/"' in answer.text
    assert "Ana on The lake" in answer.text
    assert "My <mark>quiet</mark> words &lt;b&gt;" in answer.text


def test_names_of_writers_are_not_searched(client, comment):
    assert found(client, "ana") == []


@pytest.mark.parametrize("status", [Status.PENDING, Status.SPAM, Status.REMOVED])
def test_hidden_comments_are_neither_found_nor_indexed(client, post, status):
    Comment.objects.create(post=post, name="Ana", body="quiet", status=status)
    assert found(client, "quiet") == []
    assert not SearchEntry.objects.filter(kind="comment").exists()


def test_the_index_follows_decisions(client, comment, mia):
    for act, seen in (("remove", False), ("restore", True), ("spam", False), ("approve", True)):
        decisions.decide([comment.pk], act, mia)
        assert bool(found(client, "quiet")) is seen, act


def test_an_edited_text_is_found_and_the_old_one_is_not(client, comment):
    own_comments.edit(comment.pk, "loud now")
    assert found(client, "quiet") == []
    assert found(client, "loud") == [f"/comments/{comment.pk}/"]


def test_withdrawn_comments_leave_the_index(client, comment):
    own_comments.withdraw(comment.pk)
    assert found(client, "quiet") == []
    assert not SearchEntry.objects.matching(parse("quiet")).exists()


def test_purged_branches_leave_the_index(client, post, comment):
    Comment.objects.create(
        post=post, parent=comment, name="Ben", body="quiet too", status=Status.APPROVED
    )
    assert len(found(client, "quiet")) == 2
    comment.delete()
    assert not SearchEntry.objects.filter(kind="comment").exists()


@pytest.mark.parametrize(
    "fields", [{"status": "draft"}, {"status": "archived"}, {"comment_mode": "hidden"}]
)
def test_comments_are_found_only_where_their_post_is_visible(client, post, comment, fields):
    assert found(client, "quiet")
    for name, value in fields.items():
        setattr(post, name, value)
    post.save()
    assert found(client, "quiet") == []


def test_a_hidden_default_mode_hides_them_too(client, post, comment):
    post.comment_mode = "default"
    post.save()
    row = ConversationSettings.get()
    row.default_mode = "hidden"
    row.save()
    assert found(client, "quiet") == []


def test_bulk_loaded_comments_are_found(client, post):
    when = datetime(2020, 1, 1, tzinfo=UTC)
    statuses = (Status.APPROVED, Status.PENDING)
    rows = [
        Incoming(
            key=n,
            post=post.pk,
            name="Ana",
            body="x",
            body_html="<p>quiet</p>",
            created_at=when,
            status=statuses[n % 2],
        )
        for n in range(8)
    ]
    load(rows)
    assert len(found(client, "quiet")) == 4


def test_posts_and_comments_are_in_one_list(client, published_post, comment):
    published_post(title="Quiet", slug="quiet", published_at=datetime(2001, 1, 1, tzinfo=UTC))
    assert found(client, "quiet") == ["/posts/quiet/", f"/comments/{comment.pk}/"]


def test_without_the_tick_posts_are_still_searched(client, comment, settings):
    settings.SEARCH_SOURCES = ["blog.search"]
    assert found(client, "quiet") == []
    assert 'type="checkbox"' not in client.get("/search/").text
    assert found(client, "lake") == ["/posts/lake/"]

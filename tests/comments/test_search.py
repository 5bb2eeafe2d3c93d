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
    answer = client.get("/search/", {"q": typed, **more})
    return [result.address for result in answer.context["results"]]


def test_comments_are_searched_unless_they_are_left_out(client, comment):
    without = client.get("/search/?q=quiet&without=comment")
    assert without.context["results"] == []
    assert 'name="without" value="comment" checked>' in without.text
    assert '<a href="/search/?q=quiet">Search comments too</a>' in without.text
    answer = client.get("/search/?q=quiet")
    assert 'name="without" value="comment">' in answer.text
    assert "Search comments too" not in client.get("/search/?q=unheard").text
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
    assert SearchEntry.matching(parse("quiet"))[0] == []


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


def test_where_comments_are_no_source_there_is_no_tick(client, comment, settings):
    settings.SEARCH_SOURCES = ["blog.search"]
    assert found(client, "quiet") == []
    assert 'type="checkbox"' not in client.get("/search/").text
    assert found(client, "lake") == ["/posts/lake/"]


def say(post, count, body="quiet words"):
    rows = [
        Incoming(
            key=n,
            post=post.pk,
            name="Ana",
            body=body,
            body_html=f"<p>{body} number{n}</p>",
            created_at=datetime(2020, 1, 1 + n // 24, n % 24, tzinfo=UTC),
        )
        for n in range(count)
    ]
    return load(rows).keys


def test_of_what_is_everywhere_the_newest_are_shown_and_counted_so_far(client, post, monkeypatch):
    say(post, 70)
    monkeypatch.setattr("blog.fulltext.backends.NEAR", 50)
    monkeypatch.setattr("blog.search.MOST", 40)
    newest = [address for number in (1, 2) for address in found(client, "quiet", page=number)]
    assert newest == [
        comment.get_absolute_url() for comment in Comment.objects.order_by("-created_at")[:40]
    ]
    page = client.get("/search/?q=quiet").text
    assert "More than 1,000 results. Here are the first 1,000" in page
    assert client.get("/search/?q=quiet&page=3").status_code == 404
    assert ">1 result" in client.get("/search/?q=number7+quiet").text


def test_newer_comments_that_nobody_may_see_are_said_to_hide_older_ones(
    client, post, published_post, monkeypatch
):
    say(post, 30)
    say(published_post(comment_mode="hidden"), 20, "quiet secrets")
    monkeypatch.setattr("blog.fulltext.backends.NEAR", 25)
    answer = client.get("/search/?q=quiet")
    assert "5 results" in answer.text
    assert "There may be older ones" in answer.text
    monkeypatch.setattr("blog.fulltext.backends.NEAR", 15)
    answer = client.get("/search/?q=quiet")
    assert answer.context["results"] == []
    assert "only the newest matches were checked" in answer.text


@pytest.mark.parametrize("steps", [(4,), (2, 5), (3, 9, 200)])
def test_older_comments_are_found_behind_any_number_of_newer_ones(client, post, steps, monkeypatch):
    monkeypatch.setattr("blog.fulltext.backends.STEPS", steps)
    say(post, 24)
    for number in (0, 3, 11, 20, 23):
        assert len(found(client, f"number{number} words")) == 1
        assert len(found(client, f'"words number{number}"')) == 1
        assert len(found(client, f"number{number} -quiet")) == 0
        assert len(found(client, f'number{number} -"quiet words"')) == 0
        assert len(found(client, f'number{number} -"words quiet"')) == 1
    assert len(found(client, "quiet")) == 20  # a page of 24


def test_of_comments_a_beginning_has_three_letters(client, post):
    say(post, 1, "brisk words")
    assert len(found(client, "bri")) == 1
    assert found(client, "br") == found(client, "b* words ") == []


def test_many_comments_change_nothing_in_a_search_of_posts(client, post, monkeypatch):
    """They are not even looked at: the index of posts is another one."""
    say(post, 30, "the lake")
    monkeypatch.setattr("blog.fulltext.backends.NEAR", 5)
    answer = client.get("/search/?q=lake&without=comment")
    assert [result.address for result in answer.context["results"]] == ["/posts/lake/"]
    assert ">1 result" in answer.text
    assert "There may be older ones" not in answer.text

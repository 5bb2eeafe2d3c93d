"""Who may read which post: the rule for queries agrees with the rule for one post."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from blog.models import Post
from blog.publishing import publish

pytestmark = pytest.mark.django_db
STATUSES = Post.Status.values
OUTSIDE_TRASH = [each for each in STATUSES if each != "trash"]
DATES = (timedelta(days=-400), timedelta(seconds=-1), timedelta(seconds=30), timedelta(days=9))


@pytest.fixture
def every_post(published_post):
    now = timezone.now()
    posts = [
        published_post(
            kind=kind,
            status=status,
            published_at=now + date,
            trashed_at=now if status == "trash" else None,
        )
        for kind in Post.Kind.values
        for status in STATUSES
        for date in DATES
    ]
    return [*posts, published_post(status="draft", published_at=None)]


def keys(posts):
    return {post.pk for post in posts}


def test_query_and_row_agree_on_what_is_listed_and_public(every_post):
    with time_machine.travel(timezone.now(), tick=False):
        assert keys(Post.objects.published()) == keys(p for p in every_post if p.is_listed)
        assert keys(Post.objects.public()) == keys(p for p in every_post if p.is_public)
        assert 0 < Post.objects.published().count() < Post.objects.public().count()
        assert keys(Post.objects.to_come()) == keys(p for p in every_post if p.is_to_come)
        assert keys(Post.objects.drafts()) == keys(p for p in every_post if p.is_draft)
        listed, to_come = keys(Post.objects.published()), keys(Post.objects.to_come())
        dated = [p for p in every_post if p.status in {"scheduled", "published"}]
        assert listed | to_come == keys(dated)
        assert not listed & to_come


def test_only_archived_posts_and_the_trash_are_closed_to_comments():
    at_rest = {each for each in STATUSES if not Post(status=each).takes_activity}
    assert at_rest == {"archived", "trash"}


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_a_name_and_buttons(status):
    for date in DATES:
        post = Post(status=status, published_at=timezone.now() + date)
        assert post.get_status_display()
        assert set(publish.offered_actions(post)) <= set(publish.PublishAction)
        assert publish.offered_actions(post)


@pytest.mark.parametrize("status", OUTSIDE_TRASH)
def test_the_author_is_told_why_a_post_is_in_no_list(signed_in, alice, published_post, status):
    post = published_post(status=status, published_at=timezone.now() + timedelta(days=3))
    if (
        status == "published"
    ):  # a future date is the author's own choice, and is shown above the text
        post = published_post(status=status)
    notice = '<p class="notice">' in signed_in(alice).get(post.get_absolute_url()).text
    assert notice is not post.is_listed


@pytest.mark.parametrize("viewer", ["guest", "bob", "mia", "alice", "owner"])
def test_query_and_row_agree_for_every_viewer(every_post, viewer, request):
    user = AnonymousUser() if viewer == "guest" else request.getfixturevalue(viewer)
    with time_machine.travel(timezone.now(), tick=False):
        seen = keys(Post.objects.visible_to(user))
        assert seen == keys(post for post in every_post if post.is_visible_to(user))
    outside = [post for post in every_post if not post.is_in_trash]
    assert (len(seen) == len(outside)) == (viewer in {"alice", "owner"})


@pytest.mark.parametrize("kind", Post.Kind.values)
@pytest.mark.parametrize("status", OUTSIDE_TRASH)
@pytest.mark.parametrize("date", DATES)
def test_a_post_answers_exactly_those_who_may_read_it(
    client, signed_in, alice, bob, published_post, kind, status, date
):
    post = published_post(kind=kind, status=status, published_at=timezone.now() + date)
    public = 200 if post.is_public else 404
    assert client.get(post.get_absolute_url()).status_code == public
    assert signed_in(bob).get(post.get_absolute_url()).status_code == public
    assert signed_in(alice).get(post.get_absolute_url()).status_code == 200


def test_nobody_reads_the_draft_of_another_author(signed_in, person, published_post):
    draft = published_post(status="draft")
    carol = person("carol", group="Authors", is_staff=True)
    assert signed_in(carol).get(draft.get_absolute_url()).status_code == 404


def test_the_owner_reads_every_draft(signed_in, owner, published_post):
    assert (
        signed_in(owner).get(published_post(status="draft").get_absolute_url()).status_code == 200
    )


def test_a_scheduled_post_appears_by_the_clock_alone(client, published_post):
    day = timezone.now() + timedelta(days=3)
    post = published_post(status="scheduled", published_at=day, title="The first snow")
    with time_machine.travel(day - timedelta(seconds=1), tick=False):
        assert client.get(post.get_absolute_url()).status_code == 404
        assert "The first snow" not in client.get("/").text
        assert "The first snow" not in client.get("/feed/").text
    with time_machine.travel(day, tick=False):
        assert client.get(post.get_absolute_url()).status_code == 200
        assert "The first snow" in client.get("/").text
        assert "The first snow" in client.get("/feed/").text


def test_an_archived_post_answers_but_is_in_no_list(client, published_post):
    from blog.models import Tag

    post = published_post(status="archived", title="How this began")
    post.tags.add(Tag.objects.create(name="Lake", slug="lake"))
    published_post().tags.add(Tag.objects.get())
    assert client.get(post.get_absolute_url()).status_code == 200
    for address in ("/", "/tags/lake/", "/feed/", "/tags/lake/feed/", "/sitemap.xml"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "How this began" not in answer.text
        assert post.get_absolute_url() not in answer.text


def test_a_withdrawn_post_is_not_found_by_readers(client, published_post):
    post = published_post()
    assert client.get(post.get_absolute_url()).status_code == 200
    post.status = "draft"
    post.save()
    assert client.get(post.get_absolute_url()).status_code == 404
    assert post.title not in client.get("/").text

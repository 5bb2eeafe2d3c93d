"""The author's dashboard: conversations that wait for a reply, and activity of the last days."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from comments.dashboard import activity
from comments.models import Comment
from comments.tree.status import Status
from tests.house.budgets import queries

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.dashboard.activity")]


@pytest.fixture
def post(published_post):
    return published_post(title="By the lake")


def say(post, name="", *, user=None, parent=None, ago=1, status=Status.APPROVED):
    comment = Comment(
        post=post,
        name=name,
        user=user,
        parent=parent,
        body="Words.",
        status=status,
        created_at=timezone.now() - timedelta(hours=ago),
    )
    comment.save()
    return comment


def names(author):
    return [comment.writer_name for comment in activity.awaiting_reply(author)]


def test_a_thread_waits_until_the_author_has_the_last_word(alice, post):
    wren = say(post, "Wren", ago=5)
    lark = say(post, "Lark", ago=6)
    assert names(alice) == ["Wren", "Lark"]
    say(post, user=alice, parent=wren, ago=4)
    assert names(alice) == ["Lark"]
    say(post, "Finch", parent=wren, ago=3)
    assert names(alice) == ["Finch", "Lark"]
    say(post, user=alice, parent=lark, ago=2)
    assert names(alice) == ["Finch"]


def test_only_visible_comments_on_the_authors_own_posts_wait(alice, person, published_post, post):
    carol = person("carol", group="Authors", is_staff=True)
    say(post, "Held", status=Status.PENDING)
    say(post, "Spam", status=Status.SPAM)
    say(post, "Long ago", ago=24 * (activity.DAYS + 1))
    say(published_post(author=carol), "At Carol's")
    say(published_post(comment_mode="hidden"), "Hidden")
    say(published_post(status="draft"), "In a draft")
    say(post, user=alice)
    assert names(alice) == []
    assert names(carol) == ["At Carol's"]


def test_the_newest_come_first_and_not_all_of_them(alice, post):
    for ago in range(1, activity.SHOWN + 4):
        say(post, f"{ago}", ago=ago)
    assert names(alice) == [str(ago) for ago in range(1, activity.SHOWN + 1)]


def test_comments_on_posts_of_others_leave_room_for_the_authors_own(
    alice, person, published_post, post, monkeypatch
):
    monkeypatch.setattr(activity, "LOOKED_AT", 2)
    say(post, "Wren", ago=9)
    theirs = published_post(author=person("carol", group="Authors", is_staff=True))
    for ago in range(1, 5):
        say(theirs, f"At Carol's {ago}", ago=ago)
    assert names(alice) == ["Wren"]
    assert [comment.writer_name for comment in activity.first_time_comments(alice)] == ["Wren"]


def test_the_last_days_are_counted_in_the_blogs_time_zone(
    signed_in, alice, published_post, time_machine
):
    time_machine.move_to("2026-05-31T12:00:00Z", tick=False)
    post = published_post(published_at=timezone.now() - timedelta(days=3))
    say(post, "Wren", ago=1)
    say(post, "Lark", ago=13)  # the evening before
    say(post, "Finch", ago=2, status=Status.PENDING)
    say(post, "Spam", status=Status.SPAM)
    found = activity.daily_activity(alice)
    assert len(found) == activity.DAYS
    today, yesterday = found[-1], found[-2]
    assert (today.comments, today.waiting, today.posts) == (1, 1, 0)
    assert (yesterday.comments, yesterday.waiting) == (1, 0)
    assert found[-4].posts == 1
    with timezone.override("Pacific/Kiritimati"):  # where it is June already
        shifted = activity.daily_activity(alice)
    assert (shifted[-1].comments, shifted[-2].comments) == (1, 1)
    assert shifted[-1].date == today.date + timedelta(days=1)


def test_the_dashboard_shows_the_last_days_in_words_and_as_a_chart(signed_in, alice, post):
    wren = say(post, "Wren")
    say(post, "Finch", status=Status.PENDING)
    page = BeautifulSoup(signed_in(alice).get("/admin/").text, "html.parser")
    links = [link["href"] for link in page.select(".desk-start li a")]
    assert wren.get_absolute_url() in links
    assert f"/comments/{wren.pk}/reply/" in links
    plot = page.select_one(".desk-plot")
    said = [line.text for line in plot.select("figcaption li")]
    assert said == ["1 new post", "1 comment on your posts", "1 comment waiting for review"]
    assert len(plot.select("rect")) == 2
    assert len(plot.select("circle")) == 1
    assert not plot.select("[style]")


def test_a_long_conversation_costs_the_dashboard_no_more_queries(alice, post, signed_in):
    client = signed_in(alice)

    def cost(number):
        for each in range(number):
            say(post, "again", parent=say(post, f"{each}"))
        return queries(client, "/admin/")[1]

    cost(1)  # what is read once for a process
    assert cost(2) == cost(12)

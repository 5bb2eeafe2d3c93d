"""The demonstration content: loaded into an empty database only, and never in production."""

import re

import pytest
from django.core.management import CommandError, call_command

from blog.models import Blog, Post
from comments.models import Comment, ModerationAction

pytestmark = pytest.mark.django_db
STORY = "/posts/tuesdays-at-four/"


@pytest.fixture
def at_home(settings):
    settings.DEBUG = True


@pytest.fixture
def demo(at_home, capsys):
    call_command("demo", no_pictures=True)
    return capsys.readouterr().out


def test_the_command_refuses_in_production(db):
    with pytest.raises(CommandError, match="DEBUG is off"):
        call_command("demo", if_empty=True, no_pictures=True)
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("name", "role", "staff"),
    [
        ("olga", "owner", True),
        ("alice", "author", True),
        ("mia", "moderator", True),
        ("bob", "reader", False),
    ],
)
def test_each_login_that_is_printed_signs_in(demo, client, name, role, staff):
    found = re.search(rf"^ *{name} +password (\S+) +\({role}\)$", demo, re.MULTILINE)
    client.post("/account/login/", {"login": name, "password": found[1]})
    assert f"Signed in as {name.title()}" in client.get("/").text
    assert (client.get("/admin/").status_code == 200) == staff


def test_demo_accounts_are_marked_as_such(demo, django_user_model):
    people = django_user_model.objects.all()
    assert {person.source for person in people} == {"demo"}
    assert all(person.email.endswith("@example.org") for person in people)


def test_existing_content_is_left_unchanged(at_home, published_post):
    published_post()
    with pytest.raises(CommandError, match="already has content"):
        call_command("demo")
    assert Post.objects.count() == 1


def test_a_start_with_content_is_quiet(at_home, published_post, capsys):
    published_post()
    call_command("demo", if_empty=True, no_pictures=True)
    assert capsys.readouterr().out == ""


def test_an_owner_without_posts_counts_as_content(at_home, owner):
    call_command("demo", if_empty=True, no_pictures=True)
    assert not Post.objects.exists()


def test_a_second_start_prints_the_logins_again(demo, capsys):
    call_command("demo", if_empty=True, no_pictures=True)
    assert capsys.readouterr().out == demo


def test_the_demonstration_has_something_of_everything(demo):
    statuses = set(Post.objects.values_list("status", flat=True))
    assert statuses == {"draft", "scheduled", "published", "archived"}
    assert Post.objects.posts().count() == 8
    assert Post.objects.pages().count() == 2
    story = Comment.objects.filter(post__slug="tuesdays-at-four")
    assert set(story.values_list("status", flat=True)) == set(Comment.Status.values)
    assert story.count() > 24
    assert max(story.values_list("level", flat=True)) == 6
    assert ModerationAction.objects.count() >= 4
    assert Blog.get().title == "The Kitchen Light"


def test_every_page_of_the_demonstration_answers(demo, client):
    for post in Post.objects.all():
        expected = 200 if post.is_public else 404
        assert client.get(post.get_absolute_url()).status_code == expected


def test_a_reader_sees_the_conversation_and_no_hidden_comment(demo, client):
    text = client.get(STORY).text
    for shown in (
        "Good talk",
        "יעל",
        "This comment was removed.",
        "The writer deleted this comment",
    ):
        assert shown in text
    for hidden in ("just get on with it", "watering-cans", "more here than I wanted", "same cow"):
        assert hidden not in text


def test_the_comment_tree_is_sound(demo, capsys):
    call_command("check_comment_tree")
    assert "No problems found" in capsys.readouterr().out


def test_the_demonstration_contains_no_telephone_number(demo):
    texts = [*Post.objects.values_list("body", flat=True)]
    texts += Comment.objects.values_list("body", flat=True)
    assert not any(re.search(r"\d{3,}", text) for text in texts)


def test_all_dates_lie_in_the_past(demo):
    from django.utils import timezone

    now = timezone.now()
    assert not Post.objects.public().filter(published_at__gt=now).exists()
    assert not Comment.objects.filter(created_at__gt=now).exists()
    assert not Post.objects.published().filter(updated_at__gt=now).exists()

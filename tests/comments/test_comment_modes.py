"""Comment modes and post statuses mean the same wherever comments could appear."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import policy
from comments.models import Comment, ConversationSettings
from comments.models.settings import USUAL_MODES
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import articles, reply_url, send, visit

pytestmark = pytest.mark.django_db
SHOWN, CLOSED, HIDDEN = "shown", "closed", "hidden"
LATER = timedelta(days=3)
# (comment mode, post status, kind, days until publication) -> what readers get.
TABLE = {
    ("open", "published", "post", None): SHOWN,
    ("first-timers", "published", "post", None): SHOWN,
    ("moderated", "published", "post", None): SHOWN,
    ("default", "published", "post", None): SHOWN,
    ("closed", "published", "post", None): CLOSED,
    ("hidden", "published", "post", None): HIDDEN,
    ("open", "archived", "post", None): CLOSED,
    ("default", "archived", "post", None): CLOSED,
    ("closed", "archived", "post", None): CLOSED,
    ("hidden", "archived", "post", None): HIDDEN,
    ("open", "draft", "post", None): HIDDEN,
    ("closed", "draft", "post", None): HIDDEN,
    ("open", "scheduled", "post", 3): HIDDEN,
    ("open", "published", "post", 3): HIDDEN,
    ("open", "scheduled", "post", -3): SHOWN,
    ("default", "published", "page", None): HIDDEN,
    ("open", "published", "page", None): SHOWN,
    ("closed", "published", "page", None): CLOSED,
}


@pytest.fixture(params=TABLE.items(), ids=lambda item: " ".join(map(str, item[0])))
def place(request, published_post):
    """``(post, comment, expected)`` for each row of the table."""
    (mode, status, kind, days), expected = request.param
    when = timezone.now() + (timedelta(days=days) if days else -timedelta(hours=1))
    post = published_post(comment_mode=mode, status=status, kind=kind, published_at=when)
    root = say(post, body="A word under the post.")
    return post, say(post, root, body="A word below it."), expected


def test_the_posts_page_shows_the_conversation_or_nothing_of_it(client, place):
    post, comment, expected = place
    response = client.get(post.get_absolute_url())
    if post.is_public:
        assert response.status_code == 200
        assert ("A word below it." in response.text) == (expected != HIDDEN)
        page = BeautifulSoup(response.content, "html.parser")
        feeds = [link["href"] for link in page.select("link[type='application/atom+xml']")]
        assert (f"/posts/{post.slug}/comments/feed/" in feeds) == (expected != HIDDEN)
        assert [client.get(feed).status_code for feed in feeds] == [200] * len(feeds)
        assert ('id="comments"' in response.text) == (expected != HIDDEN)
        assert ("Write a comment" in response.text) == (expected == SHOWN)
        assert ("This post is archived." in response.text) == (post.status == "archived") or (
            expected == HIDDEN
        )
        assert (reply_url(comment) in response.text) == (expected == SHOWN)
    else:
        assert response.status_code == 404


def test_its_author_sees_no_more_comments_than_readers(place, alice):
    post, _comment, expected = place
    author = Client()
    author.force_login(alice, backend=settings.AUTHENTICATION_BACKENDS[0])
    response = author.get(post.get_absolute_url())
    assert ("A word below it." in response.text) == (expected != HIDDEN)


def test_the_count_in_a_list_says_what_readers_see(client, place):
    post, _comment, expected = place
    html = client.get("/").text
    listed = post.is_listed and post.kind == "post"
    assert (post.title in html) == listed
    assert ("2 comments" in html) == (listed and expected != HIDDEN)


def test_permalinks_branches_and_fragments_answer_or_are_not_found(client, place):
    _post, comment, expected = place
    root = comment.parent
    answers = {
        comment.get_absolute_url(): 302,
        f"{comment.get_absolute_url()}thread/": 200,
        f"{root.get_absolute_url()}after/{root.pk}/": 200,
    }
    for address, status in answers.items():
        assert client.get(address).status_code == (404 if expected == HIDDEN else status)


def test_forms_open_and_accept_comments_only_in_open_conversations(client, place):
    post, comment, expected = place
    for target in (post, comment):
        get = client.get(reply_url(target)).status_code
        sent = send(client, target, "One more word.").status_code
        assert (get, sent) == {SHOWN: (200, 302), CLOSED: (403, 409), HIDDEN: (404, 404)}[expected]
    assert Comment.objects.filter(body="One more word.").count() == 2 * (expected == SHOWN)


def test_feeds_leave_out_hidden_comments_and_the_main_feed_archived_posts_too(client, place):
    post, _comment, expected = place
    own = client.get(f"/posts/{post.slug}/comments/feed/")
    assert own.status_code == (404 if expected == HIDDEN else 200)
    assert ("A word below it." in own.text) == (expected != HIDDEN)
    everything = client.get("/comments/feed/").text
    listed = expected != HIDDEN and post.status != "archived"
    assert ("A word below it." in everything) == listed
    assert (post.title in everything) == listed


def test_the_rule_for_queries_agrees_with_the_rule_for_a_row(place):
    _post, comment, expected = place
    assert Comment.objects.public().filter(pk=comment.pk).exists() == (expected != HIDDEN)


@pytest.mark.parametrize(
    ("usual", "status"), [("open", Status.APPROVED), ("moderated", Status.PENDING)]
)
def test_a_post_with_the_default_mode_follows_the_settings(client, published_post, usual, status):
    ConversationSettings.objects.update(default_mode=usual)
    send(client, published_post())
    assert Comment.objects.get().status == status


@pytest.mark.parametrize("usual", ["closed", "hidden"])
def test_a_post_with_the_default_mode_is_closed_or_hidden_with_the_settings(
    client, published_post, usual
):
    comment = say(published_post())
    ConversationSettings.objects.update(default_mode=usual)
    assert send(client, comment.post).status_code == (409 if usual == "closed" else 404)
    seen = usual == "closed"
    assert (comment.body in client.get(comment.post.get_absolute_url()).text) == seen
    assert (comment.body in client.get("/comments/feed/").text) == seen
    assert Comment.objects.public().exists() == seen


def test_a_page_has_no_comments_whatever_the_default_mode(client, published_post):
    page = published_post(kind="page")
    say(page)
    for usual in USUAL_MODES:
        ConversationSettings.objects.update(default_mode=usual)
        assert 'id="comments"' not in client.get(page.get_absolute_url()).text
        assert not Comment.objects.public().exists()


def test_open_mode_publishes_a_guest_at_once(client, published_post):
    post = published_post(comment_mode="open")
    page = visit(client, send(client, post)["Location"])
    assert articles(page)[Comment.objects.get().pk].select_one(".waiting-note") is None
    assert page.select_one("#comments-title").text.strip() == "1 comment"


def test_moderated_mode_holds_known_writers_too(signed_in, bob, published_post):
    post = published_post(comment_mode="moderated")
    say(post, user=bob, name="")
    send(signed_in(bob), post, "Held all the same.")
    comment = Comment.objects.get(body="Held all the same.")
    assert (comment.status, comment.held_because) == (Status.PENDING, "moderated")


def test_conversations_close_after_so_many_days_and_never_by_default(
    client, published_post, time_machine
):
    post = published_post()
    comment = say(post)
    time_machine.move_to(timezone.now() + timedelta(days=4_000))
    assert send(client, post).status_code == 302
    ConversationSettings.objects.update(close_after_days=4_000)
    assert send(client, post).status_code == 409
    response = client.get(post.get_absolute_url())
    assert comment.body in response.text
    assert "Comments are closed, but you can still read them." in response.text


def test_the_closing_day_is_counted_from_the_publication(client, published_post, time_machine):
    ConversationSettings.objects.update(close_after_days=7)
    start = timezone.now()
    post = published_post(published_at=start)
    time_machine.move_to(start + timedelta(days=7, seconds=-60))
    assert send(client, post).status_code == 302
    time_machine.move_to(start + timedelta(days=7, seconds=1))
    assert send(client, post).status_code == 409


def test_a_scheduled_post_opens_its_conversation_when_it_is_due(
    client, published_post, time_machine
):
    due = timezone.now() + LATER
    comment = say(published_post(status="scheduled", published_at=due, comment_mode="open"))
    assert client.get(comment.get_absolute_url()).status_code == 404
    assert comment.body not in client.get("/comments/feed/").text
    time_machine.move_to(due + timedelta(seconds=1))
    assert client.get(comment.get_absolute_url()).status_code == 302
    assert comment.body in client.get("/comments/feed/").text
    assert send(client, comment).status_code == 302


def test_withdrawing_a_post_hides_its_conversation(client, published_post):
    comment = say(published_post())
    post = comment.post
    post.status = "draft"
    post.save()
    assert client.get(comment.get_absolute_url()).status_code == 404
    assert comment.body not in client.get("/comments/feed/").text


def test_ones_own_held_comments_are_hidden_with_their_conversation(client, published_post):
    post = published_post()
    send(client, post)
    post.comment_mode = "hidden"
    post.save()
    assert client.get(Comment.objects.get().get_absolute_url()).status_code == 404
    assert "A quiet word." not in client.get(post.get_absolute_url()).text


def test_a_list_reads_the_settings_once(client, published_post, without_page_cache):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/").status_code == 200
        return sum("conversationsettings" in query["sql"] for query in queries)

    published_post()
    published_post()
    assert asked() == 1


def test_every_mode_that_the_owner_can_choose_is_a_mode_of_posts():
    for usual in USUAL_MODES:
        assert ConversationSettings(default_mode=usual).usual_mode == usual
        assert policy.Mode(usual) is not policy.Mode.DEFAULT

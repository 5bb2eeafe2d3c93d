"""Rate checks: many comments from one place, repeated texts, many links."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import rate_limit
from comments.models import Comment, Reputation
from comments.moderation import decisions
from comments.posting import create
from comments.spam import submission
from comments.tree.status import QueuePriority, Status
from tests.comments.factories import say, stored
from tests.comments.http import send
from tests.comments.spam_checks import (
    TENDER,
    change_settings,
    found,
    give,
    is_held,
    is_public,
    newest,
)

pytestmark = pytest.mark.django_db
SEEN = "same text sent"


@pytest.fixture
def post(published_post):
    return published_post(comment_mode="open")


# -- how fast ----------------------------------------------------------------------------


@pytest.fixture
def one_moment():
    """A frozen clock, in the middle of a minute and of an hour."""
    noon = timezone.now().replace(minute=30, second=30)
    with time_machine.travel(noon, tick=False):
        yield


def many(client, post, count, **fields):
    """Send so many different comments; return the findings about each."""
    held = []
    for number in range(count):
        assert send(client, post, f"Number {number}, of one evening.", **fields).status_code == 302
        held.append((newest().queue_priority, found(newest()).get("rate")))
    return held


@pytest.mark.usefixtures("one_moment")
def test_a_lively_evening_passes_and_a_flood_goes_to_the_spam_lane(client, post, settings):
    settings.COMMENTS_A_MINUTE = 40  # one writer: 20
    held = many(client, post, 12)
    reason = "many comments from the same source in a short time"
    assert held[:5] == [(QueuePriority.USUAL, None)] * 5
    assert held[5:10] == [(QueuePriority.USUAL, reason)] * 5
    assert held[10:] == [(QueuePriority.SUSPECT, reason)] * 2


@pytest.mark.usefixtures("one_moment")
def test_far_too_many_comments_are_answered_with_a_request_to_wait(client, post, settings):
    settings.COMMENTS_A_MINUTE = 14
    many(client, post, 7)
    answer = send(client, post, "One more.")
    assert answer.status_code == 429
    assert "lot of activity from here. Please wait " in answer.text


@pytest.mark.usefixtures("one_moment")
def test_several_writers_behind_one_address_are_told_apart(client, post, settings):
    settings.COMMENTS_A_MINUTE = 60
    for name in ("Ada", "Wren", "Lark"):
        assert many(client, post, 4, name=name) == [(QueuePriority.USUAL, None)] * 4


@pytest.mark.usefixtures("one_moment")
def test_another_network_is_not_affected(client, post, settings):
    settings.COMMENTS_A_MINUTE = 40
    many(client, post, 12)
    client.post(
        f"/posts/{post.slug}/reply/",
        {"name": "Wren", "body": "From elsewhere."},
        REMOTE_ADDR="203.0.113.9",
    )
    assert "rate" not in found(newest())


def test_an_hour_later_nothing_is_held(client, post, settings):
    settings.COMMENTS_A_MINUTE = 40
    with time_machine.travel(timezone.now().replace(minute=30, second=30), tick=False):
        many(client, post, 8)
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        send(client, post, "Good morning.")
        assert is_public(newest())


def test_without_a_limit_nothing_is_held_and_reading_the_share_does_not_count(settings):
    settings.COMMENTS_A_MINUTE = 0
    assert rate_limit.used_share("here", None, "Ada") == 0
    settings.COMMENTS_A_MINUTE = 20
    for _ in range(30):
        assert rate_limit.used_share("here", None, "Ada") == 0
    assert not rate_limit.seconds_to_wait(
        "here", rate_limit.writer_key("here", SimpleNamespace(pk=None), "Ada")
    )


# -- repeated texts ----------------------------------------------------------------------


@pytest.mark.parametrize("again", [TENDER, TENDER.upper(), f"  {TENDER.replace(',', ' ')}!"])
def test_a_repeated_text_is_held_whoever_sends_it(client, post, again):
    send(client, post, TENDER)
    assert is_public(newest())
    send(client, post, again, name="Somebody else")
    assert is_held(newest(), "same-words")
    assert found(newest())["same-words"] == f"{SEEN} once before"


def test_a_text_repeated_many_times_goes_to_the_spam_lane(client, post, published_post):
    for _ in range(4):
        send(client, published_post(comment_mode="open"), TENDER)
    assert is_held(newest(), "same-words", queue_priority=QueuePriority.SUSPECT)
    assert found(newest())["same-words"] == f"{SEEN} at least 3 times before"


def test_a_repeated_text_that_was_spam_goes_to_the_spam_lane(client, post, mia):
    send(client, post, TENDER)
    decisions.decide([newest().pk], "spam", mia)
    send(client, post, TENDER, name="Another")
    assert is_held(newest(), "same-words", queue_priority=QueuePriority.SUSPECT)


@pytest.mark.parametrize("words", ["Thank you.", "❤️", "I have no words, only a hug."])
def test_short_texts_may_repeat(client, post, words):
    for name in ("Ada", "Wren", "Lark"):
        send(client, post, words, name=name)
        assert is_public(newest())


def test_a_short_text_with_a_link_is_recognised_again(client, post):
    change_settings(held_links=None)
    for name in ("Ada", "Wren"):
        send(client, post, "Look: https://shop.example/a", name=name)
    assert is_held(newest(), "same-words")


def test_other_texts_and_other_links_are_not_repetitions(client, post):
    send(client, post, TENDER)
    send(client, post, f"{TENDER} And thank you for the dog.")
    assert is_public(newest())


def test_after_a_month_a_text_is_forgotten(client, post):
    send(client, post, TENDER)
    Comment.objects.update(created_at=timezone.now() - timedelta(days=31))
    send(client, post, TENDER)
    assert is_public(newest())


def test_an_edit_is_compared_with_others_and_not_with_itself(client, post):
    send(client, post, "Something short.")
    first = newest()
    edit(client, first, TENDER)
    assert is_public(stored(first))
    edit(client, first, f"{TENDER}!")
    assert is_public(stored(first))
    send(client, post, "Something else.", name="Wren")
    edit(client, newest(), TENDER)
    assert is_held(stored(newest()), "same-words")
    assert newest().held_because == "edited"


def edit(client, comment, words):
    assert client.post(f"/comments/{comment.pk}/receipt/edit/", {"body": words}).status_code == 302


def test_only_hashes_are_stored_and_none_after_a_withdrawal(client, post):
    send(client, post, TENDER)
    kept = newest().same_words
    assert len(kept) == 32
    assert "mother" not in kept
    client.post(f"/comments/{newest().pk}/receipt/withdrawal/")
    assert newest().same_words is None
    send(client, post, TENDER, name="Wren")
    assert is_public(newest())


def test_the_hash_of_a_text_needs_the_secret_key(settings):
    before = submission.text_fingerprint(TENDER)
    settings.SECRET_KEY = "another key that is long enough to be one, for this test alone"
    assert submission.text_fingerprint(TENDER) != before


def test_two_equal_texts_at_the_same_moment_are_both_stored(post):
    """They do not see each other; the next one sees both."""
    answers = [create.Answer(post.pk, {"body": TENDER, "name": name}) for name in ("Ada", "Wren")]
    asked = [create.screen(answer, post, "", settings_row(), None) for answer in answers]
    assert [each.results for each in asked] == [(), ()]
    for answer in answers:
        create.post_comment(answer)
    assert Comment.objects.count() == 2


def settings_row():
    from comments.models import ConversationSettings

    return ConversationSettings.get()


@pytest.mark.both_databases
def test_a_big_table_costs_one_query_through_the_index(post):
    for number in range(30):
        say(post, body=f"{TENDER} {number}", same_words=f"{number:032}")
    twins = Comment.objects.filter(same_words="1" * 32, created_at__gte=timezone.now())
    if connection.vendor == "sqlite":
        assert "comment_same_words" in twins.values_list("status").explain()


# -- what an ordinary answer costs -------------------------------------------------------


def test_the_checks_cost_few_queries_and_none_of_them_under_the_lock(client, post, settings):
    parent = say(post)
    send(client, parent, "The first fills what is remembered.")
    counts = []
    for listed in (settings.COMMENT_CHECKS, []):
        settings.COMMENT_CHECKS = listed
        with CaptureQueriesContext(connection) as queries:
            send(client, parent, f"{TENDER} {len(listed)}")
        assert is_public(newest())
        counts.append(len(queries))
    with_checks, without = counts
    assert with_checks - without == 1
    reads = [query["sql"] for query in queries if 'FROM "blog_post"' in query["sql"]]
    assert len(reads) <= 4


# -- links -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("most", "links", "priority"),
    [
        (2, 1, None),
        (2, 2, QueuePriority.USUAL),
        (2, 6, QueuePriority.SUSPECT),
        (1, 1, QueuePriority.USUAL),
        (1, 3, QueuePriority.SUSPECT),
        (None, 9, None),
    ],
)
def test_the_owner_sets_the_limit_of_links(client, post, most, links, priority):
    change_settings(held_links=most)
    send(client, post, " ".join(f"https://{number}.example/a" for number in range(links)))
    if priority is None:
        assert is_public(newest())
    else:
        assert is_held(newest(), "links", queue_priority=priority)
        assert found(newest())["links"] == (f"{links} links" if links > 1 else "1 link")


def test_a_repeated_link_counts_once_and_links_to_this_blog_do_not_count(client, post):
    own = f"http://localhost{post.get_absolute_url()}"
    send(client, post, f"https://one.example https://one.example {own} {own}?page=2")
    assert is_public(newest())


def test_trusted_writers_may_send_many_links(signed_in, bob, post):
    give(Reputation.Kind.TRUSTED, bob)
    send(signed_in(bob), post, "https://a.example https://b.example")
    assert newest().status == Status.APPROVED

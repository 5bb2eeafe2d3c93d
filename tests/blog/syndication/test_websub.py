"""WebSub: the hub is notified of new posts, once each, by the worker."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
import time_machine

from blog.models import Blog
from blog.syndication import ping_queue, websub
from tests.blog.http_server import listening

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as travelling:
        yield travelling


@pytest.fixture
def server(db):
    with listening() as found:
        blog = Blog.get()
        blog.hub = found.address
        blog.save()
        yield found


def test_the_hub_is_notified_of_both_feeds_once(server, published_post, clock):
    published_post()
    assert websub.due_since() is not None
    websub.do_due()
    websub.do_due()
    feeds = ["http://localhost/feed/", "http://localhost/feed/json/"]
    (told,) = map(parse_qs, server.told)
    assert told == {"hub.mode": ["publish"], "hub.url": feeds}
    assert websub.due_since() is None


def test_the_hub_is_notified_of_new_posts_only(server, published_post, clock):
    post = published_post()
    websub.do_due()
    clock.shift(timedelta(hours=1))
    post.body = "<p>Other words.</p>"
    post.save()
    published_post(status="draft", published_at=NOON + timedelta(minutes=30))
    published_post(kind="page", published_at=NOON + timedelta(minutes=30))
    websub.do_due()
    assert len(server.told) == 1
    published_post(published_at=NOON + timedelta(minutes=40))
    websub.do_due()
    assert len(server.told) == 2


def test_the_hub_is_notified_when_a_scheduled_post_appears(server, published_post, clock):
    published_post(status="scheduled", published_at=NOON + timedelta(days=1))
    websub.do_due()
    assert server.told == []
    clock.shift(timedelta(days=1, seconds=1))
    assert websub.due_since() == NOON + timedelta(days=1)
    websub.do_due()
    assert len(server.told) == 1


def test_a_failing_hub_is_retried_later_and_finally_given_up(server, published_post, clock):
    server.status = 503
    published_post()
    websub.do_due()
    websub.do_due()
    assert len(server.told) == 1
    assert websub.due_since() is None
    clock.shift(timedelta(minutes=1, seconds=1))
    websub.do_due()
    assert len(server.told) == 2
    for _ in range(40):
        clock.shift(timedelta(hours=7))
        websub.do_due()
    assert len(server.told) == ping_queue.MOST_ATTEMPTS
    server.status = 200
    published_post(published_at=NOON + timedelta(days=1))
    websub.do_due()
    assert len(server.told) == ping_queue.MOST_ATTEMPTS + 1
    assert websub.due_since() is None


def test_a_hub_that_leads_elsewhere_is_not_followed(server, published_post, clock):
    server.status, server.location = 302, f"{server.address}private/"
    published_post()
    websub.do_due()
    assert server.asked == []
    clock.shift(timedelta(minutes=1, seconds=1))
    websub.do_due()  # the hub was not told, so it is tried again
    assert len(server.told) == 2


def test_an_unreachable_hub_stops_nothing_else(server, published_post, clock):
    server.end()
    published_post()
    websub.do_due()
    assert websub.due_since() is None


def test_without_a_hub_nothing_is_due(published_post, clock):
    published_post()
    websub.do_due()
    assert websub.due_since() is None

"""IndexNow: search engines hear of new and changed posts if the owner has switched it on."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from blog.models import Blog
from blog.syndication import indexnow, ping_queue
from comments.models import Comment
from config import due_work
from tests.blog.http_server import listening

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("blog.syndication.indexnow")]
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as travelling:
        yield travelling


@pytest.fixture
def service():
    """A listening service that the blog does not know yet."""
    with listening() as found:
        found.status = 202  # the protocol's answer for a key that is not checked yet
        yield found


@pytest.fixture
def told(service, clock):
    """The service an hour after the owner entered it."""
    blog = Blog.get()
    blog.indexnow = service.address
    blog.save()
    clock.shift(HOUR)
    return service


def addresses(service):
    return [json.loads(each)["urlList"] for each in service.told]


def test_nothing_is_sent_unless_the_owner_switched_it_on(client, published_post, service, clock):
    published_post()
    assert Blog.get().indexnow == ""
    assert indexnow.due_since() is None
    assert due_work.do_due() == []
    assert service.told == []
    assert client.get(f"/{indexnow.key()}.txt").status_code == 404


def test_a_new_post_is_announced_once_with_the_key_of_the_key_file(client, published_post, told):
    post = published_post(slug="see-für-mich")
    assert indexnow.due_since() is not None
    assert due_work.do_due() == []
    assert due_work.do_due() == []
    (message,) = map(json.loads, told.told)
    key = message["key"]
    assert message == {
        "host": "localhost",
        "key": key,
        "keyLocation": f"http://localhost/{key}.txt",
        "urlList": [f"http://localhost{post.get_absolute_url()}"],
    }
    answer = client.get(f"/{key}.txt")
    assert answer.text == key
    assert answer["Content-Type"].startswith("text/plain")
    assert client.get(f"/{'0' * 32}.txt").status_code == 404


def test_an_earlier_post_is_not_announced_until_its_text_changes(published_post, service, clock):
    old, page = published_post(), published_post(kind="page")
    blog = Blog.get()
    blog.indexnow = service.address
    blog.save()
    indexnow.do_due()
    assert service.told == []
    clock.shift(HOUR)
    page.body = "<p>Other words.</p>"
    page.save()
    Comment.objects.create(post=old, name="Ana", body="An answer.", status=Comment.Status.APPROVED)
    blog.save()  # saving the setting again announces nothing again
    indexnow.do_due()
    assert addresses(service) == [[f"http://localhost{page.get_absolute_url()}"]]


def test_a_scheduled_post_is_announced_when_it_appears_and_no_earlier(published_post, told, clock):
    published_post(status="scheduled", published_at=NOON + 5 * HOUR, slug="later")
    indexnow.do_due()
    assert told.told == []
    clock.shift(5 * HOUR)
    assert indexnow.due_since() == NOON + 5 * HOUR
    indexnow.do_due()
    assert addresses(told) == [["http://localhost/posts/later/"]]


def test_posts_hidden_from_search_engines_are_never_announced(published_post, told):
    published_post(noindex=True)
    published_post(status="draft")
    published_post(status="archived")
    indexnow.do_due()
    assert told.told == []


def test_a_failing_service_is_retried_later_and_finally_given_up(published_post, told, clock):
    told.status = 429
    published_post()
    indexnow.do_due()
    indexnow.do_due()
    assert len(told.told) == 1
    for _ in range(ping_queue.MOST_ATTEMPTS + 5):
        clock.shift(7 * HOUR)
        indexnow.do_due()
    assert len(told.told) == ping_queue.MOST_ATTEMPTS
    assert indexnow.due_since() is None

"""A page missing from the cache is rendered once, however many readers ask at that moment."""

import gzip

import pytest
from django.core.cache import caches
from django.test import Client

from comments.models import Comment
from comments.threads import fragment_cache
from config.caching import page_cache
from tests.threads import at_once

APPROVED = Comment.Status.APPROVED
READERS = 12


@pytest.fixture
def post(transactional_db, published_post):
    post = published_post(slug="lake", comment_mode="open")
    for name in ("Ana", "Ben", "Cleo"):
        Comment.objects.create(post=post, name=name, body="quiet words", status=APPROVED)
    return post


@pytest.fixture
def made(monkeypatch):
    """A list that grows with every page that is rendered."""
    found, original = [], page_cache.made_once

    def rendered(key, request, get_response):
        found.append(key)
        return original(key, request, get_response)

    monkeypatch.setattr(page_cache, "made_once", rendered)
    return found


def read_at_once(address):
    """Let READERS request a page at the same moment; return the bytes of their answers."""
    answers = at_once(*[lambda: Client().get(address)] * READERS)
    return [(answer.status_code, answer.content) for answer in answers]


def test_many_readers_of_a_cold_page_cause_one_rendering(post, made):
    answers = read_at_once("/posts/lake/")
    assert len(answers) == READERS
    assert {status for status, _content in answers} == {200}
    assert len({content for _status, content in answers}) == 1
    assert len(made) == 1


def test_after_a_failure_the_next_reader_tries_at_once(post, made, monkeypatch):
    client = Client(raise_request_exception=False)
    with monkeypatch.context() as broken:
        broken.setattr("comments.threads.page.conversation", lambda *args, **rest: 1 / 0)
        assert client.get("/posts/lake/").status_code == 500
    monkeypatch.setattr(page_cache.time, "sleep", lambda seconds: pytest.fail("it waited"))
    assert client.get("/posts/lake/").status_code == 200
    assert len(made) == 2


@pytest.fixture
def threads_made(monkeypatch):
    """A list that grows with every thread that is rendered for the cache."""
    found, original = [], fragment_cache.html_of

    def html_of(thread):
        found.append(thread.nodes[0].pk)
        return original(thread)

    monkeypatch.setattr(fragment_cache, "html_of", html_of)
    return found


def test_a_new_comment_renders_its_thread_again_and_reuses_the_others(client, post, threads_made):
    roots = list(Comment.objects.order_by("pk"))
    client.get("/posts/lake/")
    assert threads_made == [root.pk for root in roots]
    threads_made.clear()
    Comment.objects.create(post=post, parent=roots[1], name="Dan", body="yes", status=APPROVED)
    assert client.get("/posts/lake/").text.count("quiet words") == 3
    assert threads_made == [roots[1].pk]


def test_a_signed_in_reader_shares_the_cached_threads(client, signed_in, bob, post, threads_made):
    client.get("/posts/lake/")
    threads_made.clear()
    assert signed_in(bob).get("/posts/lake/").text.count("quiet words") == 3
    assert threads_made == []


@pytest.fixture
def kept(monkeypatch):
    """A list of all texts that are put into the cache, with pages as readers get them."""
    cache = caches["pages"]
    texts, original = [], cache.set

    def set_one(key, value, *args, **rest):
        texts.append(gzip.decompress(value.gzip).decode() if hasattr(value, "gzip") else str(value))
        return original(key, value, *args, **rest)

    def set_many(data, *args, **rest):
        for key, value in data.items():
            set_one(key, value, *args, **rest)

    monkeypatch.setattr(cache, "set", set_one)
    monkeypatch.setattr(cache, "set_many", set_many)
    return texts


def test_held_comments_are_never_put_into_the_cache(client, signed_in, bob, post, kept):
    root = Comment.objects.order_by("pk").first()
    Comment.objects.create(post=post, parent=root, user=bob, body="only mine")
    Comment.objects.create(post=post, user=bob, body="mine alone")
    own = signed_in(bob).get("/posts/lake/").text
    client.logout()
    everybodys = client.get("/posts/lake/").text
    for words in ("only mine", "mine alone"):
        assert words in own
        assert words not in everybodys
        assert not [text for text in kept if words in text]
    assert [text for text in kept if "quiet words" in text]

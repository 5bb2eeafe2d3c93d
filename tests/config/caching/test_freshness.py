"""Readers never see stale content: every change shows on the next request.

Each change is made the way people make it, between two requests of an anonymous reader. Two
workers are two local caches; one of them has the process cache in front of it."""

import math
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.mail import address_proofs
from accounts.models import Address
from blog.models import Blog, ChangeCounter, ContentNote, OldAddress, Post, Series, Tag
from blog.publishing import revisions
from comments.dashboard import breaks
from comments.guests import session
from comments.models import Comment, ConversationSettings, ReactionKind, ThreadCounter
from comments.moderation import content_notes, decisions
from comments.policy import Viewer
from comments.reactions import rules
from config.caching import cache_keys
from config.caching.process_cache import ProcessPageCache
from tests import settings as test_settings
from tests.blog.admin_http import change as desk_of
from tests.blog.admin_http import form
from tests.comments.http import reply_url, send

pytestmark = pytest.mark.both_databases(
    "blog.models.change_counter", "blog.models.settings", "config.caching.process_cache"
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
APPROVED, PENDING = Comment.Status.APPROVED, Comment.Status.PENDING


class Worker:
    """A worker process: its local cache, and its process cache in front of Django."""

    def __init__(self, name):
        self.name, self.shelf = name, ProcessPageCache(WSGIHandler())

    def get(self, path, **headers):
        test_settings.cache_namespace[0] = self.name
        environ = RequestFactory(headers=headers, SERVER_NAME="localhost").get(path).environ
        environ.pop("HTTP_COOKIE", None)
        said = {}
        body = self.shelf(environ, lambda status, head: said.update(status=status, headers=head))
        return said["status"], dict(said["headers"]), b"".join(body)

    def text(self, path):
        return self.get(path)[2].decode()


@pytest.fixture
def workers(transactional_db):
    return [Worker("one"), Worker("two")]


@pytest.fixture
def post(transactional_db, published_post, alice):
    return published_post(title="The lake", slug="lake", author=alice, comment_mode="open")


@pytest.fixture
def comment(post):
    return Comment.objects.create(post=post, name="Ana", body="first words", status=APPROVED)


def both(workers, path):
    texts = {worker.text(path) for worker in workers}
    assert len(texts) == 1
    return texts.pop()


def edit_text(post, comment, alice):
    post.body = "<p>changed text</p>"
    post.save()


def rename_author(post, comment, alice):
    alice.display_name = "Somebody new"
    alice.save()


def rename_tag(post, comment, alice):
    tag = Tag.objects.get()
    tag.name = "Somebody new"
    tag.save()


def answer(post, comment, alice):
    Comment.objects.create(post=post, parent=comment, name="Ben", body="an answer", status=APPROVED)


def approve(post, comment, alice):
    waiting = Comment.objects.get(name="Waiting")
    decisions.decide([waiting.pk], "approve", alice)


def remove(post, comment, alice):
    decisions.decide([comment.pk], "remove", alice)


def closed_by_default(post, comment, alice):
    row = ConversationSettings.get()
    row.default_mode, post.comment_mode = "closed", "default"
    row.save()
    post.save()


def new_title(post, comment, alice):
    row = Blog.get()
    row.title = "Another name"
    row.save()


def rename_note(post, comment, alice):
    note = ContentNote.objects.get(name="grief")
    note.name = "loss"
    note.save()


def put_note(post, comment, alice):
    content_notes.change(comment.pk, ContentNote.objects.get(name="illness").pk, alice)


def support(post, comment, alice):
    reader = session.Reader(Viewer(), "t" * 43)
    rules.give(comment.pk, ReactionKind.objects.first().pk, reader)


def no_more_support(post, comment, alice):
    reader = session.Reader(Viewer(), "u" * 43)
    rules.take_back(Comment.objects.get(name="Held").pk, ReactionKind.objects.first().pk, reader)


def no_kinds(post, comment, alice):
    for kind in ReactionKind.objects.all():
        kind.is_offered = False
        kind.save()


def menu(post, comment, alice):
    Post.objects.create(
        kind="page", title="About us", author=alice, status="published", in_menu=True
    )


def break_begins(post, comment, alice):
    breaks.begin_break(timezone.localdate() + timedelta(days=2), holds=True)


def archive(post, comment, alice):
    post.status = "archived"
    post.save()


def forget_address(post, comment, alice):
    """Delete a guest's address, as the owner does in the admin."""
    owner = Client()
    alice.is_staff = alice.is_superuser = True
    alice.save()
    owner.force_login(alice, "django.contrib.auth.backends.ModelBackend")
    key = Comment.objects.get(name="Rosa").verified_address_id
    assert owner.post(f"/admin/accounts/address/{key}/delete/", {"post": "yes"}).status_code == 302
    assert not Address.objects.filter(pk=key).exists()


def forget_addresses(post, comment, alice):
    Address.objects.filter(email="rosa@example.org").delete()


def publish_beside(post, comment, alice):
    hill = Post.objects.get(slug="hill")
    hill.status = "published"
    hill.save()


def rename_beside(post, comment, alice):
    shore = Post.objects.get(slug="shore")
    shore.title = "The other shore"
    shore.save()


def rename_series(post, comment, alice):
    walks = Series.objects.get()
    walks.title = "Long walks"
    walks.save()


def tag_beside(post, comment, alice):
    """Take a tag off another post, as an author does in the admin."""
    alice.is_staff = alice.is_superuser = True
    alice.save()
    desk = Client()
    desk.force_login(alice, "django.contrib.auth.backends.ModelBackend")
    old = Post.objects.get(slug="old")
    stays = {name: getattr(old, name) for name in ("title", "slug", "status", "published_at")}
    sent = form(**stays, author=old.author_id, tags="")
    assert desk.post(desk_of(old), sent).status_code == 302
    assert not old.tags.exists()


def restore_tags(post, comment, alice):
    """Restore an earlier version of another post, which had no tags."""
    old = Post.objects.get(slug="old")
    old.tags.clear()
    first = revisions.save_revision(old, alice)
    old.tags.set(Tag.objects.all())
    old.save()
    revisions.restore(first, alice, Post.objects.get(pk=old.pk).version)


def unlist_page(post, comment, alice):
    Post.objects.filter(slug="house").update(in_menu=False)


@pytest.mark.parametrize(
    "change",
    [
        break_begins,
        closed_by_default,
        menu,
        new_title,
        no_kinds,
        publish_beside,
        rename_author,
        rename_beside,
        rename_note,
        rename_series,
        rename_tag,
        restore_tags,
        tag_beside,
        unlist_page,
    ],
)
def test_a_signed_in_reader_sees_a_change_at_once_on_every_machine(
    signed_in, bob, published_post, post, comment, alice, change
):
    """Their page is private and made anew each time, from what each machine has cached."""
    water = Tag.objects.create(name="Water", slug="water")
    walks = Series.objects.create(title="Walks", slug="walks")
    for slug, more in (
        ("shore", {"series": walks}),
        ("hill", {"series": walks, "status": "draft"}),
        ("old", {}),
        ("house", {"kind": "page", "in_menu": True}),
    ):
        published_post(slug=slug, title=f"About {slug}", **more).tags.add(water)
    post.series = walks
    post.save()
    post.tags.add(water)
    content_notes.change(comment.pk, ContentNote.objects.get(name="grief").pk, alice)
    reader = signed_in(bob)

    def seen():
        texts = set()
        for machine in ("one", "two"):
            test_settings.cache_namespace[0] = machine
            texts.add(reader.get("/posts/lake/").text)
        [text] = texts
        return text

    before = seen()
    assert seen() == before
    change(post, comment, alice)
    after = seen()
    assert after != before
    assert seen() == after


@pytest.mark.parametrize("who", ["guest", "bob"])
def test_cached_data_expires_when_the_clock_alone_changes_it(
    client, signed_in, published_post, bob, who
):
    walks = Series.objects.create(title="Walks", slug="walks")
    with time_machine.travel(NOON, tick=False) as clock:
        published_post(slug="lake", series=walks, published_at=NOON)
        due = {"status": "scheduled", "published_at": NOON + timedelta(minutes=5)}
        published_post(title="About us", kind="page", in_menu=True, **due)
        published_post(title="The hill", series=walks, **due)
        reader = signed_in(bob) if who == "bob" else client
        early = reader.get("/posts/lake/").text
        clock.shift(timedelta(minutes=5))
        late = reader.get("/posts/lake/").text
    for title in ("About us", "The hill"):
        assert title not in early
        assert title in late


def test_nothing_of_a_draft_is_cached(signed_in, alice, published_post):
    draft = published_post(slug="new", status="draft")
    author = signed_in(alice)
    assert "Water" not in author.get("/posts/new/").text
    draft.tags.add(Tag.objects.create(name="Water", slug="water"))
    assert "Water" in author.get("/posts/new/").text
    draft.tags.clear()  # as an import does, without invalidating anything
    assert "Water" not in author.get("/posts/new/").text


def test_comments_are_accepted_by_the_state_of_the_database(client, published_post):
    post = published_post(comment_mode="default")
    ConversationSettings.objects.update(default_mode="open")
    assert client.get(reply_url(post)).status_code == 200
    ConversationSettings.objects.update(default_mode="moderated")  # and no counter is raised
    send(client, post, "Words that have to wait.")
    assert Comment.objects.get().status == PENDING


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (forget_address, "/posts/lake/"),
        (forget_addresses, "/posts/lake/"),
        (edit_text, "/posts/lake/"),
        (edit_text, "/feed/"),
        (rename_author, "/posts/lake/"),
        (rename_author, "/"),
        (rename_tag, "/posts/lake/"),
        (rename_tag, "/"),
        (answer, "/posts/lake/"),
        (answer, "/"),
        (answer, "/comments/feed/"),
        (approve, "/posts/lake/"),
        (remove, "/posts/lake/"),
        (remove, "/posts/lake/comments/feed/"),
        (closed_by_default, "/posts/lake/"),
        (new_title, "/posts/lake/"),
        (new_title, "/feed/"),
        (menu, "/posts/lake/"),
        (rename_note, "/posts/lake/"),
        (rename_note, "/"),
        (rename_note, "/feed/"),
        (rename_note, "/comments/feed/"),
        (put_note, "/posts/lake/"),
        (put_note, "/posts/lake/comments/feed/"),
        (support, "/posts/lake/"),
        (no_more_support, "/posts/lake/"),
        (no_kinds, "/posts/lake/"),
        (break_begins, "/"),
        (break_begins, "/posts/lake/"),
        (archive, "/"),
        (archive, "/posts/lake/"),
        (archive, "/sitemap.xml"),
    ],
)
def test_a_change_shows_on_the_next_request_of_every_worker(
    workers, post, comment, alice, change, path
):
    post.tags.add(Tag.objects.create(name="Water", slug="water"))
    Comment.objects.create(post=post, name="Waiting", body="not yet", status=PENDING)
    grief = ContentNote.objects.get(name="grief")
    Comment.objects.create(post=post, name="Cleo", body="x", status=APPROVED, content_note=grief)
    post.content_notes.add(grief)
    held = Comment.objects.create(post=post, name="Held", body="more words", status=APPROVED)
    address = address_proofs.get_or_create_address("rosa@example.org")
    fields = {"name": "Rosa", "body": "x", "status": APPROVED, "verified_address": address}
    Comment.objects.create(post=post, **fields)
    reader = session.Reader(Viewer(), "u" * 43)
    rules.give(held.pk, ReactionKind.objects.first().pk, reader)
    before = both(workers, path)
    assert both(workers, path) == before
    change(post, comment, alice)
    after = both(workers, path)
    assert after != before
    assert both(workers, path) == after


def test_a_scheduled_post_appears_by_the_clock_alone(workers, published_post):
    with time_machine.travel(NOON, tick=False) as clock:
        published_post(title="Tomorrow", status="scheduled", published_at=NOON + timedelta(days=1))
        assert "Tomorrow" not in both(workers, "/")
        clock.shift(timedelta(days=1, seconds=1))
        assert "Tomorrow" in both(workers, "/")


def test_a_conversation_closes_by_the_clock_alone(workers, published_post):
    with time_machine.travel(NOON, tick=False) as clock:
        row = ConversationSettings.get()
        row.close_after_days = 3
        row.save()
        published_post(slug="short", published_at=NOON, comment_mode="open")
        assert "Write a comment" in both(workers, "/posts/short/")
        clock.shift(timedelta(days=3, seconds=1))
        assert "Write a comment" not in both(workers, "/posts/short/")


@pytest.mark.parametrize("holds", [False, True])
def test_a_break_ends_by_the_clock_alone(workers, published_post, holds):
    with time_machine.travel(NOON, tick=False) as clock:
        published_post(slug="calm", comment_mode="open", published_at=NOON - timedelta(days=2))
        before = {path: both(workers, path) for path in ("/", "/posts/calm/")}
        breaks.begin_break(NOON.date() + timedelta(days=1), holds)
        for path in before:
            assert "Taking a break" in both(workers, path)
        clock.move_to(datetime(2026, 5, 4, 23, 59, 59, tzinfo=UTC), tick=False)
        for path in before:
            assert "Taking a break" in both(workers, path)
        clock.move_to(datetime(2026, 5, 5, tzinfo=UTC), tick=False)
        for path, text in before.items():
            assert both(workers, path) == text


def test_a_break_that_is_ended_early_is_over_at_once(workers, post, comment):
    before = both(workers, "/posts/lake/")
    breaks.begin_break(timezone.localdate() + timedelta(days=9), holds=False)
    assert "Taking a break" in both(workers, "/posts/lake/")
    breaks.end_break()
    assert both(workers, "/posts/lake/") == before


def test_a_renamed_note_is_renamed_in_cached_threads(client, signed_in, bob, post, comment):
    content_notes.change(comment.pk, ContentNote.objects.get(name="grief").pk, bob)
    here = signed_in(bob)  # renders the page anew each time, from cached threads
    assert "Content note: grief" in here.get("/posts/lake/").text
    rename_note(post, comment, bob)
    assert "Content note: loss" in here.get("/posts/lake/").text


def test_a_hit_costs_two_queries_at_most(client, post, comment, django_assert_max_num_queries):
    for path in ("/posts/lake/", "/", "/feed/"):
        client.get(path)
        with django_assert_max_num_queries(2):
            client.get(path)


def test_pages_in_the_process_cache_are_answered_without_django(workers, post, monkeypatch):
    workers[0].get("/posts/lake/")
    monkeypatch.setattr(workers[0].shelf, "application", None)
    status, headers, body = workers[0].get("/posts/lake/")
    assert status == "200 OK"
    assert b"The lake" in body
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert headers["Vary"] == "Cookie, Accept-Encoding"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("encoding", ["", "gzip", "br", "gzip;q=0, br", "identity"])
def test_the_process_cache_and_django_give_the_same_answer(workers, post, encoding):
    headers = {"accept-encoding": encoding} if encoding else {}
    first = workers[0].get("/posts/lake/", **headers)
    assert workers[0].get("/posts/lake/", **headers) == first
    assert first[1].get("Content-Encoding", "") == (
        "br" if "br" in encoding else "gzip" if encoding == "gzip" else ""
    )


def test_an_unchanged_page_answers_304(workers, post, comment):
    _status, headers, _body = workers[0].get("/posts/lake/")
    status, _headers, body = workers[0].get("/posts/lake/", **{"if-none-match": headers["ETag"]})
    assert (status, body) == ("304 Not Modified", b"")
    comment.post.touch()
    answer(post, comment, None)
    status, _headers, body = workers[0].get("/posts/lake/", **{"if-none-match": headers["ETag"]})
    assert status == "200 OK"
    assert b"an answer" in body


def test_unknown_query_parameters_make_no_new_cache_entry(client, post, django_assert_num_queries):
    page = client.get("/posts/lake/").content
    with django_assert_num_queries(1):
        assert client.get("/posts/lake/?utm=1&x=%00").content == page


def test_an_imported_post_number_redirects_even_if_the_first_page_is_cached(client, post):
    OldAddress.objects.create(path="/?p=12", post=post)
    assert client.get("/").status_code == 200
    assert client.get("/?p=12")["Location"] == "/posts/lake/"


def test_a_withdrawn_page_is_gone_at_once(workers, post):
    assert both(workers, "/posts/lake/")
    post.status = "draft"
    post.save()
    assert workers[0].get("/posts/lake/")[0].startswith("404")
    assert workers[1].get("/posts/lake/")[0].startswith("404")


def test_saving_a_stale_post_does_not_reset_its_comment_count(post, comment):
    old = Post.objects.get(pk=post.pk)
    answer(post, comment, None)
    old.title = "Another title"
    old.save()
    assert Post.objects.get(pk=post.pk).comment_count == 2
    assert ThreadCounter.objects.get(post=post).last == 1
    assert timezone.now() >= post.updated_at


def test_a_database_failure_is_left_to_django(workers, post, monkeypatch):
    def fails():
        raise connection.Database.OperationalError("gone")

    monkeypatch.setattr(workers[0].shelf, "read_state", fails)
    assert workers[0].get("/posts/lake/")[0] == "200 OK"


def test_a_reader_sees_everything_committed_before_their_request(workers, post):
    look, stopped = workers[0].shelf.read_state, threading.Event()

    def read_on():
        try:
            while not stopped.is_set():
                look()
        finally:
            connection.close()

    others = [threading.Thread(target=read_on) for _ in range(3)]
    for other in others:
        other.start()
    try:
        for _ in range(40):
            before = look()
            ChangeCounter.count()
            assert look() != before
    finally:
        stopped.set()
        for other in others:
            other.join()


@pytest.mark.parametrize("status", Post.Status.values)
def test_the_page_version_uses_the_same_clock_as_the_lists(
    db, published_post, status, time_machine
):
    """A post that comes due invalidates pages, and counts as the newest, by row and by page."""
    time_machine.move_to(NOON, tick=False)
    deleted = {"trashed_at": NOON} if status == "trash" else {}
    post = published_post(status=status, published_at=NOON + timedelta(hours=1), **deleted)
    before = cache_keys.site_version()
    assert before.until == (post.published_at.timestamp() if post.is_to_come else math.inf)
    time_machine.move_to(post.published_at, tick=False)
    assert (cache_keys.site_version().version != before.version) is post.is_listed

"""A restored backup, or another blog on the same Redis, never meets pages that are not its own.

The cache stays as it was while the database goes back, which is what a restore with Redis does."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import QuerySet

from comments.models import Comment
from config.caching import page_cache
from tests import database
from tests.conftest import PASSWORD
from tests.house.server import Site, Visitor

pytestmark = pytest.mark.both_databases

APPROVED = Comment.Status.APPROVED
GONE, NEW = "words that were purged", "the comment in its place"


class Backup:
    """All rows of the test database as they are now."""

    def __init__(self):
        self.rows = {
            model: list(QuerySet(model).order_by("pk").values())
            for model in apps.get_models(include_auto_created=True)
            if model._meta.managed and not model._meta.proxy
        }

    def restore(self):
        with transaction.atomic(), connection.constraint_checks_disabled():
            database.reset()
            for model, rows in self.rows.items():
                QuerySet(model).delete()
                QuerySet(model).bulk_create([model(**values) for values in rows])


@pytest.fixture
def post(transactional_db, published_post):
    post = published_post(slug="lake", comment_mode="open")
    Comment.objects.create(post=post, name="Ana", body="quiet words", status=APPROVED)
    return post


def say(post, words, **fields):
    return Comment.objects.create(post=post, name="Ben", body=words, status=APPROVED, **fields)


@pytest.mark.parametrize("as_reply", [False, True])
def test_after_a_restore_a_purged_comment_is_not_shown_in_place_of_a_new_one(
    client, signed_in, bob, post, as_reply
):
    first = Comment.objects.get()
    above = {"parent": first} if as_reply else {}
    backup = Backup()
    say(post, GONE, **above)
    assert GONE in client.get("/posts/lake/").text
    backup.restore()
    say(post, NEW, **above)
    assert signed_in(bob).get("/posts/lake/").text.count(NEW) == 1  # made anew, from cached threads
    client.logout()
    for address in ("/posts/lake/", "/posts/lake/news/?after=0&as=html", "/comments/feed/"):
        page = client.get(address).text
        assert NEW in page, address
        assert GONE not in page, address


@pytest.fixture
def overtaken(monkeypatch, post):
    """A page kept with a comment that was published after the page's version was read."""
    made_once = page_cache.made_once

    def overtaken(key, request, get_response):
        backup.append(Backup())
        say(post, GONE)
        return made_once(key, request, get_response)

    backup = []
    monkeypatch.setattr(page_cache, "made_once", overtaken)
    yield backup
    monkeypatch.undo()


def test_erasing_again_leaves_behind_every_page_that_was_kept(client, overtaken, monkeypatch):
    assert GONE in client.get("/posts/lake/").text
    monkeypatch.undo()
    overtaken[0].restore()
    call_command("erase_again")
    page = client.get("/posts/lake/").text
    assert "quiet words" in page
    assert GONE not in page


@pytest.fixture
def redis():
    if not settings.CACHE_URL:
        pytest.skip("CACHE_URL is not set: a restart empties the cache of a process")
    return settings.CACHE_URL


def change_text(folder, old, new):
    """Change the text of the posts, and no version: as if another database was put in place."""
    with closing(sqlite3.connect(folder / "hearth.sqlite3")) as stored, stored:
        stored.execute("UPDATE blog_post SET body = replace(body, ?, ?)", (old, new))


@pytest.mark.xdist_group("serving")
def test_a_start_leaves_behind_every_page_that_was_kept(data_folder, redis):
    site = Site(data_folder, CACHE_URL=redis, WORKERS="1")
    site.fill(slug="lake", password=PASSWORD)
    page = f"{site.url}/posts/lake/"
    for words in ("Still.", "Restored."):
        site.start()
        try:
            assert words in Visitor().page(page)
        finally:
            site.stop()
        change_text(data_folder, "Still.", "Restored.")


READ = """
import django
django.setup()
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from accounts import rate_limit
settings.ALLOWED_HOSTS = ["testserver"]
print(Client().get("/posts/lake/").text)
print("waits", rate_limit.count("visits", 3600, 1))
"""


@pytest.mark.parametrize("same_key", [False, True])
def test_two_blogs_on_one_redis_share_no_page(hearth, served_data, tmp_path, redis, same_key):
    for name in ("one", "two"):
        shutil.copytree(served_data / "static", tmp_path / name / "static")
        site = Site(tmp_path / name, CACHE_URL=redis)
        key = settings.SECRET_KEY + ("" if same_key else name)
        site.environment |= {"SECRET_KEY": key, "SITE_URL": "http://localhost"}
        site.fill(slug="lake", password=PASSWORD)
        change_text(tmp_path / name, "Still.", f"This is blog {name}.")
        done = hearth("-c", READ, **site.environment)
        assert f"This is blog {name}." in done.stdout, done.stderr
        assert same_key or "waits 0" in done.stdout

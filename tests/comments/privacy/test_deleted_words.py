"""Deleted words are in no file of the database soon after: neither in it nor in a backup."""

import random
import sqlite3
import subprocess
import threading
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts import heartbeat
from accounts.models import Mail, ScrubSchedule
from accounts.privacy import departure
from accounts.privacy.registry import DataSubject
from accounts.scrubbing import postgresql, schedule, sqlite
from blog.models import Post, PostRevision, SearchEntry
from blog.models.search_index import IndexedText
from comments.models import Comment, WriterNote
from comments.moderation import decisions, writers
from comments.posting import own_comments
from config import due_work
from config.caching import entry_stores
from tests.comments.factories import say

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases(
        "accounts.scrubbing.postgresql", "accounts.scrubbing.schedule", "accounts.scrubbing.sqlite"
    ),
]
ON_SQLITE = connection.vendor == "sqlite"
MARK = "quillfeather"
OTHERS = 12


@pytest.fixture
def post(published_post):
    return published_post(comment_mode="open")


@pytest.fixture(autouse=True)
def _a_schedule_that_is_due():
    make_due()
    make_small()


def make_due():
    """Make both steps due, as if nothing had been scrubbed for a day."""
    day = timezone.now() - timedelta(days=1)
    for step in schedule.Step:
        values = {"due_at": timezone.now() - timedelta(seconds=1), "done_at": day}
        ScrubSchedule.objects.update_or_create(step=step, defaults=values)


def make_small():
    """Give back what tests with thousands of rows left: large tables are not written anew."""
    if not ON_SQLITE:
        sizes = "SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables"
        for table, size in query(sizes):
            if size > postgresql.LARGEST / 32:
                query(f"VACUUM FULL {table}")


def run_due():
    """Do what is due, with statistics that PostgreSQL would have a second later."""
    if not ON_SQLITE:
        query("SELECT pg_stat_force_next_flush()")
    assert due_work.do_due() == []


def query(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def main_file():
    [path] = [Path(path) for _, name, path in query("PRAGMA database_list") if name == "main"]
    return path


def database_files():
    path = main_file()
    return list(path.parent.glob(f"{path.name}*"))


def files():
    """Yield the bytes of each file of the database."""
    if ON_SQLITE:
        yield from map(_bytes_of, database_files())
        return
    query("CHECKPOINT")
    for (content,) in query(
        "SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class "
        "WHERE relkind IN ('r', 'i', 't') AND NOT relisshared "
        "AND relnamespace IN ('public'::regnamespace, 'pg_toast'::regnamespace)"
    ):
        yield bytes(content)


def _bytes_of(path):
    """Return what is in a file of the database, read by another process.

    Once this one closes a file of its own, all of its locks on it are gone (POSIX), and the last
    process to leave the database takes away the log that is still in use here.
    """
    return subprocess.run(["cat", path], check=True, capture_output=True).stdout


def backup(folder):
    """Return the bytes of a fresh backup."""
    if ON_SQLITE:
        with closing(sqlite3.connect(folder / "backup.sqlite3")) as target:
            connection.connection.backup(target)
        return (folder / "backup.sqlite3").read_bytes()
    named = connection.settings_dict
    command = [
        "pg_dump",
        "-h",
        named["HOST"],
        "-p",
        str(named["PORT"] or 5432),
        "-U",
        named["USER"],
    ]
    password = {"PGPASSWORD": named["PASSWORD"], "PATH": "/usr/bin:/usr/local/bin"}
    return subprocess.run(
        [*command, named["NAME"]], check=True, capture_output=True, env=password
    ).stdout


def remains(mark=MARK):
    return any(mark.encode() in content.lower() for content in files())


# -- each way in which words go ----------------------------------------------------------


def withdrawn(post, mia):
    comment = say(post, name=MARK, email=f"{MARK}@example.org", body=f"A {MARK} of mine.")
    say(post, comment, body="An answer.")
    yield
    own_comments.withdraw(comment.pk)


def edited(post, mia):
    comment = say(post, body=f"A {MARK} of mine.")
    yield
    own_comments.edit(comment.pk, "Something else.")


def removed_and_forgotten(post, mia):
    comment = say(post, name="Wren", body=f"A {MARK} of mine.")
    decisions.decide([comment.pk], "remove", mia)
    yield
    Comment.objects.plain().filter(pk=comment.pk).update(created_at=_long_ago())
    query(f"UPDATE comments_moderationaction SET created_at = '{_long_ago():%Y-%m-%d}'")
    call_command("purge", stdout=StringIO())


def _long_ago():
    return timezone.now() - timedelta(days=60)


def purged(post, mia):
    comment = say(post, body=f"A {MARK} of mine.")
    yield
    Comment.objects.purge(Comment.objects.get(pk=comment.pk))


def disowned(post, mia):
    comment = say(post, name=MARK, email=f"{MARK}@example.org")
    yield
    own_comments.disown(comment.pk)


def erased(post, mia, person):
    user = person(MARK, bio=f"I am {MARK}.")
    say(post, user=user, name="", body=f"A {MARK} of mine.")
    yield
    departure.erase(DataSubject.from_user(user))


def a_post_deleted(post, mia):
    other = Post.objects.create(
        title=MARK, slug=MARK, author=post.author, body=f"<p>{MARK * 900}</p>", status="published",
        published_at=timezone.now(),
    )  # fmt: skip
    PostRevision.objects.create(post=other, kind="saved", fields={"body": MARK})
    yield
    other.delete()


def a_post_edited(post, mia):
    post.body = f"<p>The {MARK} was quite still.</p>"
    post.save()
    yield
    post.body = "<p>It was quite still.</p>"
    post.save()
    PostRevision.objects.all().delete()


def an_autosave_thrown_away(post, mia):
    fields = {"title": MARK, "body": MARK}
    draft = PostRevision.objects.create(post=post, kind="autosave", fields=fields)
    yield
    draft.delete()


def a_note_deleted(post, mia, person):
    comment = say(post, name="", user=person("carol"))
    writers.note(comment.pk, mia, f"More of {MARK}")
    yield
    WriterNote.objects.all().delete()


def a_mail_forgotten(post, mia):
    Mail.objects.create(name="x", to_address=f"{MARK}@example.org", due_at=timezone.now(),
                        sent_at=timezone.now(), written={"text": MARK}, arguments={})  # fmt: skip
    yield
    Mail.objects.all().delete()


def a_name_changed(post, mia):
    mia.display_name = MARK
    mia.save()
    yield
    mia.display_name = "Mia"
    mia.save()


WAYS = [
    withdrawn, edited, removed_and_forgotten, purged, disowned, erased, a_post_deleted,
    a_post_edited, an_autosave_thrown_away, a_note_deleted, a_mail_forgotten, a_name_changed,
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_deleted_words_are_in_no_file_and_no_backup(post, mia, person, tmp_path, way):
    for number in range(OTHERS):
        say(post, body=f"Words of others, number {number}, that stay.")
    needed = {"person": person} if "person" in way.__code__.co_varnames[:3] else {}
    steps = way(post, mia, **needed)
    next(steps)
    assert remains()
    assert next(steps, None) is None
    run_due()
    assert not remains()
    assert MARK.encode() not in backup(tmp_path).lower()
    assert remains("words of others")
    assert SearchEntry.objects.filter(kind="comment").count() >= OTHERS


def test_no_trace_of_many_edits_and_deletions_remains(post):
    """Rows grow, shrink and move between pages, and leave copies there."""
    dice, texts, gone = random.Random(7), {}, set()

    def words():
        return "".join(dice.choices("bcdfghjklmnpqrstvwxz", k=14))

    def new_text(comment):
        texts[comment.pk] = words()
        return f"{texts[comment.pk]} {' '.join(words() for _ in range(dice.randrange(90)))}"

    def store(comment, text):
        comment.body, comment.body_html = text, f"<p>{text}</p>"
        comment.save(update_fields=["body", "body_html"])
        SearchEntry.put("comment", [IndexedText(comment.pk, "", text, comment.created_at)])

    comments = []
    for _ in range(150):
        comment = say(post)
        store(comment, new_text(comment))
        comments.append(comment)
        again = dice.choice(comments)
        gone.add(texts[again.pk])
        store(again, new_text(again))
    for comment in dice.sample(comments, 60):
        gone.add(texts.pop(comment.pk))
        Comment.objects.purge(comment)
    run_due()
    content = b"".join(files())
    assert [text for text in gone if text.encode() in content] == []
    assert all(text.encode() in content for text in texts.values())
    assert set(SearchEntry.objects.values_list("key", flat=True)) >= texts.keys()
    if ON_SQLITE:
        query("INSERT INTO blog_searchwords(blog_searchwords) VALUES ('integrity-check')")


def purge_all():
    for comment in Comment.objects.all():
        Comment.objects.purge(comment)


def steps_done():
    return dict(ScrubSchedule.objects.values_list("step", "done_at"))


def test_what_was_scrubbed_is_left_alone_until_something_is_written(post):
    first = steps_done()
    for _ in range(6):  # PostgreSQL counts what the visits themselves wrote a little later
        make_due()
        ScrubSchedule.objects.update(done_at=timezone.now())
        before = steps_done()
        run_due()
        if steps_done() == before:
            break
    assert steps_done() == before != first


def test_the_next_time_is_not_before_the_pause_is_over(post, monkeypatch):
    monkeypatch.setitem(schedule.PAUSES, "words", 10**9)
    say(post, body=f"A {MARK} of mine.")
    say(post, body="Another.").delete()
    run_due()
    before = steps_done()
    rows = {row.step: row for row in ScrubSchedule.objects.all()}
    assert all(row.due_at - row.done_at >= schedule.LEAST[row.step] for row in rows.values())
    assert rows["words"].due_at - rows["words"].done_at == schedule.MOST
    purge_all()
    run_due()
    assert steps_done() == before
    assert remains()
    make_due()
    run_due()
    assert not remains()


def test_another_worker_has_the_claim(post):
    row = ScrubSchedule.objects.get(step="words")
    assert schedule.claimed(row)
    assert not schedule.claimed(row)


def test_nothing_is_scrubbed_inside_a_transaction(post):
    say(post, body=f"A {MARK} of mine.").delete()
    before = steps_done()
    with transaction.atomic():
        schedule.do_due()
        schedule.scrub()
    assert steps_done() == before


def test_a_step_that_takes_minutes_is_not_taken_for_stuck(post, monkeypatch):
    sign = threading.Event()
    monkeypatch.setattr(heartbeat, "beat", sign.set)
    monkeypatch.setattr(heartbeat, "SIGNS_EVERY", 0.01)

    def remove(seen, going):
        assert sign.wait(60)
        return seen

    for engine in (sqlite, postgresql):
        monkeypatch.setitem(engine.STEPS, "words", (lambda *args: True, remove))
    schedule.do_due()
    assert sign.is_set()


def test_a_failed_step_is_tried_again_later(post, monkeypatch):
    def fail(*args):
        raise OSError("no room left")

    for engine in (sqlite, postgresql):
        monkeypatch.setitem(engine.STEPS, "words", (lambda *args: True, fail))
    assert due_work.do_due() == ["accounts.scrubbing.schedule"]
    assert ScrubSchedule.objects.get(step="words").due_at > timezone.now()


def test_a_large_database_is_not_rewritten_but_by_the_command(post, monkeypatch):
    for engine in (sqlite, postgresql):
        monkeypatch.setattr(engine, "LARGEST", 0)
    comment = say(post, body=f"A {MARK} of mine.")
    Comment.objects.purge(comment)
    before = steps_done()
    run_due()
    assert steps_done()["traces"] == before["traces"]
    assert steps_done()["words"] > before["words"]
    call_command("purge", stdout=StringIO())
    assert steps_done()["traces"] > before["traces"]
    assert not remains()


@pytest.mark.skipif(not ON_SQLITE, reason="VACUUM of the whole database is SQLite's")
def test_a_larger_database_waits_until_the_machine_is_calm_and_the_disk_has_room(post, monkeypatch):
    monkeypatch.setattr(sqlite, "LARGEST_WHILE_BUSY", 0)
    long_ago = timezone.now() - timedelta(days=1)
    for load, free, remains_ in [(99.0, 10**12, False), (0.0, 10**12, True), (0.0, 1, False)]:
        monkeypatch.setattr("os.getloadavg", lambda load=load: (load, 0.0, 0.0))
        usage = SimpleNamespace(free=free)
        monkeypatch.setattr("shutil.disk_usage", lambda path, usage=usage: usage)
        assert sqlite.traces_remain({}, long_ago) is remains_


def test_a_dry_run_scrubs_nothing(post):
    say(post).delete()
    before = steps_done()
    call_command("purge", "--dry-run", stdout=StringIO())
    assert steps_done() == before


@pytest.mark.skipif(not ON_SQLITE, reason="segments are SQLite's")
def test_an_interrupted_merge_is_finished_by_the_next_one(post, monkeypatch):
    monkeypatch.setattr(sqlite, "PAGES", 1)
    dice = random.Random(3)
    for _ in range(60):
        text = " ".join("".join(dice.choices("bcdfghjklm", k=9)) for _ in range(60))
        say(post, body=f"{MARK} {text}")
    for comment in Comment.objects.all()[:30]:
        Comment.objects.purge(comment)
    left = iter([True] * 3)
    sqlite.remove_words({}, lambda: next(left, False))
    assert sqlite.words_remain({}, timezone.now())
    purge_all()
    assert sqlite.remove_words({}, lambda: True) == {}
    assert not sqlite.words_remain({}, timezone.now())
    blocks = query("SELECT block FROM blog_searchwords_data")
    assert not any(MARK.encode() in bytes(block) for (block,) in blocks)


@pytest.mark.skipif(not ON_SQLITE, reason="the log of SQLite")
def test_a_reader_does_not_stop_the_rest_and_the_log_is_truncated_after_them(post):
    path = main_file()
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM comments_comment").fetchone()
        say(post, body=f"A {MARK} of mine.").delete()
        run_due()
        assert sqlite.log_of(path).stat().st_size
    run_due()
    assert not sqlite.log_of(path).stat().st_size
    assert not remains()
    assert query("PRAGMA busy_timeout") == [(10_000,)]


@pytest.mark.skipif(ON_SQLITE, reason="locks of tables are PostgreSQL's")
def test_a_table_in_use_is_rewritten_later(post):
    say(post, body=f"A {MARK} of mine.").delete()
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("LOCK TABLE comments_comment IN ACCESS SHARE MODE")
            run_due()
            seen = ScrubSchedule.objects.get(step="traces").seen
            assert "comments_comment" not in seen
            assert "blog_searchentry" in seen
    finally:
        other.close()
    make_due()
    run_due()
    assert "comments_comment" in ScrubSchedule.objects.get(step="traces").seen
    assert not remains()
    assert query("SHOW lock_timeout") == [("0",)]


@pytest.mark.skipif(ON_SQLITE, reason="only PostgreSQL builds indexes anew")
@pytest.mark.parametrize("left", ["ccnew", "ccnew1", "ccnew27", "ccold", "ccold2"])
def test_what_interrupted_attempts_left_is_dropped_and_nothing_else(post, left):
    ours, theirs = f"blog_searchwords_{left}", "an_index_of_the_owner"
    for name in (ours, theirs):
        query(f"CREATE INDEX {name} ON blog_searchentry (key)")
        query(f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{name}'::regclass")
    before = indexes_of_search()
    say(post, body=f"A {MARK} of mine.").delete()
    run_due()
    assert before - indexes_of_search() == {ours}
    query(f"DROP INDEX {theirs}")


def indexes_of_search():
    return {
        name for (name,) in query("SELECT indexname FROM pg_indexes WHERE tablename LIKE 'blog_s%'")
    }


@pytest.mark.skipif(ON_SQLITE, reason="on SQLite, counters are in a file of their own")
def test_counting_is_no_reason_to_scrub(post):
    cache.count_many({"a": 60})
    query(f"UPDATE {entry_stores.TABLE} SET value = value")
    say(post, body=f"A {MARK} of mine.").delete()
    query("SELECT pg_stat_force_next_flush()")
    for remove in (postgresql.remove_words, postgresql.remove_traces):
        seen = remove({}, lambda: True)
        assert "comments_comment" in seen
        assert entry_stores.TABLE not in seen

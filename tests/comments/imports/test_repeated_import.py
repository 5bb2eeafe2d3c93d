"""Repeated imports: a newer export adds comments; decisions and changes made here stay."""

import pytest
from django.core.management import call_command

from blog.models import Post
from comments.models import Comment
from comments.moderation import decisions
from comments.tree.status import Status
from tests.blog.importing import everything
from tests.comments.import_command import blog, move, on_pages, refusal, says

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.imports.bulk_load")]


@pytest.fixture(autouse=True)
def _tree_is_right_afterwards(db):
    yield
    call_command("check_comment_tree")


def by_number(number):
    return Comment.objects.get(source_id=str(number))


def test_a_newer_export_adds_replies_in_their_place(tmp_path, client):
    move(blog(tmp_path, says(1), says(2, 1), says(4)))
    report = move(blog(tmp_path, says(1), says(2, 1), says(3, 2), says(4), says(5)))
    assert on_pages(client, Post.objects.get()) == {1: None, 2: 1, 3: 2, 4: None, 5: None}
    assert (report["counts"]["comments"]["new"], report["counts"]["comments"]["here"]) == (2, 3)


def test_a_partial_export_finds_missing_parents_here(tmp_path):
    move(blog(tmp_path, says(1)))
    report = move(blog(tmp_path, says(2, 1)))
    assert by_number(2).parent == by_number(1)
    assert report["problems"] == {}


def test_decisions_made_here_stay(tmp_path, mia):
    path = blog(tmp_path, says(1), says(2))
    move(path)
    decisions.decide([by_number(1).pk], decisions.Act.REMOVE, mia)
    before = everything()
    report = move(path)
    assert everything() == before
    assert by_number(1).status == Status.REMOVED
    assert report["counts"]["comments"]["changed"] == 1


def test_deleted_comments_are_not_imported_again_and_their_replies_move_up(tmp_path):
    move(blog(tmp_path, says(1), says(2, 1), says(4)))
    by_number(2).delete()
    by_number(4).delete()
    report = move(blog(tmp_path, says(1), says(2, 1), says(3, 2), says(4), says(5, 4)))
    assert by_number(3).parent == by_number(1)
    assert by_number(5).parent is None
    assert Comment.objects.count() == 3
    assert report["counts"]["comments"]["skipped"] == 2
    assert list(report["problems"].values()) == [["3 replies to 2", "5 replies to 4"]]


def test_comments_of_a_deleted_post_are_not_imported_again(tmp_path):
    path = blog(tmp_path, says(1))
    move(path)
    by_number(1).delete()
    Post.objects.get().delete()
    move(path)
    assert not Comment.objects.exists()


def test_a_failure_rolls_everything_back(tmp_path, settings, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "media"
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    (uploads / "a.gif").write_bytes(b"GIF89a" + bytes(20))
    picture = '<img src="https://old.example.org/wp-content/uploads/a.gif" alt="a">'
    path = blog(tmp_path, says(1), body=picture)
    monkeypatch.setattr("comments.imports.bulk_load.load", _fails)
    before = everything()
    with pytest.raises(ZeroDivisionError):
        move(path, "--media", str(uploads))
    assert {k: v for k, v in everything().items() if k != "counters"} == {
        k: v for k, v in before.items() if k != "counters"
    }
    assert not [file for file in (tmp_path / "media").rglob("*") if file.is_file()]


def _fails(_rows):
    return 1 / 0


@pytest.mark.parametrize("pair", ["alice", "=alice", "nobody=mia", "alice=nobody"])
def test_a_mapping_that_makes_no_sense_is_refused(tmp_path, mia, pair):
    assert refusal(blog(tmp_path, says(1)), "--author", pair).startswith("--author")
    assert not Post.objects.exists()


def test_an_import_without_new_comments_loads_nothing(tmp_path, monkeypatch):
    path = blog(tmp_path, says(1))
    move(path)
    monkeypatch.setattr("comments.imports.bulk_load.load", _fails)
    assert move(path)["counts"]["comments"]["here"] == 1

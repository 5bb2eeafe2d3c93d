"""Placement of imported comments, for odd and damaged conversations too."""

import pytest
from django.core.management import call_command

from blog.models import Post
from comments.models import Comment
from comments.tree.status import Status
from tests.blog.wxr_samples import export, item
from tests.comments.factories import say
from tests.comments.import_command import blog, move, on_pages, refusal, says

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.imports.bulk_load")]


@pytest.fixture(autouse=True)
def _tree_is_right_afterwards(db):
    yield
    call_command("check_comment_tree")


def tree():
    """Return ``{old number: old number of the parent}`` as stored."""
    rows = Comment.objects.select_related("parent", "reply_to")
    return {
        row.source_id: (answered := row.reply_to or row.parent) and answered.source_id
        for row in rows
    }


def test_parents_may_come_after_their_replies_in_the_file(tmp_path, client):
    move(blog(tmp_path, says(3, 2), says(2, 1), says(1)))
    assert on_pages(client, Post.objects.get()) == {1: None, 2: 1, 3: 2}


def test_orphans_and_odd_parents_become_threads_and_are_reported(tmp_path):
    report = move(
        blog(tmp_path, says(1, 99), says(2, 2), says(3, 4), says(4, 3), says(5), says(5, 1))
    )
    assert tree() == {"1": None, "2": None, "3": None, "4": "3", "5": None}
    names = [name for names in report["problems"].values() for name in names]
    assert sorted(names) == [
        "1 replies to 99",
        "2 replies to 2",
        "3 replies to 4",
        "5 replies to 1",
    ]
    assert report["counts"]["comments"]["skipped"] == 1


def test_pings_are_counted_and_skipped(tmp_path):
    ping = says(1, comment_type="pingback")
    report = move(blog(tmp_path, ping, says(2, 1), says(3, comment_type="order_note")))
    assert tree() == {"2": None}
    assert sorted(report["skipped"].values()) == [1, 1]


def test_replies_below_hidden_comments_stay_in_their_place(tmp_path, client):
    statuses = {1: 0, 2: "spam", 3: "trash", 4: 1}
    parts = [says(n, n - 1, comment_approved=status) for n, status in statuses.items()]
    move(blog(tmp_path, *parts))
    stored = dict(Comment.objects.values_list("source_id", "status"))
    assert stored == {
        "1": Status.PENDING,
        "2": Status.SPAM,
        "3": Status.REMOVED,
        "4": Status.APPROVED,
    }
    page = client.get(Post.objects.get().get_absolute_url()).content.decode()
    assert page.count("tombstone") == 3
    assert tree()["4"] == "3"
    assert Comment.objects.get(source_id="1").held_because == "imported"


def test_a_thousand_levels_of_replies_are_imported(tmp_path, client):
    report = move(blog(tmp_path, *(says(n, n - 1) for n in range(1, 1001))))
    assert on_pages(client, Post.objects.get()) == {n: n - 1 or None for n in range(1, 1001)}
    assert any("nesting limit" in kind for kind in report["texts"])


def test_two_thousand_replies_to_one_comment_are_imported(tmp_path):
    move(blog(tmp_path, says(1), *(says(n, 1) for n in range(2, 2101))))
    assert set(tree().values()) == {None, "1"}
    assert Post.objects.get().comment_count == 2100


def test_numbers_that_are_taken_here_become_anchors(tmp_path, client, published_post):
    mine = say(published_post())
    key = mine.pk
    move(blog(tmp_path, says(key), says(key + 1, key)))
    moved = Comment.objects.get(source_id=str(key))
    assert moved.pk > key + 1
    page = client.get(moved.post.get_absolute_url()).content.decode()
    assert f'id="comment-{key}"' in page
    assert Comment.objects.get(pk=key) == mine


def test_two_blogs_with_equal_numbers_do_not_collide(tmp_path):
    move(blog(tmp_path, says(1), says(2, 1)))
    move(blog(tmp_path, says(1), says(2, 1), address="https://other.example.net"))
    assert Comment.objects.count() == 4
    assert Comment.objects.filter(parent=None).count() == 2


def test_a_number_beyond_all_reason_does_not_use_up_the_counter(tmp_path, published_post):
    move(blog(tmp_path, says(2**63 - 1)))
    assert say(published_post()).pk < 2**40


@pytest.mark.parametrize(
    ("kind", "comment_status", "answer"),
    [("page", "open", True), ("page", "closed", False), ("post", "closed", False)],
)
def test_imported_comments_show_on_pages_and_closed_posts(
    tmp_path, client, kind, comment_status, answer
):
    move(blog(tmp_path, says(1), post_type=kind, comment_status=comment_status))
    page = client.get(Post.objects.get().get_absolute_url()).content.decode()
    assert 'id="comment-1"' in page
    assert ("/reply/" in page) is answer


def test_comments_of_skipped_items_are_counted(tmp_path):
    report = move(blog(tmp_path, says(1), says(2, 1), post_type="attachment"))
    assert report["counts"]["comments"] == {
        "found": 2,
        "new": 0,
        "here": 0,
        "changed": 0,
        "skipped": 2,
    }


def test_files_in_odd_encodings_are_read(tmp_path):
    path = blog(tmp_path, says(1, comment_author="Zoë"), encoding="iso-8859-1")
    move(path)
    assert Comment.objects.get().name == "Zoë"
    path.write_bytes(b"\xef\xbb\xbf" + blog(tmp_path, says(2, comment_author="יעל")).read_bytes())
    move(path)
    assert Comment.objects.get(source_id="2").name == "יעל"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"</item>", b"</itme>"),
        lambda data: b"",
        lambda data: b"hello",
        lambda data: b"<rss version='2.0'><channel><title>x</title></channel></rss>",
        lambda data: data.replace(b"<rss", b'<!DOCTYPE rss [<!ENTITY a "aa">]><rss', 1),
        lambda data: data.replace(b"<rss", b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss', 1),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path, spoil):
    path = blog(tmp_path, says(1))
    path.write_bytes(spoil(path.read_bytes()))
    assert refusal(path).endswith("Nothing was changed.")
    assert not Post.objects.exists()


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert "No such file" in refusal(tmp_path / "no.xml")
    assert "directory" in refusal(tmp_path)


def test_a_post_that_is_in_the_file_twice_has_its_comments_once(tmp_path):
    path = tmp_path / "export.xml"
    path.write_bytes(export(item(says(1), post_id=1), item(says(1), says(2, 1), post_id=1)))
    report = move(path)
    assert tree() == {"1": None, "2": "1"}
    counts = report["counts"]["comments"]
    assert (counts["found"], counts["new"], counts["skipped"]) == (3, 2, 1)


def test_a_number_on_two_posts_belongs_to_the_first(tmp_path):
    path = tmp_path / "export.xml"
    path.write_bytes(
        export(item(says(1), post_id=1), item(says(1), says(2, 1), post_id=2, post_name="b"))
    )
    report = move(path)
    assert tree() == {"1": None, "2": None}
    names = [name for names in report["problems"].values() for name in names]
    assert {"1 replies to 0", "2 replies to 1"} <= set(names)

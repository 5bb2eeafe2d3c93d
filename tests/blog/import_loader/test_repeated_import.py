"""A second import, a newer export, another blog: existing content is never overwritten."""

import pytest

from blog.models import Post
from tests.blog.importing import author, everything, move_in, post

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("blog.models.redirects")]


def test_a_second_run_changes_nothing():
    parts = [author("alice", "alice@example.com", "Alice"), post(terms=[("category", "a", "A")])]
    move_in(*parts)
    before = everything()
    report = move_in(*parts)
    assert everything() == before
    assert not any(counts["new"] for counts in report.counts.values())


def test_http_https_and_a_slash_mean_the_same_blog():
    move_in(post(), address="http://Old.example.org")
    move_in(post(), address="https://old.example.org/")
    assert Post.objects.get().source == "wordpress:old.example.org"


def test_two_blogs_with_equal_numbers_never_collide():
    move_in(post())
    report = move_in(post(), address="https://other.example.net/blog")
    assert sorted(Post.objects.values_list("source", "slug")) == [
        ("wordpress:old.example.org", "post-1"),
        ("wordpress:other.example.net/blog", "post-1-2"),
    ]
    assert report.counts["old addresses"]["skipped"]


def test_local_changes_are_never_overwritten():
    move_in(post(title="Old"))
    changed = Post.objects.get()
    changed.title = "New"
    changed.save()
    report = move_in(post(title="Old"), post(post_id=2))
    assert Post.objects.get(pk=changed.pk).title == "New"
    assert report.counts["posts"]["changed"] == 1
    assert report.counts["posts"]["new"] == 1


def test_changes_on_the_old_blog_are_reported():
    move_in(post(title="Old", post_modified_gmt="2015-01-01 00:00:00"))
    report = move_in(post(title="Newer", post_modified_gmt="2016-01-01 00:00:00"))
    assert Post.objects.get().title == "Old"
    assert list(report.problems.values()) == [["1 Newer"]]


def test_posts_deleted_here_are_not_imported_again():
    move_in(post())
    Post.objects.get().delete()
    report = move_in(post())
    assert not Post.objects.exists()
    assert report.counts["posts"]["skipped"] == 1


def test_a_dry_run_writes_nothing_and_says_the_same():
    parts = [author("alice"), post(terms=[("category", "a", "A")])]
    before = {name: rows for name, rows in everything().items() if name != "counters"}
    dry = move_in(*parts, dry_run=True)
    after = {name: rows for name, rows in everything().items() if name != "counters"}
    assert after == before
    assert list(dry.lines()) == list(move_in(*parts).lines())


def test_an_item_that_is_in_the_file_twice_is_imported_once():
    report = move_in(post(title="First"), post(title="Second"))
    assert Post.objects.get().title == "First"
    assert report.counts["posts"]["skipped"] == 1

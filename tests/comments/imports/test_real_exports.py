"""Real exports imported whole: counts, pages and trees match the files."""

import pytest
from django.core.management import call_command

from blog.models import Post
from comments.models import Comment
from comments.tree.status import Status
from tests.blog.importing import everything
from tests.blog.wxr_samples import expected, real_exports
from tests.comments.import_command import move, on_pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.imports.bulk_load")]
STATES = {"approved": Status.APPROVED, "pending": Status.PENDING}


@pytest.fixture(params=["theme-unit-test.xml", "comprehensive.xml"])
def name(request):
    return request.param


@pytest.fixture
def path(name):
    return real_exports() / name


def talk(name):
    return [each for each in expected(name)["comments"] if each["type"] == "comment"]


def test_the_report_counts_what_is_in_the_file(name, path):
    report, counts = move(path), expected(name)["counts"]
    assert {key: report["file"][key] for key in counts} == counts
    for row in ("posts", "pages", "comments"):
        assert report["counts"][row]["found"] == report["counts"][row]["new"] == counts[row]
    assert Post.objects.posts().count() == counts["posts"]
    assert Post.objects.pages().count() == counts["pages"]
    assert Comment.objects.count() == counts["comments"]


def test_every_published_post_and_page_renders(path, client):
    move(path)
    for post in Post.objects.filter(status="published"):
        assert client.get(post.get_absolute_url()).status_code == 200, post.slug
    for post in Post.objects.exclude(status="published"):
        assert client.get(post.get_absolute_url()).status_code == 404, post.slug


def test_the_trees_on_the_pages_are_those_of_the_file(name, path, client):
    move(path)
    locked = Post.objects.filter(status="draft").exclude(published_at=None)  # it had a password
    locked.update(status="published")
    wanted = {
        int(each["id"]): int(each["parent"]) or None
        for each in talk(name)
        if each["status"] == "approved"
    }
    shown = {}
    for key in {each["post"] for each in talk(name)}:
        shown |= on_pages(client, Post.objects.get(source_id=key))
    assert shown == wanted


def test_every_comment_keeps_its_number_status_date_and_post(name, path):
    move(path)
    call_command("check_comment_tree")
    for each in talk(name):
        comment = Comment.objects.select_related("post").get(pk=each["id"])
        assert comment.source_id == each["id"]
        assert comment.post.source_id == each["post"]
        assert comment.status == STATES[each["status"]]
        assert f"{comment.created_at:%Y-%m-%d %H:%M:%S}" == each["date_gmt"]


def test_a_second_run_changes_nothing(path):
    move(path)
    before = everything()
    report = move(path)
    assert everything() == before
    assert not any(counts["new"] for counts in report["counts"].values())


def test_a_dry_run_writes_nothing(path):
    def rows():
        return {model: rows for model, rows in everything().items() if model != "counters"}

    before = rows()
    dry = move(path, "--dry-run")
    assert rows() == before
    assert dry == move(path)


def test_old_permalinks_lead_to_the_posts(path, client):
    move(path)
    for post in Post.objects.filter(status="published"):
        answer = client.get(f"/?p={post.source_id}")
        assert (answer.status_code, answer["Location"]) == (301, post.get_absolute_url())

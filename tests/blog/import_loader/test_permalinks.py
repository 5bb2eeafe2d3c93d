"""Permalinks of an imported blog keep working."""

import pytest

from blog.models import OldAddress, Post
from tests.blog.importing import move_in, post
from tests.blog.wxr_samples import ADDRESS

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("blog.import_loader")]


@pytest.mark.parametrize(
    "path",
    [
        "/2014/03/01/a-post/",
        "/2014/03/01/a-post",
        "/2014/03/01/a-post/comment-page-2/",
        "/?p=7",
        "/?page_id=7",
        "/archives/7",
    ],
)
def test_an_old_permalink_answers_with_301(client, path):
    link, guid = f"{ADDRESS}/2014/03/01/a-post/", f"{ADDRESS}/archives/7"
    move_in(post(post_id=7, post_name="a-post", link=link, guid=guid))
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (301, "/posts/a-post/")


def test_percent_encoded_permalinks_are_found(client):
    move_in(post(post_name="%e3%81%93", link=f"{ADDRESS}/2014/%e3%81%93/"))
    assert client.get("/2014/%E3%81%93/").status_code == 301


def test_an_address_of_another_host_is_not_taken_for_ours():
    move_in(post(guid="https://elsewhere.example.net/thing/"))
    assert not OldAddress.objects.filter(path="/thing").exists()


def test_a_copied_guid_does_not_take_another_posts_number(client):
    move_in(post(post_id=2, guid=f"{ADDRESS}/?p=1"), post(post_id=1))
    assert client.get("/?p=1")["Location"] == Post.objects.get(source_id="1").get_absolute_url()


def test_addresses_that_already_lead_elsewhere_are_left_alone_and_reported(alice):
    mine = Post.objects.create(title="Mine", author=alice)
    OldAddress.objects.create(path="/2014/x", post=mine)
    report = move_in(post(link=f"{ADDRESS}/2014/x/"))
    assert OldAddress.objects.get(path="/2014/x").post == mine
    assert ["/2014/x"] in report.problems.values()


@pytest.mark.parametrize("link", [f"{ADDRESS}/", "", "http://[", f"{ADDRESS}/%00", "x" * 2000])
def test_an_unusable_address_is_skipped(link):
    move_in(post(link=link))
    assert set(OldAddress.objects.values_list("path", flat=True)) == {"/?p=1", "/?page_id=1"}

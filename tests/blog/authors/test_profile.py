"""The public profile page of an author lists what they wrote for the blog."""

import pytest
from bs4 import BeautifulSoup

from accounts.models import User
from blog.authors import profile
from tests.comments.factories import say

pytestmark = pytest.mark.django_db


def titles(client, address):
    page = BeautifulSoup(client.get(address).content, "html.parser")
    return [link.text for link in page.select("section .titles a")]


@pytest.fixture
def public(alice):
    User.objects.filter(pk=alice.pk).update(is_public=True)
    return f"/people/{alice.username}/"


def test_an_authors_page_lists_what_readers_can_read(client, public, published_post, bob):
    published_post(title="A walk")
    published_post(title="Not yet", status="draft")
    published_post(title="About me", kind="page")
    published_post(title="By somebody else", author=bob)
    assert titles(client, public) == ["A walk"]


def test_of_many_posts_the_newest_are_listed_and_the_archive_has_the_rest(
    client, public, published_post, monkeypatch
):
    monkeypatch.setattr(profile, "SHOWN", 1)
    published_post(title="A walk")
    published_post(title="Another walk")
    assert titles(client, public) == ["Another walk"]
    assert "/archive/" in client.get(public).text.partition("<footer")[0].partition("<main")[2]


def test_further_pages_of_somebodys_comments_do_not_repeat_their_posts(
    client, public, published_post, alice
):
    post = published_post(title="A walk")
    for _ in range(26):
        say(post, user=alice)
    assert titles(client, f"{public}?page=2") == []


def test_the_name_at_a_post_leads_to_a_page_that_is_public(client, public, published_post, alice):
    address = published_post().get_absolute_url()
    link = f'<a class="p-author h-card" href="{public}">'
    assert link in client.get(address).text
    alice = User.objects.get(pk=alice.pk)
    alice.is_public = False
    alice.save()
    assert link not in client.get(address).text

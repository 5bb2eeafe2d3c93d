"""Ids in feeds never change, whatever happens to the domain."""

import json
from xml.etree import ElementTree as ET

import pytest

from blog.models import Blog, Tag
from tests.comments.factories import say

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
IN_REPLY_TO = "{http://purl.org/syndication/thread/1.0}in-reply-to"
FEEDS = ("/feed/", "/tags/water/feed/", "/comments/feed/", "/posts/{slug}/comments/feed/")


@pytest.fixture
def post(published_post):
    post = published_post()
    post.tags.add(Tag.objects.create(name="Water", slug="water"))
    say(post, parent=say(post))
    return post


def ids_of(client, post):
    """Return the ids in all feeds: of the feeds, their entries, and what entries answer."""
    found = [item["id"] for item in json.loads(client.get("/feed/json/").content)["items"]]
    for path in FEEDS:
        feed = ET.fromstring(client.get(path.format(slug=post.slug)).content)
        found += [each.text for each in feed.iter(f"{ATOM}id")]
        found += [each.get("ref") for each in feed.iter(IN_REPLY_TO)]
    return found


def test_no_id_follows_the_domain(client, post, settings):
    before = ids_of(client, post)
    assert len(before) == 1 + 2 + 2 + 5 + 5
    assert all(each.startswith("tag:") for each in before)
    assert len(set(before)) == 4 + 3  # four feeds; a post and two comments
    for domain in ("https://www.example.org", "https://example.org", "http://localhost:8000"):
        settings.SITE_URL = domain
        Blog.get().save()  # a change of settings takes pages out of the cache
        assert ids_of(client, post) == before


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.example.org", "www.example.org"),
        ("https://Example.org:8443/blog", "example.org"),
        ("http://[::1]:8000", "::1"),
    ],
)
def test_a_blog_keeps_the_host_that_it_began_with(client, post, settings, address, host):
    # As a new blog and the migration of an older one do.
    settings.SITE_URL = address
    Blog.objects.update(tag_authority=Blog._meta.get_field("tag_authority").get_default())
    settings.SITE_URL = "https://elsewhere.example"
    assert {each.split(",")[0] for each in ids_of(client, post)} == {f"tag:{host}"}

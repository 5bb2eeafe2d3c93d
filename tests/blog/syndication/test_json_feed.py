"""The JSON Feed matches the Atom feed; both name the hub and the language of a post."""

import json
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import Blog, Tag

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def feed(client):
    answer = client.get("/feed/json/")
    assert answer["Content-Type"] == "application/feed+json; charset=utf-8"
    return json.loads(answer.content)


def test_an_item_carries_the_whole_post(client, published_post):
    post = published_post(
        title="Quiet <b> & more",
        excerpt="Short & <plain>",
        body='<p>A <a href="/about/">link</a>.</p>',
        language="de",
    )
    post.tags.add(Tag.objects.create(name="Water", slug="water"))
    found = feed(client)
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert found["home_page_url"] == "http://localhost/"
    assert found["feed_url"] == "http://localhost/feed/json/"
    [item] = found["items"]
    assert item == {
        "id": post.atom_id,
        "url": f"http://localhost{post.get_absolute_url()}",
        "title": "Quiet <b> & more",
        "summary": "Short & <plain>",
        "content_html": '<p>A <a href="http://localhost/about/">link</a>.</p>',
        "date_published": post.published_at.isoformat(),
        "date_modified": post.updated_at.isoformat(),
        "authors": [{"name": "Alice"}],
        "tags": ["Water"],
        "language": "de",
    }


def test_control_characters_are_left_out(client, published_post):
    post = published_post(title="Bell\x07 and \ufffe", excerpt="a\x0bb")
    post.tags.add(Tag.objects.create(name="\x02tag", slug="t"))
    [item] = feed(client)["items"]
    assert (item["title"], item["summary"], item["tags"]) == ("Bell and ", "ab", ["tag"])


def test_an_empty_feed_is_valid(client):
    assert feed(client)["items"] == []


def test_posts_that_no_list_shows_are_in_no_feed(client, published_post):
    for fields in ({"status": "draft"}, {"status": "archived"}, {"kind": "page"}):
        published_post(**fields)
    published_post(status="scheduled", published_at=timezone.now() + timedelta(days=1))
    assert feed(client)["items"] == []


def test_every_page_links_the_feed_and_an_unchanged_one_answers_304(client, published_post):
    published_post()
    assert 'type="application/feed+json"' in client.get("/").text
    first = client.get("/feed/json/")
    again = client.get("/feed/json/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    published_post()
    assert client.get("/feed/json/", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_the_hub_is_named_where_the_owner_set_one(client, published_post):
    post = published_post(language="de")
    assert "hubs" not in feed(client)
    blog = Blog.get()
    blog.hub = "https://hub.example.org/?a=1&b=2"
    blog.save()
    assert feed(client)["hubs"] == [{"type": "WebSub", "url": blog.hub}]
    atom = ET.fromstring(client.get("/feed/").content)
    links = {link.get("rel"): link.get("href") for link in atom.findall(f"{ATOM}link")}
    assert links["hub"] == blog.hub
    assert links["self"] == "http://localhost/feed/"
    assert atom.find(f"{ATOM}entry").get(LANG) == "de"
    post.language = ""
    post.save()
    atom = ET.fromstring(client.get("/feed/").content)
    assert atom.find(f"{ATOM}entry").get(LANG) is None

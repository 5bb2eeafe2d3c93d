"""Atom feeds against RFC 4287, section 4, and RFC 4685 for replies."""

from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.utils import timezone

from blog.models import Blog, Post, Tag

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
THREAD = "{http://purl.org/syndication/thread/1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"


@pytest.fixture
def lake():
    return Tag.objects.create(name="Am See & <mehr>", slug="am-see")


def feed_at(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.content)


def entries(client, address="/feed/"):
    return feed_at(client, address).findall(f"{ATOM}entry")


def text(element, name):
    return element.findtext(f"{ATOM}{name}")


def links(element, rel):
    return [link for link in element.findall(f"{ATOM}link") if link.get("rel") == rel]


def check_required(element, own_author):
    """What RFC 4287 asks of a feed (4.1.1) and of an entry (4.1.2), as far as we use it."""
    for name in ("id", "title", "updated"):
        assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert text(element, name)
    assert datetime.fromisoformat(text(element, "updated")).tzinfo
    assert len(links(element, "alternate")) == 1
    assert all(
        link.get("href").startswith("http://localhost/") for link in links(element, "alternate")
    )
    if own_author:
        assert element.find(f"{ATOM}author/{ATOM}name").text


@pytest.mark.parametrize("address", ["/feed/", "/tags/am-see/feed/"])
def test_a_feed_has_all_that_the_standard_asks_for(client, published_post, lake, address):
    for _ in range(3):
        published_post().tags.add(lake)
    feed = feed_at(client, address)
    check_required(feed, own_author=False)
    assert links(feed, "self")[0].get("href") == f"http://localhost{address}"
    found = feed.findall(f"{ATOM}entry")
    assert len(found) == 3
    for entry in found:
        check_required(entry, own_author=True)
    assert len({text(entry, "id") for entry in found}) == 3


def test_an_entry_carries_the_whole_post(client, published_post, lake):
    post = published_post(
        title="Tea & “quiet” <3",
        body='<p>Quite <em>still</em>. <a href="/about/">Me</a> <img src="/media/a.jpg" alt=""></p>'
        '<p>He wrote href="/x" by hand. <a href="https://example.org/y">Y</a></p>',
        excerpt="Tea & <quiet>",
    )
    post.tags.add(lake)
    entry = entries(client)[0]
    assert text(entry, "title") == "Tea & “quiet” <3"
    assert text(entry, "summary") == "Tea &amp; &lt;quiet&gt;"
    assert entry.find(f"{ATOM}author/{ATOM}name").text == "Alice"
    assert entry.find(f"{ATOM}category").get("term") == "Am See & <mehr>"
    content = entry.find(f"{ATOM}content")
    assert content.get("type") == "html"
    assert "<em>still</em>" in content.text
    assert 'href="http://localhost/about/"' in content.text
    assert 'src="http://localhost/media/a.jpg"' in content.text
    assert 'He wrote href="/x" by hand.' in content.text
    assert 'href="https://example.org/y"' in content.text
    assert content.get(f"{XML}base") == f"http://localhost{post.get_absolute_url()}"


def test_the_id_of_an_entry_never_changes(client, published_post):
    post = published_post()
    name = text(entries(client)[0], "id")
    day = timezone.now().date().isoformat()
    assert name == f"tag:localhost,{day}:post/{post.pk}"
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        post.title, post.slug, post.published_at = "Another", "another", timezone.now()
        post.save()
        assert text(entries(client)[0], "id") == name


def test_an_edit_changes_the_date_and_a_comment_does_not(client, published_post):
    post = published_post()
    before = text(entries(client)[0], "updated")
    later = timezone.now() + timedelta(days=2)
    with time_machine.travel(later, tick=False):
        post.touch(comments=1)
        assert text(entries(client)[0], "updated") == before
        post.save()  # as archiving and publishing again do: no word changes
        assert text(entries(client)[0], "updated") == before
        post.body = "<p>Other words.</p>"
        post.save()
        assert datetime.fromisoformat(text(entries(client)[0], "updated")) == later


def test_only_published_posts_are_in_a_feed(client, published_post, lake):
    shown = published_post()
    hidden = [
        published_post(status="draft"),
        published_post(status="archived"),
        published_post(status="scheduled", published_at=timezone.now() + timedelta(days=1)),
        published_post(kind="page"),
    ]
    for post in [shown, *hidden]:
        post.tags.add(lake)
    for address in ("/feed/", "/tags/am-see/feed/"):
        assert [text(entry, "title") for entry in entries(client, address)] == [shown.title]


def test_a_tags_feed_holds_its_posts_alone(client, published_post, lake):
    inside, _outside = published_post(), published_post()
    inside.tags.add(lake)
    assert [text(e, "title") for e in entries(client, "/tags/am-see/feed/")] == [inside.title]
    assert client.get("/tags/nowhere/feed/").status_code == 404


def test_an_empty_feed_is_valid_and_stays_the_same(client):
    first = client.get("/feed/").content
    check_required(ET.fromstring(first), own_author=False)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert client.get("/feed/").content == first


def test_characters_that_xml_forbids_break_no_feed(client, published_post, lake):
    blog = Blog.get()
    blog.title = "The \x0bLight"
    blog.save()
    post = published_post(title="Bell\x07 and \ufffe", excerpt="\x1f", body="<p>a\x0cb\x01c</p>")
    post.tags.add(Tag.objects.create(name="\x02tag", slug="t"))
    entry = entries(client)[0]
    assert text(entry, "title") == "Bell and "
    assert entry.find(f"{ATOM}category").get("term") == "tag"


def test_the_feed_speaks_the_blogs_language(client):
    blog = Blog.get()
    blog.language = "de"
    blog.save()
    assert feed_at(client, "/feed/").get(f"{XML}lang") == "de"


def test_an_entry_says_where_its_replies_are_and_how_many(client, published_post):
    post = published_post(slug="quiet")
    Post.objects.filter(pk=post.pk).update(comment_count=3)
    (replies,) = links(entries(client)[0], "replies")
    assert replies.get("type") == "application/atom+xml"
    assert replies.get(f"{THREAD}count") == "3"
    assert replies.get("href") == "http://localhost/posts/quiet/comments/feed/"


def test_a_hidden_conversation_has_no_replies(client, published_post):
    post = published_post(comment_mode="hidden")
    Post.objects.filter(pk=post.pk).update(comment_count=3)
    assert links(entries(client)[0], "replies") == []


def test_conversations_hidden_by_the_settings_have_no_replies(client, published_post):
    from comments.models import ConversationSettings

    settings = ConversationSettings.get()
    settings.default_mode = "hidden"
    settings.save()
    published_post()
    assert links(entries(client)[0], "replies") == []


def test_the_feed_holds_twenty_posts(client, published_post):
    for _ in range(23):
        published_post()
    assert len(entries(client)) == 20

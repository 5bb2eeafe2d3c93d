"""The feeds as feedparser reads them: complete, and without a complaint."""

import feedparser
import pytest

from blog.models import Tag
from comments.models import Comment

pytestmark = pytest.mark.django_db
TITLE = "Still & <b>quiet</b> “water” ☕"
BODY = '<p>A <a href="/about/">way</a> &amp; a stone.</p><pre><code>1 &lt; 2</code></pre>'


@pytest.fixture
def addresses(published_post, bob):
    """The four feeds of a post with everything that may go wrong in XML, a tag and two comments."""
    post = published_post(title=TITLE, slug="still", body=BODY, excerpt="Quiet & short")
    post.tags.add(Tag.objects.create(name="Water & ice", slug="water"))
    first = Comment(post=post, user=bob, body="Yes & <no>.\n\n> so", status=1)
    first.save()
    Comment(post=post, parent=first, name="Ada <3", body="*Always*.", status=1).save()
    return ["/feed/", "/tags/water/feed/", "/posts/still/comments/feed/", "/comments/feed/"]


def read(client, address):
    answer = client.get(address)
    headers = {"content-type": answer["Content-Type"], "content-location": "http://localhost/"}
    return feedparser.parse(answer.content, response_headers=headers)


def test_the_parser_has_no_complaint(client, addresses):
    for address in addresses:
        found = read(client, address)
        assert not found.bozo, (address, found.get("bozo_exception"))
        assert found.version == "atom10", address
        assert all(found.feed[name] for name in ("id", "title", "updated_parsed")), address
        for entry in found.entries:
            assert entry.id.startswith("tag:")
            assert entry.link.startswith("http://localhost/")
            assert all(entry[name] for name in ("title", "updated_parsed", "author")), address


def test_a_post_arrives_as_it_was_written(client, addresses):
    [entry] = read(client, "/feed/").entries
    assert entry.title_detail.type == "text/plain"
    assert entry.title == TITLE
    assert entry.content[0].type == "text/html"
    assert '<a href="http://localhost/about/">way</a> &amp; a stone.' in entry.content[0].value
    assert "1 &lt; 2" in entry.content[0].value
    assert [tag.term for tag in entry.tags] == ["Water & ice"]


def test_a_reply_names_the_entry_it_answers(client, addresses):
    later, first = read(client, "/comments/feed/").entries
    assert later["thr_in-reply-to"]["ref"] == first.id
    assert later.author == "Ada <3"
    assert "<em>Always</em>" in later.content[0].value


def test_the_parser_reports_a_broken_feed():
    assert feedparser.parse(b"<feed xmlns='http://www.w3.org/2005/Atom'><title>A & b</feed>").bozo

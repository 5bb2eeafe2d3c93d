"""Comment feeds: valid Atom, threaded by RFC 4685."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.utils import timezone

from comments.models import Comment
from comments.threads.feeds import LENGTH
from comments.tree.status import Status
from tests.comments.factories import say

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
THREADING = "{http://purl.org/syndication/thread/1.0}"
EVERYTHING = "/comments/feed/"


def feed_of(post):
    return f"/posts/{post.slug}/comments/feed/"


def parsed(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def entries(client, address):
    return {
        entry.findtext(f"{ATOM}id"): entry for entry in parsed(client, address).iter(f"{ATOM}entry")
    }


@pytest.fixture(params=["post", "all"])
def address_for(request):
    return feed_of if request.param == "post" else lambda post: EVERYTHING


def test_the_feed_has_what_atom_requires(client, published_post, address_for):
    post = published_post()
    say(post)
    feed = parsed(client, address_for(post))
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}id")
    assert feed.findtext(f"{ATOM}title")
    assert datetime.fromisoformat(feed.findtext(f"{ATOM}updated"))
    itself = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert [link.endswith(address_for(post)) for link in itself] == [True]


def test_each_entry_has_what_atom_requires(client, published_post, address_for):
    post = published_post()
    comment = say(post, name="Wren & Robin", body="One *word*.")
    entry = entries(client, address_for(post))[comment.atom_id]
    assert post.title in entry.findtext(f"{ATOM}title")
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Wren & Robin"
    assert "<p>One <em>word</em>.</p>" in "".join(
        entry.findtext(f"{ATOM}{kind}") or "" for kind in ("summary", "content")
    )
    assert entry.find(f"{ATOM}link").get("href").endswith(comment.get_absolute_url())
    for kind in ("published", "updated"):
        assert datetime.fromisoformat(entry.findtext(f"{ATOM}{kind}"))


def test_entries_link_the_comment_they_answer(client, published_post, address_for):
    post = published_post()
    root = say(post)
    reply = say(post, root)
    found = entries(client, address_for(post))
    for comment, answered in ((root, post), (reply, root)):
        link = found[comment.atom_id].find(f"{THREADING}in-reply-to")
        assert link.get("ref") == answered.atom_id
        assert link.get("href") == f"{settings.SITE_URL}{answered.get_absolute_url()}"
        assert link.get("type") == "text/html"


def test_identifiers_never_change(client, published_post):
    comment = say(published_post())
    post = comment.post
    before = set(entries(client, feed_of(post)))
    post.slug, post.title = "another-address", "Another title"
    post.save()
    Comment.objects.filter(pk=comment.pk).update(body_html="<p>x</p>", edited_at=timezone.now())
    assert set(entries(client, feed_of(post))) == before == {comment.atom_id}
    assert comment.atom_id.startswith("tag:")


@pytest.mark.parametrize("status", Status)
def test_only_approved_comments_are_in_the_feed(client, published_post, address_for, status):
    post = published_post()
    comment = say(post, status=status)
    assert (comment.atom_id in entries(client, address_for(post))) == (status == Status.APPROVED)


def test_held_comments_are_not_in_the_feed_even_for_their_writer(client, published_post):
    post = published_post()
    client.post(f"/posts/{post.slug}/reply/", {"name": "Ada", "body": "Waiting."})
    assert not entries(client, feed_of(post))
    assert not entries(client, EVERYTHING)


def test_the_feed_of_a_post_has_only_its_comments(client, published_post):
    one, other = say(published_post()), say(published_post())
    assert set(entries(client, feed_of(one.post))) == {one.atom_id}
    assert set(entries(client, EVERYTHING)) == {one.atom_id, other.atom_id}


def test_the_latest_approved_comes_first_and_the_feed_is_limited(client, published_post):
    post, now = published_post(), timezone.now()
    for number in range(LENGTH + 2):
        say(post, approved_at=now - timedelta(minutes=number), created_at=now - timedelta(days=9))
    found = list(entries(client, feed_of(post)))
    newest = Comment.objects.order_by("-approved_at")[:LENGTH]
    assert found == [comment.atom_id for comment in newest]


def test_no_odd_character_breaks_the_feed(client, published_post, address_for):
    post = published_post(title="A\x0btitle\ufffe")
    odd = "a\x01b\x08c\x0bd\x1be\ufffef\uffffg ]]> & <b>"
    say(post, name=odd, body=odd)
    (entry,) = entries(client, address_for(post)).values()
    # A vertical tab ends a line, and a name has one line.
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "abc defg ]]> & <b>"


def test_an_unchanged_feed_is_not_sent_again(client, published_post, address_for, time_machine):
    post = published_post()
    first = client.get(address_for(post))
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    again = client.get(address_for(post), headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    say(post)
    assert (
        client.get(address_for(post), headers={"If-None-Match": first["ETag"]}).status_code == 200
    )


@pytest.mark.parametrize(
    "address", ["/posts/no-such-post/comments/feed/", "/posts/x y/comments/feed/"]
)
def test_the_feed_of_a_hidden_or_unknown_post_is_not_found(client, address):
    assert client.get(address).status_code == 404

"""What a page may cost, and how tests measure it.

BUDGETS is the one table of addresses; whoever adds a kind of page adds a line.
"""

import functools
import gzip
import uuid
from datetime import datetime
from typing import NamedTuple

from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import generator
from comments import markup
from comments.loading import Incoming, load
from comments.models import Comment
from tests import settings as test_settings

FEW, MANY = 10, 1000


class Budget(NamedTuple):
    """An address, the most queries when no cache knows it, and the most when one does."""

    address: str
    cold: int
    hit: int
    who: str = "guest"


# {post}: the slug; {root}, {last}: keys of the longest thread and of the comment loaded last.
BUDGETS = {
    "post": Budget("/posts/{post}/", 6, 2),
    "post, newest first": Budget("/posts/{post}/?order=newest", 6, 2),
    "post, the author's answers": Budget("/posts/{post}/?order=author", 6, 2),
    "post, opened at a comment": Budget("/posts/{post}/?open={last}", 7, 2),
    "news": Budget("/posts/{post}/news/?after={root}", 5, 2),
    "news, the comments themselves": Budget("/posts/{post}/news/?after={root}&as=html", 7, 2),
    "old anchor": Budget("/posts/{post}/anchor/{last}/", 7, 7),
    "home": Budget("/", 6, 2),
    "tag": Budget("/tags/water/", 8, 2),
    "series": Budget("/series/walks/", 8, 2),
    "archive": Budget("/archive/", 6, 2),
    "search": Budget("/search/?q=water&in=comment", 8, 8),
    "feed": Budget("/feed/", 4, 2),
    "JSON feed": Budget("/feed/json/", 4, 2),
    "feed of a tag": Budget("/tags/water/feed/", 5, 2),
    "feed of all comments": Budget("/comments/feed/", 4, 2),
    "feed of a post's comments": Budget("/posts/{post}/comments/feed/", 5, 2),
    "sitemap": Budget("/sitemap.xml", 6, 2),
    "content notes": Budget("/content-notes/", 4, 4),
    "permalink": Budget("/comments/{last}/", 4, 4),
    "branch": Budget("/comments/{root}/thread/", 6, 6),
    "part of a thread": Budget("/comments/{root}/after/{root}/", 9, 9),
    "form": Budget("/posts/{post}/reply/", 4, 4),
    "form that answers a comment": Budget("/comments/{root}/reply/", 6, 6),
    "form of support": Budget("/comments/{root}/reaction/", 6, 6),
    "keys": Budget("/comments/keys/", 3, 3),
    "forgetting": Budget("/comments/forget/", 4, 4),
    "following a post": Budget("/posts/{post}/following/", 6, 6),
    "following answers to a comment": Budget("/comments/{last}/following/", 6, 6),
    "following everything": Budget("/following/", 4, 4),
    "what somebody follows": Budget("/account/following/", 8, 8, "bob"),
    "post, for a reader with an account": Budget("/posts/{post}/", 9, 9, "bob"),
    "comments, for a moderator": Budget("/admin/comments/comment/?status=all", 8, 8, "mia"),
}


def grow(post, size, change=None):
    """Load ``size`` comments of the generator into a post; return ``{number: key}``.

    ``change`` is given the list of them beforehand.
    """
    written = generator.conversation(size)["comments"]
    if change:
        change(written)
    rows = [
        Incoming(
            key=each["id"],
            post=post.pk,
            parent=each["parent"],
            name=each["author"],
            email=each["email"],
            body=each["body"],
            body_html=_rendered(each["body"]),
            created_at=datetime.fromisoformat(each["date"]),
        )
        for each in written
    ]
    return load(rows).keys


# The same texts come in every test of a process.
_rendered = functools.cache(markup.render)


def places(post):
    """Return what stands for the words in braces in the addresses of BUDGETS."""
    own = Comment.objects.filter(post=post)
    root = own.filter(parent=None).order_by("-visible_count", "number").first()
    return {"post": post.slug, "root": root.pk, "last": own.order_by("-created_at").first().pk}


def forget_all_pages():
    """Go on with a cache in which nothing is."""
    test_settings.cache_namespace[0] = uuid.uuid4().hex


def queries(client, address):
    """Return ``(response, number of queries)``."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code in {200, 302}, (address, response.status_code)
    return response, len(captured)


def elements(response):
    """Return how many elements a page has."""
    return len(BeautifulSoup(response.content, "html.parser").find_all(True))


def zipped(content):
    """Return the length of bytes as a server sends them."""
    return len(gzip.compress(content, compresslevel=6))

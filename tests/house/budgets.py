"""Performance budgets of pages, and how tests measure them.

BUDGETS is the one table of URLs; a new kind of page needs a line in it."""

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
from comments.imports.bulk_load import Incoming, load
from tests import settings as test_settings

FEW, MANY = 10, 1000


class Budget(NamedTuple):
    """A URL, its most queries with a cold cache, and its most with a warm one.

    ``kilobytes`` is the most that a list or a feed has when it is full, as it is sent.
    """

    address: str
    cold: int
    hit: int
    who: str = "guest"
    kilobytes: int | None = None


# bench.growth.pages.places has the values of the placeholders.
BUDGETS = {
    "post": Budget("/posts/{post}/", 6, 2),
    "post, newest first": Budget("/posts/{post}/?order=newest", 6, 2),
    "post, the author's answers": Budget("/posts/{post}/?order=author", 6, 2),
    "post, opened at a comment": Budget("/posts/{post}/?open={last}", 7, 2),
    "news": Budget("/posts/{post}/news/?after={root}", 5, 2),
    "news, the comments themselves": Budget("/posts/{post}/news/?after={root}&as=html", 7, 2),
    "old anchor": Budget("/posts/{post}/anchor/{last}/", 7, 7),
    "home": Budget("/", 7, 2, kilobytes=3),
    "tag": Budget("/tags/water/", 9, 2, kilobytes=3),
    "series": Budget("/series/walks/", 9, 2, kilobytes=3),
    "archive": Budget("/archive/", 6, 2, kilobytes=2),
    "search": Budget("/search/?q=water", 8, 8, kilobytes=4),
    "feed": Budget("/feed/", 4, 2, kilobytes=12),
    "JSON feed": Budget("/feed/json/", 4, 2, kilobytes=12),
    "feed of a tag": Budget("/tags/water/feed/", 5, 2, kilobytes=12),
    "feed of all comments": Budget("/comments/feed/", 4, 2, kilobytes=5),
    "feed of a post's comments": Budget("/posts/{post}/comments/feed/", 5, 2, kilobytes=5),
    "sitemap": Budget("/sitemap.xml", 7, 2, kilobytes=1),
    "sitemap, a part of a large one": Budget("/sitemap-posts.xml", 5, 2),
    "content notes": Budget("/content-notes/", 4, 4),
    "permalink": Budget("/comments/{last}/", 4, 4),
    "branch": Budget("/comments/{root}/thread/", 6, 6),
    "part of a thread": Budget("/comments/{root}/after/{root}/", 9, 9),
    "form": Budget("/posts/{post}/reply/", 4, 4),
    "form that answers a comment": Budget("/comments/{root}/reply/", 6, 6),
    "form of support": Budget("/comments/{root}/reaction/", 6, 6),
    "form of a report": Budget("/comments/{root}/report/", 5, 5),
    "keys": Budget("/comments/keys/", 3, 3),
    "forgetting": Budget("/comments/forget/", 4, 4),
    "following a post": Budget("/posts/{post}/following/", 6, 6),
    "following answers to a comment": Budget("/comments/{last}/following/", 6, 6),
    "following everything": Budget("/following/", 4, 4),
    "asking for one's own as a guest": Budget("/privacy/archive/", 3, 3),
    "one's own archive": Budget("/account/archive/", 6, 6, "bob"),
    "what one wrote as a guest": Budget("/account/claiming/", 9, 9, "bob"),
    "subscribing": Budget("/subscribe/", 2, 2),
    "subscribing, for a reader with an account": Budget("/subscribe/", 6, 6, "bob"),
    "choosing how new posts come": Budget("{mails}", 3, 3),
    "what somebody follows": Budget("/account/following/", 8, 8, "bob"),
    "somebody's profile": Budget("/people/bob/", 7, 7),
    "sign in": Budget("/account/login/", 3, 3),
    "sign up": Budget("/account/signup/", 4, 4),
    "one's own profile": Budget("/account/profile/", 6, 6, "bob"),
    "where one is signed in": Budget("/account/sessions/", 6, 6, "bob"),
    "what is kept": Budget("/privacy/", 3, 3),
    "the ways of leaving": Budget("/account/leave/", 9, 9, "bob"),
    "post, for a reader with an account": Budget("/posts/{post}/", 9, 9, "bob"),
    "receipt": Budget("{receipt}", 10, 10),
    "receipt of what waits": Budget("{waiting}", 12, 12),
    "receipt, changing words": Budget("{waiting}edit/", 6, 6),
    "receipt, taking words back": Budget("{receipt}withdrawal/", 7, 7),
    "receipt, taking a name off": Budget("{receipt}disowning/", 7, 7),
    "receipt, another link": Budget("{receipt}renewal/", 3, 3),
    "what somebody wrote": Budget("/account/comments/", 8, 8, "bob"),
    "mails to a moderator": Budget("/account/moderating/", 11, 11, "mia"),
    "queue, what waits": Budget("/admin/queue/waiting/", 39, 39, "mia"),
    "queue, all comments": Budget("/admin/queue/all/", 41, 41, "mia"),
    "queue, what was decided": Budget("/admin/queue/decided/", 32, 32, "mia"),
    "queue, the page of a comment": Budget("/admin/queue/{last}/", 30, 30, "mia"),
    "queue, who reads what": Budget("/admin/queue/news/?cards={last}-0", 10, 10, "mia"),
    "words on lists": Budget("/admin/comments/phrase/", 9, 9, "owner"),
    "trying words": Budget("/admin/comments/phrase/try/", 6, 6, "owner"),
    "what was learned": Budget("/admin/comments/classifierstate/1/change/", 9, 9, "owner"),
    "log": Budget("/admin/comments/moderationaction/", 13, 13, "mia"),
    "standings": Budget("/admin/comments/reputation/", 9, 9, "mia"),
    "post, by a preview link": Budget("{preview}", 5, 5),
    "desk": Budget("/admin/", 31, 18, "alice"),
    "desk, taking a break": Budget("/admin/desk/break/", 5, 5, "owner"),
    "desk, answering": Budget("/admin/desk/{last}/answer/", 7, 7, "alice"),
    "form of a post": Budget("/admin/blog/post/{key}/change/", 20, 20, "alice"),
    "versions of a post": Budget("/admin/blog/post/{key}/versions/", 8, 8, "alice"),
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


# The same texts are used in every test of a process.
_rendered = functools.cache(markup.render)


def forget_all_pages():
    """Continue with an empty cache."""
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
    """Return the compressed length of bytes, as a server sends them."""
    return len(gzip.compress(content, compresslevel=6))

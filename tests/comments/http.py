"""Helpers that talk to conversations as a browser does: send forms, read pages."""

from datetime import timedelta
from urllib.parse import urlsplit

import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from blog.models import Post
from comments.models import Comment
from comments.posting import fields as posting_fields


def reply_url(target):
    """Return the URL of the reply form of a post or a comment."""
    if isinstance(target, Post):
        return reverse("comments:reply_to_post", args=[target.slug])
    return reverse("comments:reply", args=[target.pk])


def mark(told="", **ago):
    """Return the signed timestamp of a form opened that long ago: mark(seconds=2)."""
    with time_machine.travel(timezone.now() - timedelta(**ago), tick=False):
        return posting_fields.make_mark(told)


def send(client, target, body="A quiet word.", **fields):
    """Send the reply form of a post or a comment, as opened a minute ago.

    A guest is Ada unless ``name`` says otherwise.
    """
    fields = {"name": "Ada", "body": body, "mark": mark(minutes=1), **fields}
    return client.post(reply_url(target), fields)


def only_comment():
    """Return the only stored comment; fail if there are several or none."""
    return Comment.objects.get()


def soup(response):
    """Return the parsed page of a response that must have succeeded."""
    assert response.status_code == 200, response.status_code
    return BeautifulSoup(response.content, "html.parser")


def visit(client, address):
    """Return the parsed page at a URL, following redirects."""
    return soup(client.get(address, follow=True))


def articles(page):
    """Return ``{key: tag}`` of the comments on a page, including tombstones, in order."""
    found = page.select("article[id^=comment-], .tombstone[id^=comment-]")
    return {int(tag["id"].removeprefix("comment-")): tag for tag in found}


def key_in(address):
    """Return the number in the URL of a comment."""
    return int(urlsplit(address).path.strip("/").split("/")[1])


def parents(page):
    """Return ``{key: key of its parent or None}`` from the markup of visible comments."""
    linked = {}
    for key, tag in articles(page).items():
        link = tag.select_one("a.u-in-reply-to")
        linked[key] = key_in(link["href"]) if link else None
    return linked


def text_of(area):
    """Return what a browser shows in a textarea: it drops one leading line break."""
    return area.text.removeprefix("\n")

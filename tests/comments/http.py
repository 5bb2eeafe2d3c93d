"""How tests talk to the conversation as a browser does: send forms, read pages."""

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
    """The address of the form that answers a post or a comment."""
    if isinstance(target, Post):
        return reverse("comments:reply_to_post", args=[target.slug])
    return reverse("comments:reply", args=[target.pk])


def mark(told="", **ago):
    """The mark of a form that was opened that long ago: mark(seconds=2)."""
    with time_machine.travel(timezone.now() - timedelta(**ago), tick=False):
        return posting_fields.make_mark(told)


def send(client, target, body="A quiet word.", **fields):
    """Send the form below a post or a comment, which somebody opened a minute ago.

    A guest is Ada unless ``name`` says otherwise.
    """
    fields = {"name": "Ada", "body": body, "mark": mark(minutes=1), **fields}
    return client.post(reply_url(target), fields)


def only_comment():
    """The one comment that is stored; fails when there are more or none."""
    return Comment.objects.get()


def soup(response):
    """The parsed page of a response that must have succeeded."""
    assert response.status_code == 200, response.status_code
    return BeautifulSoup(response.content, "html.parser")


def visit(client, address):
    """The parsed page at an address, redirects followed."""
    return soup(client.get(address, follow=True))


def articles(page):
    """``{key: tag}`` of the comments on a page, tombstones among them, in their order."""
    found = page.select("article[id^=comment-], .tombstone[id^=comment-]")
    return {int(tag["id"].removeprefix("comment-")): tag for tag in found}


def key_in(address):
    """The number in the address of a comment."""
    return int(urlsplit(address).path.strip("/").split("/")[1])


def parents(page):
    """``{key: key of its parent or None}`` as the markup of visible comments says it."""
    linked = {}
    for key, tag in articles(page).items():
        link = tag.select_one("a.u-in-reply-to")
        linked[key] = key_in(link["href"]) if link else None
    return linked


def text_of(area):
    """What a browser shows in a textarea: it drops one line break at the very beginning."""
    return area.text.removeprefix("\n")

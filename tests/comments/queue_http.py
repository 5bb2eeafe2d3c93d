"""Helpers that use the moderation queue as a browser without JavaScript does."""

from bs4 import BeautifulSoup
from django.urls import reverse

from comments.models import Comment
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import soup, visit


def waiting(post, parent=None, **fields):
    """Store a held comment."""
    return say(post, parent, status=Status.PENDING, **{"held_because": "first-comment", **fields})


def address(tab="waiting"):
    return f"/admin/queue/{tab}/"


def page(client, tab="waiting", query=""):
    """Return the parsed page of a tab."""
    return visit(client, address(tab) + query)


def cards(page):
    """Return ``{key: card}`` of a page, in order."""
    found = page.select("article.card")
    return {int(card["id"].removeprefix("card-")): card for card in found}


def text(tag):
    """Return the text of a tag as one line."""
    return " ".join(tag.text.split())


def tabs(page):
    """Return ``{name of a tab: its count}`` from the page."""
    found = {}
    for link in page.select("#tabs a"):
        *name, count = link.text.split()
        found[" ".join(name)] = int(count)
    return found


def seen(client, comment):
    """Return the hidden fields that a card of this comment sends along."""
    card = visit(client, reverse("queue:comment", args=[comment.pk])).select_one("article.card")
    return card["data-seen"]


def press(client, comment, act, *, what="decision", tab="waiting", known=None, **fields):
    """Press a button of a comment's card and return the resulting page, also of a refusal."""
    data = {"act": act, "back": address(tab), **fields}
    data["seen"] = seen(client, comment) if known is None else known
    answer = client.post(reverse(f"queue:{what}", args=[comment.pk]), data, follow=True)
    assert answer.status_code in {200, 409}, answer.status_code
    return BeautifulSoup(answer.content, "html.parser")


def said(page):
    """Return the page's message about the last action."""
    return [text(line.p) for line in page.select("#said .said")]


def undo(client, page):
    """Press the Undo button beside the message."""
    form = page.select_one("#said form.undo")
    data = [(field["name"], field["value"]) for field in form.select("input")]
    sent = {}
    for name, value in data:
        sent.setdefault(name, []).append(value)
    return soup(client.post(form["action"], sent, follow=True))


def status(comment):
    """Return the stored status of a comment."""
    return Status(Comment.objects.get(pk=comment.pk).status)

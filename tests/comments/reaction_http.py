"""Helpers that press reaction buttons and read what pages show of them."""

from django.test import Client

from comments.models import Reaction, ReactionKind
from tests.comments.http import articles, soup, visit

LINE = "Readers support Wren"


def url(comment):
    return f"/comments/{comment.pk}/reaction/"


def kind(name="With you"):
    return ReactionKind.objects.get(name=name)


def give(client, comment, name="With you", **more):
    return client.post(url(comment), {"give": kind(name).pk, **more})


def take(client, comment, name="With you"):
    return client.post(url(comment), {"take": kind(name).pk})


def buttons(response):
    """Return ``{label of a button: whether it is pressed}`` of the small form on a page."""
    found = soup(response).select("form.support button")
    return {button.text: button["aria-pressed"] == "true" for button in found}


def given():
    return sorted(Reaction.objects.values_list("comment_id", "kind__name"))


def seen_by_everybody(comment):
    """Return the comment as a reader without cookies sees it."""
    return articles(visit(Client(), comment.post.get_absolute_url()))[comment.pk]

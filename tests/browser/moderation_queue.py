"""Helpers for browser tests of the moderation queue."""

from datetime import timedelta

from django.utils import timezone

from comments.models import Comment, Report
from comments.tree.status import Status
from tests.comments.factories import say

NAMES = "Ada Ben Cleo Dora Emil Finn Gus Hana Ida Jon Kay Lou Mo Nell Ole Pia Quinn Rosa Sam Tilda"
HERE = "/admin/queue/waiting/"


def waiting(post, names=NAMES, **fields):
    """Store a held comment by each of these people, the first one oldest; return them."""
    start = timezone.now() - timedelta(hours=30)
    found = []
    for number, name in enumerate(names.split()):
        body = f"I read this twice, once on the bus and once at home. Thank you. {name}"
        when = start + timedelta(hours=number)
        given = {"name": name, "body": body, "held_because": "first-comment", "created_at": when}
        found.append(say(post, status=Status.PENDING, **{**given, **fields}))
    return found


def reported(post, name="Zoe"):
    """Store a visible comment that two readers have reported."""
    comment = say(post, name=name, body="You all just want to be looked at.")
    for network in "ab":
        Report.objects.create(comment=comment, network=network, reason="unkind")
    return comment


def statuses(*comments):
    """The status of each as it is stored now."""
    found = dict(Comment.objects.values_list("pk", "status"))
    return [Status(found[comment.pk]) for comment in comments]


def heading(tab, name):
    """The heading of the card of a comment by this person."""
    return tab.locator("article.card").get_by_role("heading", name=name, exact=True, level=2)


def card(tab, name):
    """The card of a comment by this person."""
    return tab.locator("article.card", has=tab.get_by_role("heading", name=name, exact=True))

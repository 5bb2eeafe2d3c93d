"""The header bar of the staff's pages: its places, and how many comments wait for somebody."""

from typing import NamedTuple

from django.db.models import IntegerField, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from comments.queue import tabs
from comments.queue.tabs import Tab

# The tabs that wait for a person's decision, in the order of the cards on the dashboard.
WAITING = [Tab.WAITING, Tab.CARE, Tab.REPORTED]


class Place(NamedTuple):
    """A link of the bar. ``prefixes`` begin the paths of the pages that belong to it."""

    name: str
    label: str
    address: str
    prefixes: tuple


class _CountOf(Subquery):
    """How many rows a query finds, as one column of another."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def waiting(person) -> dict:
    """Return ``{tab: how many}`` of what waits, in one query; each count stops as the tabs' do."""
    rows = [tabs.comments(tab, person).order_by().values("pk") for tab in WAITING]
    counts = [_CountOf(each[: tabs.MOST_COUNTED + 1]) for each in rows]
    found = User.objects.filter(pk=person.pk).values_list(*counts).get()
    return dict(zip(WAITING, found, strict=True))


def places(person) -> list[Place]:
    """Return the places that this person may open, in the order of the bar."""
    found = []
    if person.has_perm("blog.change_post"):
        address = reverse("admin:blog_post_changelist")
        found.append(Place("posts", _("Posts"), address, (address,)))
    if person.has_perm("comments.moderate_comment"):
        waits = reverse("queue:tab_waiting")
        found.append(Place("comments", _("Comments"), waits, (reverse("queue:tab_care")[:-5],)))
    if person.has_perm("blog.view_subscription"):
        address = reverse("admin:blog_subscription_changelist")
        found.append(Place("newsletter", _("Newsletter"), address, (address,)))
    address = reverse("staff_settings")
    return [*found, Place("settings", _("Settings"), address, (reverse("admin:index"),))]


def current(listed, path) -> str:
    """Return the name of the place that a path belongs to; empty on the dashboard."""
    home = reverse("admin:index")
    if path == home or path.startswith(reverse("desk:break")):
        return ""
    return next((each.name for each in listed if path.startswith(each.prefixes)), "")

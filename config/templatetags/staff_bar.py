"""The template tags of the staff's header bar and of the cards on the dashboard."""

from django import template

from comments.queue import tabs
from config.staff import bar

register = template.Library()


def _waiting(context):
    """Return what waits for this person, read once for the page; empty if they don't moderate."""
    request = context["request"]
    if not hasattr(request, "waiting_comments"):
        may = request.user.has_perm("comments.moderate_comment")
        request.waiting_comments = bar.waiting(request.user) if may else {}
    return request.waiting_comments


@register.simple_tag(takes_context=True)
def staff_bar(context):
    """Return the bar: its places, which one is current, and how many comments wait."""
    request = context["request"]
    listed = bar.places(request.user)
    total = sum(_waiting(context).values())
    return {
        "places": listed,
        "current": bar.current(listed, request.path),
        "waiting": total,
        "shown": tabs.count_in_words(total),
    }


@register.simple_tag(takes_context=True)
def waiting_cards(context):
    """Return a card for each tab that waits: the tab, its count, and the count as it is shown."""
    return [
        {"tab": tab, "count": count, "shown": tabs.count_in_words(count)}
        for tab, count in _waiting(context).items()
    ]

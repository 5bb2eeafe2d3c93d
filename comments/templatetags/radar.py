"""What the first page of the admin shows an author of her conversations."""

import secrets

from django import template

from comments import guest, radar
from comments.queue import tabs
from comments.queue.tabs import Tab

register = template.Library()

# The drawing, in its own units.
STEP, BAR, HEIGHT = 20, 14, 100


@register.simple_tag(takes_context=True)
def waiting_for_answer(context):
    """Return the comments that wait for an answer of who is signed in."""
    request = context["request"]
    return radar.waiting_for_answer(request.user, guest.settings_of(request))


@register.simple_tag(takes_context=True)
def new_here(context):
    """Return the first comments of people who are new on the posts of who is signed in."""
    request = context["request"]
    return radar.new_here(request.user, guest.settings_of(request))


@register.simple_tag(takes_context=True)
def care_items(context):
    """Return the comments in the care lane that have waited longest, for who may decide."""
    cared = tabs.comments(Tab.CARE, context["request"].user)
    return cared.with_names().select_related("post", "user")[: radar.SHOWN]


@register.simple_tag(takes_context=True)
def conversation_settings(context):
    """Return the settings of the conversation, read once for the page."""
    return guest.settings_of(context["request"])


@register.simple_tag
def form_token():
    """Return the mark of a form: sent twice, it makes one comment."""
    return secrets.token_urlsafe(16)


@register.inclusion_tag("admin/_desk_plot.html", takes_context=True)
def last_days(context):
    """Draw the last days: a bar of comments for each, waiting ones on top, a dot for a post."""
    days = radar.days(context["request"].user)
    most = max((day.comments + day.waiting for day in days), default=0) or 1
    unit = HEIGHT / most
    return {
        "bars": [
            {
                "day": day,
                "x": number * STEP,
                "middle": number * STEP + BAR // 2,
                "comments": round(day.comments * unit),
                "waiting": round(day.waiting * unit),
                "y": HEIGHT - round(day.comments * unit),
                "top": HEIGHT - round(day.comments * unit) - round(day.waiting * unit),
            }
            for number, day in enumerate(days)
        ],
        "posts": sum(day.posts for day in days),
        "comments": sum(day.comments for day in days),
        "waiting": sum(day.waiting for day in days),
        "wide": radar.DAYS * STEP,
        "bar": BAR,
    }

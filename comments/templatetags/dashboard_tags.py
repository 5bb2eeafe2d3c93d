"""Template tags of the admin's dashboard: an author's conversations and care."""

import secrets

from django import template

from comments.care import help_text as care_help
from comments.dashboard import activity
from comments.guests import session
from comments.models import ConversationSettings
from comments.queue import tabs
from comments.queue.tabs import Tab

register = template.Library()
# The drawing, in its own units.
STEP, BAR, HEIGHT = 20, 14, 100


@register.simple_tag(takes_context=True)
def awaiting_reply(context):
    """Return the comments that wait for an answer of who is signed in."""
    return activity.awaiting_reply(context["request"].user, _recent_comments(context))


@register.simple_tag(takes_context=True)
def first_time_comments(context):
    """Return the first comments of people who are new on the posts of who is signed in."""
    return activity.first_time_comments(context["request"].user, _recent_comments(context))


def _recent_comments(context):
    """Return what both lists look at, read once for the page."""
    request = context["request"]
    if not hasattr(request, "recent_comments"):
        settings = session.settings_of(request)
        request.recent_comments = activity.recent_comments(request.user, settings)
    return request.recent_comments


@register.simple_tag(takes_context=True)
def care_items(context):
    """Return the comments in the care lane that have waited longest, for who may decide."""
    cared = tabs.comments(Tab.CARE, context["request"].user)
    return cared.with_names().select_related("post", "user")[: activity.SHOWN]


@register.simple_tag(takes_context=True)
def conversation_settings(context):
    """Return the settings of the conversation, read once for the page."""
    return session.settings_of(context["request"])


@register.simple_tag
def form_token():
    """Return the mark of a form: sent twice, it makes one comment."""
    return secrets.token_urlsafe(16)


@register.inclusion_tag("admin/dashboard/_activity_chart.html", takes_context=True)
def activity_chart(context):
    """Draw the last days: a bar of comments for each, waiting ones on top, a dot for a post."""
    days = activity.daily_activity(context["request"].user)
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
        "wide": activity.DAYS * STEP,
        "bar": BAR,
    }


@register.inclusion_tag("admin/dashboard/_care_notice.html", takes_context=True)
def care_notice(context):
    """Ask the owner, and nobody else, for a help text of their own."""
    user = context["request"].user
    if not user.is_superuser:
        return {}
    settings = ConversationSettings.get()
    return {"care": settings} if care_help.is_shipped(settings) else {}

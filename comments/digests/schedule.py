"""When digests are due, and the quiet hours, in the blog's time zone.

``settings`` is the row of ``ConversationSettings`` throughout.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from blog.models import Blog
from comments.models.settings import Rhythm


def interval_start(settings, now):
    """Return when the current hour or day of digests began; None if off, or in quiet hours."""
    if settings.moderator_mail == Rhythm.OFF:
        return None
    here = now.astimezone(_zone())
    if _quiet_until(settings, here):
        return None
    if settings.moderator_mail == Rhythm.HOURLY:
        return here.replace(minute=0, second=0, microsecond=0)
    evening = datetime.combine(here.date(), Blog.EVENING, here.tzinfo)
    if evening <= here:
        return evening
    return datetime.combine(here.date() - timedelta(days=1), Blog.EVENING, here.tzinfo)


def quiet_until(settings, moment):
    """Return when the quiet hours around a moment (aware) end, or None outside of them."""
    return _quiet_until(settings, moment.astimezone(_zone()))


def _quiet_until(settings, here):
    start, end = settings.quiet_from, settings.quiet_until
    if start is None or end is None:
        return None
    at, day = here.time(), here.date()
    if not (start <= at < end if start <= end else at >= start or at < end):
        return None
    day += timedelta(days=at >= end)
    return datetime.combine(day, end, here.tzinfo)


def _zone():
    return ZoneInfo(Blog.get().time_zone)

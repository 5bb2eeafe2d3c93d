"""Beginning and ending a break of the whole blog."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from blog.models import Blog
from comments.models import ConversationSettings


def begin_break(day, holds, words=""):
    """Begin a break until the start of ``day`` (a date) in the blog's time zone.

    ``holds``: hold all new comments; else accept none. ``words`` are shown in the banner. Replaces
    a break in force.
    """
    until = datetime.combine(day, time.min, ZoneInfo(Blog.get().time_zone))
    _store(break_until=until, break_holds=holds, break_words=words)


def end_break():
    """End the break now. Comments held meanwhile stay pending."""
    _store(break_until=None, break_holds=False, break_words="")


def _store(**fields):
    with transaction.atomic():
        ConversationSettings.get()  # creates the row on a new blog
        ConversationSettings.objects.filter(pk=1).update(**fields)
        Blog.touch()  # every page may show the banner

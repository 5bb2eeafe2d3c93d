"""Beginning a break of the whole blog, and ending it before its day has come."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from blog.models import Blog
from comments.models import ConversationSettings


def begin_break(day, holds, words=""):
    """Take a break until the beginning of ``day`` (a date), where the blog is at home.

    ``holds``: comments are taken and all wait; else none is taken. ``words`` stand in the banner.
    Whoever is on a break already has this one from now on.
    """
    until = datetime.combine(day, time.min, ZoneInfo(Blog.get().time_zone))
    _store(break_until=until, break_holds=holds, break_words=words)


def end_break():
    """End the break now. What was held meanwhile goes on waiting for a person."""
    _store(break_until=None, break_holds=False, break_words="")


def _store(**fields):
    with transaction.atomic():
        ConversationSettings.get()  # on a new blog this makes the row
        ConversationSettings.objects.filter(pk=1).update(**fields)
        Blog.touch()  # every page may show the banner

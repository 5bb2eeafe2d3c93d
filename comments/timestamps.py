"""Relative times in words; anything younger than a minute is "just now"."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

A_MINUTE = timedelta(minutes=1)
SECONDS = 60


def is_now(moment: datetime) -> bool:
    """Return whether a time (aware) was less than a minute ago."""
    return timezone.now() - moment < A_MINUTE


def age(moment: datetime) -> str:
    """Return how old something is: "3 hours"."""
    return _("a moment") if is_now(moment) else timesince(moment, timezone.now(), depth=1)


def ago(moment: datetime) -> str:
    """Return a relative time: "3 hours ago"."""
    return _("just now") if is_now(moment) else _("%(time)s ago") % {"time": age(moment)}


def please_wait(seconds: int) -> str:
    """Return the sentence that asks whoever sent too much to wait so long."""
    if seconds < SECONDS:
        return ngettext(
            "There’s been a lot of activity from here. Please wait %(count)d second, "
            "then try again.",
            "There’s been a lot of activity from here. Please wait %(count)d seconds, "
            "then try again.",
            seconds,
        ) % {"count": seconds}
    minutes = -(-seconds // SECONDS)
    return ngettext(
        "There’s been a lot of activity from here. Please wait %(count)d minute, then try again.",
        "There’s been a lot of activity from here. Please wait %(count)d minutes, then try again.",
        minutes,
    ) % {"count": minutes}

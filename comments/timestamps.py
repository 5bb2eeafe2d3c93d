"""The date beside a comment, from a format that is taken apart once and not for each of 150."""

from datetime import timedelta
from functools import lru_cache

from django.utils import dateformat, timezone
from django.utils.dates import MONTHS_3
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _

# What str.format makes of a time (0) and of the name of its month (1), for signs of Django's
# formats. A format with any other letter is left to Django.
SIGNS = {
    "d": "{0.day:02}",
    "j": "{0.day}",
    "m": "{0.month:02}",
    "n": "{0.month}",
    "M": "{1}",
    "Y": "{0.year}",
    "G": "{0.hour}",
    "H": "{0.hour:02}",
    "i": "{0.minute:02}",
}


def written(moment):
    """Return a time (aware) as it stands beside a comment, by the clock that is in force."""
    # Short enough for one line with the name on a phone. Translators: Django's date format.
    return in_form(timezone.localtime(moment), gettext("j M Y, H:i"))


def in_form(local, form):
    """Return a time in a format of Django's, the same text as ``dateformat.format`` gives."""
    pattern, months = _taken_apart(form, get_language())
    if not pattern:
        return dateformat.format(local, form)
    return pattern.format(local, months[local.month])


@lru_cache(64)
def _taken_apart(form, _language):
    """Return a pattern for str.format, empty where Django has to do it, and the months' names."""
    letters = {sign for sign in form if sign.isascii() and sign.isalpha()}
    if letters - SIGNS.keys() or not {"\\", "{", "}"}.isdisjoint(form):
        return "", {}
    pattern = "".join(SIGNS.get(sign, sign) for sign in form)
    return pattern, {number: str(name).title() for number, name in MONTHS_3.items()}


A_MINUTE = timedelta(minutes=1)


def is_now(moment):
    """Return whether a time (aware) was less than a minute ago."""
    return timezone.now() - moment < A_MINUTE


def age(moment):
    """Return how old something is: "3 hours"."""
    return _("a moment") if is_now(moment) else timesince(moment, timezone.now(), depth=1)


def ago(moment):
    """Return how long ago it was: "3 hours ago"."""
    return _("just now") if is_now(moment) else _("%(time)s ago") % {"time": age(moment)}

"""A break: until a day nobody here reads along, so conversations are closed, or everything waits.

It ends by the clock alone, nothing has to run for it. What it means for somebody who answers is
decided by :mod:`comments.policy`; it is begun and ended by :mod:`comments.pausing`.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

MOST_WORDS = 500  # characters of a banner, which stands above what one came to read
FIELDS = frozenset({"break_until", "break_holds", "break_words"})


@dataclass(frozen=True)
class Break:
    """A break that lasts: ``until`` when, whether it ``holds`` or closes, her own ``words``."""

    until: datetime
    holds: bool
    words: str = ""

    @property
    def day(self):
        """The day from which on all is as before, as a person writes it."""
        return day_of(self.until)


def day_of(until):
    """Return the day of the end of a break, in the zone of the blog, as a person writes it."""
    return date_format(timezone.localtime(until), "j F Y")


class BreakSettings(models.Model):
    """Fields of the conversation's settings; their own form leaves them alone."""

    break_until = models.DateTimeField(null=True, editable=False)
    break_holds = models.BooleanField(default=False, editable=False)
    break_words = models.TextField(
        _("your own words"), blank=True, max_length=MOST_WORDS, editable=False
    )

    class Meta:
        abstract = True

    @property
    def current_break(self):
        """The ``Break`` that lasts at this moment, or None."""
        if self.break_until is None or self.break_until <= timezone.now():
            return None
        return Break(self.break_until, self.break_holds, self.break_words)

"""The statuses of comments, and the priorities of the queue. Only approved ones show."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class Status(models.IntegerChoices):
    PENDING = 0, _("waiting")
    APPROVED = 1, _("approved")
    SPAM = 2, _("spam")
    REMOVED = 3, _("removed")
    WITHDRAWN = 4, _("withdrawn by its writer")


class QueuePriority(models.IntegerChoices):
    """In which order waiting comments are read: the numbers are the order.

    A comment is in the lane CARE as long as a :class:`comments.models.care.CareCase` of it is open.
    """

    CARE = 0, _("care")
    USUAL = 1, _("usual")
    SUSPECT = 2, _("probably spam")


# What waits, in words that SQLite recognises as the condition of the index "comment_waiting": it
# does not look at the values of a query.
WAITS = models.Func(F("status"), template="%(expressions)s = 0", output_field=models.BooleanField())

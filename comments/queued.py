"""What decides when a person looks at a comment: its lane, and whether its thread is locked."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Lane(models.IntegerChoices):
    """In which order waiting comments are read: the numbers are the order."""

    CARE = 0, _("care")
    USUAL = 1, _("usual")
    SUSPECT = 2, _("probably spam")


# Of what waits; the condition is that of ``status = Status.PENDING``. See WAITS.
BY_LANE = models.Index(
    fields=["lane", "created_at", "id"], condition=Q(status=0), name="comment_waiting"
)


# What waits, in words that SQLite recognises as the condition of BY_LANE: it does not look at the
# values of a query.
WAITS = models.Func(F("status"), template="%(expressions)s = 0", output_field=models.BooleanField())


class Queued(models.Model):
    """Has a lane, written under the thread's lock. A root can lock its thread against answers.

    A comment is in the lane CARE as long as a :class:`comments.care.cases.CareCase` of it is open.
    """

    Lane = Lane

    lane = models.PositiveSmallIntegerField(
        _("lane"), choices=Lane, default=Lane.USUAL, editable=False
    )
    locked_at = models.DateTimeField(_("thread locked"), null=True, editable=False)

    class Meta:
        abstract = True

"""The statuses of comments, and their priorities in the moderation queue."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class Status(models.IntegerChoices):
    """The status of a comment; readers see approved ones only."""

    PENDING = 0, _("waiting")
    APPROVED = 1, _("approved")
    SPAM = 2, _("spam")
    REMOVED = 3, _("removed")
    WITHDRAWN = 4, _("deleted by the writer")


class QueuePriority(models.IntegerChoices):
    """The order in which pending comments are reviewed, lowest number first.

    A comment has the priority CARE as long as it has an open
    :class:`comments.models.care.CareCase`.
    """

    CARE = 0, _("care")
    USUAL = 1, _("normal")
    SUSPECT = 2, _("probably spam")


class IsApproved(models.Func):
    """Whether a comment is approved, written so that SQLite chooses no index for it.

    Nearly all comments are. SQLite keeps no statistics here and takes every value for a rare one:
    it would collect all approved comments rather than go through an index that has the order of a
    feed, or the few of a writer. https://www.sqlite.org/optoverview.html#uplus
    """

    template = "%(expressions)s = 1"
    output_field = models.BooleanField()

    def as_sqlite(self, compiler, connection, **more):
        return self.as_sql(compiler, connection, template="+%(expressions)s = 1", **more)


APPROVED = IsApproved(F("status"))
# Whether a comment is pending, written so that SQLite recognises the condition of the partial
# index "comment_waiting": it does not look at the parameters of a query.
WAITS = models.Func(F("status"), template="%(expressions)s = 0", output_field=models.BooleanField())


class IsNoSuspect(models.Func):
    """Whether a comment is no probable spam, as a range of the index "comment_waiting".

    Likely, so that SQLite does not take it for a reason to go through another index.
    """

    template = "%(expressions)s < 2"
    output_field = models.BooleanField()

    def as_sqlite(self, compiler, connection, **more):
        return self.as_sql(compiler, connection, template=f"likely({self.template})", **more)


# Whether its writer typed an address; likewise for the index "comment_email".
HAS_EMAIL = models.Func(
    F("email"), template="NOT (%(expressions)s = '')", output_field=models.BooleanField()
)

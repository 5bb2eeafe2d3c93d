"""What moderators write down for each other about a writer. Nobody else ever reads it.

A note belongs to a proved identity, by the keyed hash of :mod:`comments.standing`; about a guest
who has proved nothing it belongs to the one comment. What moderators do with it:
:mod:`comments.writers`.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_NOTE = 2000


class WriterNote(models.Model):
    """One moderator's note about one writer."""

    key = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    comment = models.ForeignKey(
        "comments.Comment", models.CASCADE, null=True, editable=False, related_name="writer_notes"
    )
    text = models.TextField(_("note"), max_length=LONGEST_NOTE)
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("private note about a writer")
        verbose_name_plural = _("private notes about writers")
        constraints = [
            models.CheckConstraint(
                condition=Q(key="") ^ Q(comment=None), name="comment_writer_note_of_one"
            )
        ]

    def __str__(self):
        return f"note {self.pk}"

"""What a comment may be closed behind."""

from django.db import models
from django.db.models import Q

from blog.models import ContentNote, closed

BY_NOTE = models.Index(
    fields=["content_note"], condition=Q(content_note__isnull=False), name="comment_content_note"
)


class Noted(models.Model):
    """Has one content note, or none. It is written under the thread's lock (comments.notes)."""

    content_note = models.ForeignKey(
        ContentNote, models.PROTECT, null=True, blank=True, editable=False, db_index=False
    )

    class Meta:
        abstract = True

    @property
    def closed_behind(self):
        """The ``Closed`` of the note, or None."""
        return (note := self.content_note) and closed([(note.pk, note.name)])

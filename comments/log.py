"""The log of what was decided about comments. It is only ever added to.

A row says who did what and why, never what the comment said; it stays when the comment
goes. Only the erasure of a person may blank who did it and the free text.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AppendOnlyError(Exception):
    """A row of the log was to be changed or deleted."""


class AppendOnlyQuerySet(models.QuerySet):
    """Refuses what would change the past."""

    def update(self, **values):
        raise AppendOnlyError("the moderation log is only ever added to")

    update.alters_data = True

    def delete(self):
        raise AppendOnlyError("the moderation log is only ever added to")

    delete.alters_data = True
    delete.queryset_only = True


class ModerationAction(models.Model):
    """One act about one comment, by a person, or by a check or its writer (``who`` is empty)."""

    class Act(models.TextChoices):
        HOLD = "hold", _("held")
        APPROVE = "approve", _("approved")
        SPAM = "spam", _("marked as spam")
        REMOVE = "remove", _("removed")
        RESTORE = "restore", _("restored")
        EDIT = "edit", _("changed by its writer")
        WITHDRAW = "withdraw", _("taken back by its writer")
        NOTE = "note", _("its content note was changed")
        DISOWN = "disown", _("its writer took her name off it")

    comment = models.ForeignKey(
        "comments.Comment",
        models.SET_NULL,
        null=True,
        related_name="actions",
        verbose_name=_("comment"),
    )
    comment_key = models.BigIntegerField(
        _("comment's number"), help_text=_("Kept when the comment itself is gone.")
    )
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    act = models.CharField(_("act"), max_length=20, choices=Act)
    from_status = models.PositiveSmallIntegerField(_("before"), null=True)
    to_status = models.PositiveSmallIntegerField(_("after"))
    reason = models.TextField(_("reason"), blank=True)
    verdict = models.CharField(_("verdict of a check"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("moderation log entry")
        verbose_name_plural = _("moderation log")

    def __str__(self):
        return f"{self.act} #{self.comment_key}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError("the moderation log is only ever added to")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError("the moderation log is only ever added to")

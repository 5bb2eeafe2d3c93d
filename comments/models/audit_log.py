"""The append-only log of moderation actions.

A row has who did what and why, never the text of the comment; it outlives the comment. Only an
erasure may blank who did it and the free text (:func:`blank_account_text`).
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class AppendOnlyError(Exception):
    """Something tried to change or delete a row of the log."""


class AppendOnlyQuerySet(models.QuerySet):
    """A queryset that refuses updates and deletions."""

    def update(self, **values):
        raise AppendOnlyError("the moderation log is only ever added to")

    update.alters_data = True

    def delete(self):
        raise AppendOnlyError("the moderation log is only ever added to")

    delete.alters_data = True
    delete.queryset_only = True

    def _blank(self, **values):
        """Blank columns; only for the ``blank_`` functions below."""
        return super().update(**values)


class ModerationAction(models.Model):
    """One act about one comment; ``who`` is None for an act of a check or of the writer."""

    class Act(models.TextChoices):
        """An act: its code, messages about a conflict with it, and its label.

        A moderator whose decision came too late reads what happened meanwhile: ``by_somebody`` if
        another moderator did it, else ``by_itself`` (:mod:`comments.audit_log.history`).
        """

        def __new__(cls, code, by_somebody="", by_itself=""):
            act = str.__new__(cls, code)
            act._value_ = code
            act.by_somebody, act.by_itself = by_somebody, by_itself
            return act

        HOLD = (
            "hold",
            _("%(who)s held it %(when)s."),
            _("This comment was held in the meantime. Please look at it again."),
            _("held"),
        )
        APPROVE = (
            "approve",
            _("%(who)s approved it %(when)s."),
            _("The writer verified their email, so it appeared automatically."),
            _("approved"),
        )
        SPAM = "spam", _("%(who)s marked it as spam %(when)s."), _("marked as spam")
        REMOVE = "remove", _("%(who)s removed it %(when)s."), _("removed")
        RESTORE = "restore", _("%(who)s restored it %(when)s."), _("restored")
        EDIT = (
            "edit",
            "",
            _("The writer has edited it in the meantime. Please read it again."),
            _("edited by the writer"),
        )
        WITHDRAW = (
            "withdraw",
            "",
            _("The writer has deleted this comment."),
            _("deleted by the writer"),
        )
        NOTE = "note", _("content note changed")
        DISOWN = "disown", _("name removed by the writer")
        KEEP = (
            "keep",
            _("%(who)s reviewed it %(when)s and kept it as is."),
            _("kept as is"),
        )
        TRUST = "trust", _("writer trusted")
        UNTRUST = "untrust", _("writer no longer trusted")
        BAN = "ban", _("writer banned")
        UNBAN = "unban", _("writer no longer banned")
        LOCK = "lock", _("thread locked")
        UNLOCK = "unlock", _("thread unlocked")
        CARE = "care", _("added to Care")
        HAND_OVER = "hand-over", _("handed over to a colleague")
        CLOSE_CARE = "close-care", _("care case closed")
        UNDO = (
            "undo",
            _("%(who)s undid a decision about it %(when)s."),
            _("decision undone"),
        )

    comment = models.ForeignKey(
        "comments.Comment",
        models.SET_NULL,
        null=True,
        related_name="actions",
        verbose_name=_("comment"),
    )
    comment_key = models.BigIntegerField(
        _("comment number"),
        db_index=True,
        help_text=_("Kept even when the comment itself is gone."),
    )
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    act = models.CharField(_("action"), max_length=20, choices=Act)
    from_status = models.PositiveSmallIntegerField(_("before"), null=True)
    to_status = models.PositiveSmallIntegerField(_("after"))
    reason = models.TextField(_("reason"), blank=True)
    verdict = models.CharField(_("check result"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    # The previous value of what an act other than a decision changed: the key of a content note.
    was = models.CharField(max_length=40, blank=True, editable=False)
    # The act that an UNDO undoes; each can be undone once.
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, editable=False, related_name="undone_by"
    )

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("moderation log entry")
        verbose_name_plural = _("moderation log entries")

    def __str__(self):
        return f"{self.get_act_display()} #{self.comment_key}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError("the moderation log is only ever added to")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError("the moderation log is only ever added to")


Act = ModerationAction.Act
# Acts that decide about a comment's status.
DECISIONS = (Act.HOLD, Act.APPROVE, Act.SPAM, Act.REMOVE, Act.RESTORE, Act.KEEP)


def add_action(
    comment: models.Model,
    act: Act,
    who: User | None = None,
    after: int | None = None,
    *,
    is_new: bool = False,
    **fields: Any,
) -> ModerationAction:
    """Log that ``who`` did ``act`` to ``comment`` (as it was before), and return the row.

    ``after`` is its new status, if that changed; ``is_new``: the act created the comment.
    """
    return ModerationAction.objects.create(
        comment_id=comment.pk,
        comment_key=comment.pk,
        who=who,
        act=act,
        from_status=None if is_new else comment.status,
        to_status=comment.status if after is None else after,
        **fields,
    )


def add_unattributed_action(
    act: Act, who: User, comment_key: int = 0, **fields: Any
) -> ModerationAction:
    """Log an act about a writer without a known comment, and return the row."""
    fields |= {"comment_key": comment_key, "to_status": 0}
    return ModerationAction.objects.create(who=who, act=act, **fields)


def blank_account_text(user: User) -> None:
    """Blank who and the free text of this account's acts, and the text of acts about its comments.

    Only for the erasure of a person. What was done, when and to which comment stays.
    """
    rows = ModerationAction.objects.all()
    rows.filter(Q(who=user) | Q(comment__user=user)).exclude(reason="")._blank(reason="")
    rows.filter(who=user)._blank(who=None)


def blank_comment_text(key: int) -> None:
    """Blank the free text of all acts about the comment with this key, whose text is erased.

    Verdicts of checks are blanked too: they may quote words of it.
    """
    rows = ModerationAction.objects.filter(comment_key=key)
    rows.exclude(reason="", verdict="")._blank(reason="", verdict="")

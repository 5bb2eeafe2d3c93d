"""Reactions to comments, and the kinds that the owner offers.

A row has an account or, for a guest, a keyed hash that differs for every comment: nobody can link
the reactions of one guest. See comments.reactions.rules.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text.folding import caseless
from blog.models.settings import SiteWideModel


class ReactionKindQuerySet(models.QuerySet):
    def offered(self) -> Self:
        """Return the kinds that readers can choose from."""
        return self.filter(is_offered=True)


class ReactionKind(SiteWideModel):
    """A kind of reaction: the words on a button, chosen by the owner.

    If none is offered, the blog has no reactions. A kind that was used cannot be deleted
    (ProtectedError).
    """

    name = models.CharField(_("button text"), max_length=30)
    # The name without case, for uniqueness; casefolding turns one letter into three at most.
    folded = models.CharField(max_length=90, unique=True, editable=False)
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Lower numbers come first.")
    )
    is_offered = models.BooleanField(
        _("available"),
        default=True,
        help_text=_("Reactions already given stay, and can still be undone."),
    )

    objects = ReactionKindQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("reaction type")
        verbose_name_plural = _("reaction types")

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.folded = caseless(self.name)
        super().save(*args, **kwargs)

    save.alters_data = True


class Reaction(models.Model):
    """One reaction to one comment: by an account, or by a guest (``mark`` is a keyed hash)."""

    comment = models.ForeignKey("comments.Comment", models.CASCADE, related_name="reactions")
    kind = models.ForeignKey(ReactionKind, models.PROTECT, related_name="reactions")
    # Before an account is deleted, rules.forget() deletes these and invalidates cached pages.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="reactions"
    )
    mark = models.CharField(max_length=64, blank=True)
    # A day and not a time, by which the reactions of one guest could be linked.
    given_on = models.DateField(default=timezone.localdate)

    class Meta:
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "kind", "user"],
                condition=Q(user__isnull=False),
                name="reaction_of_account",
            ),
            models.UniqueConstraint(
                fields=["comment", "kind", "mark"],
                condition=~Q(mark=""),
                name="reaction_of_guest",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, mark="") | (Q(user=None) & ~Q(mark="")),
                name="reaction_of_one_person",
            ),
        ]

    def __str__(self):
        return f"#{self.pk}"  # never a name: this ends up in logs

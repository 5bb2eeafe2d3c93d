"""Readers' reports about comments.

Who reported a comment is used for counting alone and is never shown to its writer.
:mod:`comments.reports.rules` has the effects of a report.
"""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# As for every hash of a network (design, section 8). It prevents a second report of the same
# comment from that network for as long as most comments are pending.
KEEP_NETWORK = timedelta(days=7)
# Enough for what the list of reasons lacks, and short enough to read on a phone.
LONGEST_TEXT = 1000


class Reason(models.TextChoices):
    """The reasons that readers can choose from."""

    WORRIED = "worried", _("I’m worried about this person")
    UNKIND = "unkind", _("It’s unkind or attacks someone")
    PRIVATE = "private", _("It shares something private about someone")
    HARMFUL = "harmful", _("It could cause or encourage harm")
    SPAM = "spam", _("It’s advertising or spam")
    OTHER = "other", _("Something else")


class ReportQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Return the reports that no decision has settled yet."""
        return self.filter(settled_at=None)

    def with_old_networks(self) -> Self:
        """Return the reports whose network is due to be blanked."""
        before = timezone.now() - KEEP_NETWORK
        return self.exclude(network="").filter(created_at__lte=before)


class Report(models.Model):
    """One reader's report about one comment: by an account, or from a network (a keyed hash)."""

    Reason = Reason

    comment = models.ForeignKey("comments.Comment", models.CASCADE, related_name="reports")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    text = models.TextField(_("details"), blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    network = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("when"), default=timezone.now)
    settled_at = models.DateTimeField(_("resolved"), null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "user"],
                condition=Q(user__isnull=False),
                name="comment_report_once_by_account",
            ),
            models.UniqueConstraint(
                fields=["comment", "network"],
                condition=~Q(network=""),
                name="comment_report_once_by_network",
            ),
        ]
        indexes = [
            models.Index(
                fields=["comment", "created_at"],
                condition=Q(settled_at=None),
                name="comment_report_open",
            )
        ]

    def __str__(self):
        return f"report {self.pk}"

"""Words that the owner keeps for moderators: why a comment is not shown, kindly said.

A moderator chooses one and changes it as she likes; what the writer reads is what she sent.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

# As long as a short comment; the writer reads it on a phone.
LONGEST_REASON = 1000


class RemovalReasonQuerySet(models.QuerySet):
    def offered(self):
        """Those that moderators are asked to choose from, in their order."""
        return self.filter(is_offered=True)


class RemovalReason(models.Model):
    """A reason with a short name for the list of choices."""

    name = models.CharField(
        _("name in the list"), max_length=60, help_text=_("Only moderators read it.")
    )
    text = models.TextField(
        _("what the writer reads"),
        max_length=LONGEST_REASON,
        help_text=_("A moderator can change it each time before she sends it."),
    )
    position = models.PositiveSmallIntegerField(
        _("place"), default=0, help_text=_("Smaller numbers stand first.")
    )
    is_offered = models.BooleanField(_("offered"), default=True)

    objects = RemovalReasonQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("reason for removing")
        verbose_name_plural = _("reasons for removing")

    def __str__(self):
        return self.name

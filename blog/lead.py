"""The lead image of a post: one of the library, with what it shows in the words of this post."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.library import MAX_ALT, Image


class WithLeadImage(models.Model):
    """Fields of ``Post``."""

    # PROTECT: what readers see does not go by the back door, where no cache would hear of it.
    lead_image = models.ForeignKey(
        Image,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("lead image"),
        help_text=_("Stands above the text, small in lists, and where others link to the post."),
    )
    lead_alt = models.CharField(
        _("what it shows"),
        max_length=MAX_ALT,
        blank=True,
        help_text=_("For people who cannot see it. Empty: what the library says of it."),
    )

    class Meta:
        abstract = True

    def describe_lead_image(self):
        """Let the lead image be described as the library does it, where no words are of its own."""
        if self.lead_image_id is None:
            self.lead_alt = ""
        elif not self.lead_alt:
            self.lead_alt = self.lead_image.alt


class LeadToAdopt(models.Model):
    """The lead image that an imported post is to have: ``blog.picture_adoption`` puts it there."""

    post = models.OneToOneField("blog.Post", models.CASCADE, related_name="lead_to_adopt")
    file = models.CharField(max_length=200)
    alt = models.CharField(max_length=MAX_ALT, blank=True)

    def __str__(self):
        return f"lead image of {self.post_id}"

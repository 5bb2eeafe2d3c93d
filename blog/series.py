"""Series: posts that follow one another, each at its place."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog.gathering import Gathering, OldSlug


class Series(Gathering):
    """Posts to be read one after the other.

    A post is in one series at most and has a number there, so that no order of theirs can
    lead in a circle.
    """

    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(
        _("description"), blank=True, help_text=_("Shown above the posts. Plain text.")
    )

    class Meta:
        ordering = ["title"]
        verbose_name = _("series")
        verbose_name_plural = _("series")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("blog:series", args=[self.slug])

    def next_position(self):
        """Return the number after the last one that a post of this series has."""
        last = self.posts.aggregate(last=models.Max("series_position"))["last"]
        return (last or 0) + 1


class OldSeriesSlug(OldSlug):
    """The word that stood in the address of a series before."""

    OWNER = "series"

    series = models.ForeignKey(Series, models.CASCADE, related_name="old_slugs")

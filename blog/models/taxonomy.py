"""Tags and series, and their old slugs."""

from collections.abc import Iterable
from itertools import chain, count

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.text.folding import caseless
from blog.models.settings import SiteWideModel
from blog.permalinks import SlugField, slug_of


class TaxonomyTerm(SiteWideModel):
    """A tag or series: its slug may change, and its ``old_slugs`` redirect to it."""

    slug = SlugField(_("slug"))

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):
        gathering = super().from_db(db, field_names, values)
        gathering._stored_slug = gathering.__dict__.get("slug")
        return gathering

    def save(self, *args, **kwargs):
        """Save, and keep the previous slug as a redirect."""
        before = getattr(self, "_stored_slug", None)
        with transaction.atomic():
            super().save(*args, **kwargs)
            if before and before != self.slug:
                self.old_slugs.model.lead_to(self, before)
        self._stored_slug = self.slug

    save.alters_data = True


class OldSlug(models.Model):
    """A former slug, which redirects to the current one."""

    slug = SlugField(_("old slug"))

    class Meta:
        abstract = True

    def __str__(self):
        return self.slug

    @classmethod
    def lead_to(cls, gathering: TaxonomyTerm, old: str) -> None:
        """Store ``old`` as a former slug of a tag or series."""
        owner = cls._meta.get_field(cls.OWNER)
        cls.objects.update_or_create(slug=old, defaults={owner.name: gathering})


class Tag(TaxonomyTerm):
    """A tag of posts."""

    name = models.CharField(_("name"), max_length=100)

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("blog:tag", args=[self.slug])

    @classmethod
    def known(cls, names: Iterable[str]) -> "dict[str, Tag]":
        """Return ``{case-folded name: Tag}`` for those names that are tags already."""
        # Not by the database: SQLite ignores the case of ASCII letters only.
        wanted = {caseless(name) for name in names}
        keys = {
            caseless(name): key
            for key, name in cls.objects.order_by("-pk").values_list("pk", "name")
            if caseless(name) in wanted
        }
        tags = cls.objects.in_bulk(keys.values())
        return {name: tags[key] for name, key in keys.items()}

    @classmethod
    def named(cls, names: Iterable[str]) -> "list[Tag]":
        """Return the tags of these names, ignoring case; missing ones are created."""
        known = cls.known(names)
        return [
            known.get(caseless(name)) or cls.objects.create(name=name, slug=cls._free_slug(name))
            for name in names
        ]

    @classmethod
    def _free_slug(cls, name):
        base = slug_of(name) or "tag"
        taken = set(cls.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        numbered = (f"{base}-{number}" for number in count(2))
        return next(slug for slug in chain([base], numbered) if slug not in taken)


class OldTagSlug(OldSlug):
    """A former slug of a tag."""

    OWNER = "tag"

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="old_slugs")


class Series(TaxonomyTerm):
    """A sequence of posts to be read in order.

    A post is in at most one series and has a position there, so that the order has no cycles.
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

    def get_absolute_url(self) -> str:
        return reverse("blog:series", args=[self.slug])

    def next_position(self) -> int:
        """Return the position after the last post of this series."""
        last = self.posts.aggregate(last=models.Max("series_position"))["last"]
        return (last or 0) + 1


class OldSeriesSlug(OldSlug):
    """A former slug of a series."""

    OWNER = "series"

    series = models.ForeignKey(Series, models.CASCADE, related_name="old_slugs")

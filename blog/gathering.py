"""What gathers posts under a word of its own: a tag, a series."""

from itertools import chain, count

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog.addresses import slug_of
from blog.site import ShownEverywhere
from blog.slugs import SlugField


class Gathering(ShownEverywhere):
    """Has an address that may change; the earlier ones still lead to it (``old_slugs``)."""

    slug = SlugField(_("address"))

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):
        gathering = super().from_db(db, field_names, values)
        gathering._stored_slug = gathering.__dict__.get("slug")
        return gathering

    def save(self, *args, **kwargs):
        """Store, and keep the address that it had before working."""
        before = getattr(self, "_stored_slug", None)
        with transaction.atomic():
            super().save(*args, **kwargs)
            if before and before != self.slug:
                self.old_slugs.model.lead_to(self, before)
        self._stored_slug = self.slug

    save.alters_data = True


class OldSlug(models.Model):
    """The word that stood in an address before; it still leads there."""

    slug = SlugField(_("old address"))

    class Meta:
        abstract = True

    def __str__(self):
        return self.slug

    @classmethod
    def lead_to(cls, gathering, old):
        """Let what gathers posts be found under its old slug, too."""
        owner = cls._meta.get_field(cls.OWNER)
        cls.objects.update_or_create(slug=old, defaults={owner.name: gathering})


class Tag(Gathering):
    """A word that gathers posts."""

    name = models.CharField(_("name"), max_length=100)

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("blog:tag", args=[self.slug])

    @classmethod
    def known(cls, names):
        """Return ``{casefolded name: Tag}`` of those names that are tags already."""
        # SQLite compares letters without regard to case in ASCII alone.
        wanted = {name.casefold() for name in names}
        keys = {
            name.casefold(): key
            for key, name in cls.objects.order_by("-pk").values_list("pk", "name")
            if name.casefold() in wanted
        }
        found = cls.objects.in_bulk(keys.values())
        return {name: found[key] for name, key in keys.items()}

    @classmethod
    def named(cls, names):
        """Return the tags of these names, whatever the case of their letters; new ones are made."""
        known = cls.known(names)
        return [
            known.get(name.casefold()) or cls.objects.create(name=name, slug=cls._free_slug(name))
            for name in names
        ]

    @classmethod
    def _free_slug(cls, name):
        base = slug_of(name) or "tag"
        taken = set(cls.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        numbered = (f"{base}-{number}" for number in count(2))
        return next(slug for slug in chain([base], numbered) if slug not in taken)


class OldTagSlug(OldSlug):
    """The word that stood in the address of a tag before."""

    OWNER = "tag"

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="old_slugs")


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

"""Tags: words that gather posts."""

from itertools import chain, count

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.text.folding import caseless
from blog.addresses import slug_of
from blog.gathering import Gathering, OldSlug


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
        """Return ``{caseless name: Tag}`` of those names that are tags already."""
        # SQLite compares letters without regard to case in ASCII alone.
        wanted = {caseless(name) for name in names}
        keys = {
            caseless(name): key
            for key, name in cls.objects.order_by("-pk").values_list("pk", "name")
            if caseless(name) in wanted
        }
        found = cls.objects.in_bulk(keys.values())
        return {name: found[key] for name, key in keys.items()}

    @classmethod
    def named(cls, names):
        """Return the tags of these names, whatever the case of their letters; new ones are made."""
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
    """The word that stood in the address of a tag before."""

    OWNER = "tag"

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="old_slugs")

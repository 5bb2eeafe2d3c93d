"""What gathers posts under a word of its own: a tag, a series."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

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

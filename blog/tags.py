"""Tags: words that gather posts."""

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog.site import Blog
from blog.slugs import SlugField


class Tag(models.Model):
    """A word that gathers posts."""

    name = models.CharField(_("name"), max_length=100)
    slug = SlugField(_("address"))

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self):
        return self.name

    @classmethod
    def from_db(cls, db, field_names, values):
        tag = super().from_db(db, field_names, values)
        tag._stored_slug = tag.__dict__.get("slug")
        return tag

    def save(self, *args, **kwargs):
        """Store, and keep the address that the tag had before working."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            OldTagSlug.keep(self, getattr(self, "_stored_slug", None))
            Blog.touch()
        self._stored_slug = self.slug

    save.alters_data = True

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            gone = super().delete(*args, **kwargs)
            Blog.touch()
        return gone

    delete.alters_data = True

    def get_absolute_url(self):
        return reverse("blog:tag", args=[self.slug])


class OldTagSlug(models.Model):
    """The word that stood in the address of a tag before; it still leads there."""

    slug = SlugField(_("old address"))
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="old_slugs")

    def __str__(self):
        return self.slug

    @classmethod
    def keep(cls, tag, old):
        """Let a tag be found under its old slug too; nothing when it is the same."""
        if old and old != tag.slug:
            cls.objects.update_or_create(slug=old, defaults={"tag": tag})

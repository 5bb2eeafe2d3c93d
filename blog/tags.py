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

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
            Blog.touch()

    save.alters_data = True

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            gone = super().delete(*args, **kwargs)
            Blog.touch()
        return gone

    delete.alters_data = True

    def get_absolute_url(self):
        return reverse("blog:tag", args=[self.slug])

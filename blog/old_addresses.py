"""Where posts used to be."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from blog import addresses


class OldAddress(models.Model):
    """A path that used to lead to a post and still does, by a permanent redirect."""

    path = models.CharField(_("old address"), max_length=700, unique=True)
    post = models.ForeignKey(
        "blog.Post", models.CASCADE, related_name="old_addresses", verbose_name=_("post")
    )

    class Meta:
        ordering = ["path"]
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")

    def __str__(self):
        return self.path

    @classmethod
    def keep(cls, post, old_slug, old_kind):
        """Let the address that the post had before go on working; nothing when it is the same."""
        if old_slug and (old_slug, old_kind) != (post.slug, post.kind):
            path = addresses.normal(addresses.path_of(old_kind, old_slug))
            cls.objects.update_or_create(path=path, defaults={"post": post})

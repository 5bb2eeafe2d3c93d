"""Where posts used to be, and where rows that went away had come from."""

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


class GoneSource(models.Model):
    """Where a row that went away had come from, so that no import brings it back."""

    class Kind(models.TextChoices):
        POST = "post"
        COMMENT = "comment"

    kind = models.CharField(max_length=7, choices=Kind)
    source = models.CharField(max_length=200)
    source_id = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source", "source_id"], name="blog_gone_source_unique"
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    @classmethod
    def remember(cls, kind, rows):
        """Keep the source pairs of these rows (a queryset); rows without one are passed over."""
        pairs = rows.exclude(source="").order_by().values_list("source", "source_id")
        cls.objects.bulk_create(
            [cls(kind=kind, source=source, source_id=key) for source, key in pairs],
            ignore_conflicts=True,
        )

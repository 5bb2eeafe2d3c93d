"""Old addresses of posts, and the numbers of deleted rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from blog import permalinks


class OldAddress(models.Model):
    """A former path of a post, which redirects permanently to the current one."""

    path = models.CharField(_("old URL"), max_length=700, unique=True)
    post = models.ForeignKey(
        "blog.Post", models.CASCADE, related_name="old_addresses", verbose_name=_("post")
    )

    class Meta:
        ordering = ["path"]
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")

    def __str__(self):
        return self.path

    @classmethod
    def keep(cls, post, old_slug: str | None, old_kind: str | None) -> None:
        """Store the previous address of the post, unless there was none or it is unchanged."""
        if old_slug and (old_slug, old_kind) != (post.slug, post.kind):
            path = permalinks.normalize_path(permalinks.path_of(old_kind, old_slug))
            cls.objects.update_or_create(path=path, defaults={"post": post})


class RemovedSource(models.Model):
    """The import source of a deleted row, so that no import brings it back.

    Of a comment that readers had met also its own number, with an empty source, and the post to
    whose conversation its address leads on.
    """

    class Kind(models.TextChoices):
        POST = "post"
        COMMENT = "comment"

    kind = models.CharField(max_length=7, choices=Kind)
    source = models.CharField(max_length=200)
    source_id = models.CharField(max_length=200)
    post = models.ForeignKey("blog.Post", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source", "source_id"], name="blog_gone_source_unique"
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    @classmethod
    def posts_of_comment(cls, key: int, source: str = "") -> models.QuerySet:
        """Return the post of a deleted comment, if it is kept, as a queryset of posts.

        ``key`` is the comment's own number, or its number in the ``source`` it was imported from.
        """
        found = cls.objects.filter(kind=cls.Kind.COMMENT, source=source, source_id=str(key))
        return cls.post.field.related_model.objects.filter(pk__in=found.values("post"))

    @classmethod
    def remember(cls, kind: str, rows: models.QuerySet) -> None:
        """Store the sources of these rows; rows that were not imported are skipped."""
        pairs = rows.exclude(source="").order_by().values_list("source", "source_id")
        cls.objects.bulk_create(
            [cls(kind=kind, source=source, source_id=key) for source, key in pairs],
            ignore_conflicts=True,
        )

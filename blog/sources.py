"""Where rows that went away had come from: what was removed here stays removed."""

from django.db import models


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

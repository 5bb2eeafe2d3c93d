"""The abstract model of tables with exactly one row, such as settings."""

from typing import Self

from django.db import models


class SingleRow(models.Model):
    """A table of exactly one row, which :meth:`get` creates if it is missing."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def get(cls) -> Self:
        """Return the row, created if needed."""
        row = cls.objects.first()
        return row or cls.objects.get_or_create(pk=1)[0]

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)

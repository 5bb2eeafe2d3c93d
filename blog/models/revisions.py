"""Versions of a post: each one that was saved, and what is being typed and is not saved yet.

A version holds fields as the form of a post sends them, in ``fields``. What readers see is
never taken from here.
"""

import re

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PostRevisionQuerySet(models.QuerySet):
    def saved(self):
        """What was a saved state of its post, the newest first."""
        return self.exclude(kind=self.model.Kind.AUTOSAVE).order_by("-pk")

    def unsaved(self):
        """What forms sent by themselves while somebody wrote, the newest first."""
        return self.filter(kind=self.model.Kind.AUTOSAVE).order_by("-updated_at", "-pk")

    def unsaved_by(self, person, post):
        """The unsaved words of this person for a post; ``post`` None: for one that is not yet."""
        return self.unsaved().filter(author=person, post=post)

    def newest_of_forms(self):
        """Return a list with the newest row of each form, in the order of this queryset."""
        found = {}
        for row in self.select_related("author").defer("fields"):
            found.setdefault(row.form, row)
        return list(found.values())


class PostRevision(models.Model):
    """One version of a post, or unsaved words for one."""

    class Kind(models.TextChoices):
        AUTOSAVE = "autosave", _("kept while writing, not saved")
        SAVED = "saved", _("saved")
        RESTORED = "restored", _("restored")

    post = models.ForeignKey("blog.Post", models.CASCADE, null=True, related_name="revisions")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    # The opened form it came from: two tabs of one person are two forms.
    form = models.CharField(max_length=32, blank=True)
    # Post.version as this was saved; of unsaved words the one that they are meant to change.
    version = models.PositiveIntegerField(default=0)
    fields = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = PostRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        indexes = [
            models.Index(fields=["post", "kind", "-updated_at"], name="blog_revision_of_post"),
            models.Index(fields=["author", "kind", "-updated_at"], name="blog_revision_by"),
        ]

    def __str__(self):
        return f"version {self.pk}"


# What a form sends for a row that was chosen, as every database can look it up.
KEY = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


def keys_in(values):
    """Return those of these values, as a form sent them, that can be the key of a row."""
    return [value for value in values or [] if KEY.fullmatch(str(value))]

"""Revisions of posts: saved versions and autosaved drafts.

``fields`` holds the values as the post form submits them. Public pages never read from here.
"""

import re
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class PostRevisionQuerySet(models.QuerySet):
    def saved(self) -> Self:
        """Saved versions, newest first."""
        return self.exclude(kind=self.model.Kind.AUTOSAVE).order_by("-pk")

    def unsaved(self) -> Self:
        """Autosaved drafts, latest first."""
        return self.filter(kind=self.model.Kind.AUTOSAVE).order_by("-updated_at", "-pk")

    def unsaved_by(self, person: User, post) -> Self:
        """A person's autosaved drafts of a post, or of a post never saved (``post`` is None)."""
        return self.unsaved().filter(author=person, post=post)

    def newest_of_forms(self) -> "list[PostRevision]":
        """Return the first row of each form, in the order of this queryset."""
        by_form = {}
        for row in self.select_related("author").defer("fields"):
            by_form.setdefault(row.form, row)
        return list(by_form.values())


class PostRevision(models.Model):
    """A saved version or an autosaved draft of a post."""

    class Kind(models.TextChoices):
        AUTOSAVE = "autosave", _("autosaved, not saved")
        SAVED = "saved", _("saved")
        RESTORED = "restored", _("restored")

    post = models.ForeignKey("blog.Post", models.CASCADE, null=True, related_name="revisions")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    # The token of the opened form it came from: two tabs are two forms.
    form = models.CharField(max_length=32, blank=True)
    # Post.version when this was saved; for a draft, the version that it is based on.
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


# A primary key as a form submits it, within the range of every database.
KEY = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


def keys_in(values: Iterable[Any] | None) -> list:
    """Return those of the submitted values that can be primary keys."""
    return [value for value in values or [] if KEY.fullmatch(str(value))]

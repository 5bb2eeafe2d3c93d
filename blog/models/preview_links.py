"""Preview links: signed addresses to read an unpublished post without an account.

A link expires on its date; deleting the row ends it at once. The database alone does not reveal
the address, because signing it needs the site's secret key.
"""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.retention import RetentionRule

# Lifetimes that an author may choose, in days.
LIFETIMES = (1, 7, 30)
USUAL = 7
# Working links per post.
MOST = 20
_signer = signing.Signer(salt="blog.models.preview_links", sep="~")


def new_key() -> str:
    """Return a random key for the address of a link."""
    return secrets.token_urlsafe(16)


class PreviewLinkQuerySet(models.QuerySet):
    def working(self) -> Self:
        """Links that have not expired, newest first."""
        return self.filter(expires_at__gt=timezone.now()).order_by("-pk")

    def make(self, post, person: User, days: int) -> "PreviewLink | None":
        """Create a link that works for ``days`` (one of LIFETIMES, else ValueError).

        Deletes expired links first. Returns None if the post has MOST links already.
        """
        if days not in LIFETIMES:
            raise ValueError(f"A preview link lives for one of {LIFETIMES} days, not {days}.")
        self.filter(expires_at__lte=timezone.now()).delete()
        if self.filter(post=post).count() >= MOST:
            return None
        until = timezone.now() + timedelta(days=days)
        return self.create(post=post, made_by=person, key=new_key(), expires_at=until)

    def found_by(self, token: str) -> "PreviewLink | None":
        """Return the working link of a token, with its post, or None."""
        try:
            key = _signer.unsign(token)
        except signing.BadSignature:
            return None
        return self.working().select_related("post").filter(key=key).first()


class PreviewLink(models.Model):
    """A link to read one post as last saved, until ``expires_at``."""

    post = models.ForeignKey("blog.Post", models.CASCADE, related_name="preview_links")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    key = models.CharField(max_length=32, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")

    def __str__(self):
        return f"preview link {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("blog:preview", args=[_signer.sign(self.key)])


def retention_rules() -> Iterator[RetentionRule]:
    """Yield the rule for expired links. One of ``settings.RETENTION_RULES``."""
    ended = PreviewLink.objects.filter(expires_at__lte=timezone.now())
    yield RetentionRule(_("expired preview links"), ended)

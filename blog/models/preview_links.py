"""Links by which a trusted friend reads a post before it is published, without an account.

The address is signed and ends on its day; deleting the row ends it at once. The database
alone does not give the address away: without the site's secret key nobody can sign it.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.retention import RetentionRule

# How long a link may live, in days; the author chooses.
LIFETIMES = (1, 7, 30)
USUAL = 7
# So many at once are enough for one post; whoever needs more ends one.
MOST = 20
_signer = signing.Signer(salt="blog.models.preview_links", sep="~")


def new_key():
    """Return the random part of an address."""
    return secrets.token_urlsafe(16)


class PreviewLinkQuerySet(models.QuerySet):
    def working(self):
        """Those whose day has not come yet, the newest first."""
        return self.filter(expires_at__gt=timezone.now()).order_by("-pk")

    def make(self, post, person, days):
        """Make a link for ``days`` (one of LIFETIMES); raises ValueError for any other number.

        Links that have ended are cleared away on the way. Returns None where there are MOST.
        """
        if days not in LIFETIMES:
            raise ValueError(f"A preview link lives for one of {LIFETIMES} days, not {days}.")
        self.filter(expires_at__lte=timezone.now()).delete()
        if self.filter(post=post).count() >= MOST:
            return None
        until = timezone.now() + timedelta(days=days)
        return self.create(post=post, made_by=person, key=new_key(), expires_at=until)

    def found_by(self, token):
        """Return the working link with its post, or None: forged, ended, never made."""
        try:
            key = _signer.unsign(token)
        except signing.BadSignature:
            return None
        return self.working().select_related("post").filter(key=key).first()


class PreviewLink(models.Model):
    """Who has its address reads one post as it was last saved, until ``expires_at``."""

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

    def get_absolute_url(self):
        return reverse("blog:preview", args=[_signer.sign(self.key)])


def retention_rules():
    """Yield links that have ended. One of ``settings.RETENTION_RULES``."""
    ended = PreviewLink.objects.filter(expires_at__lte=timezone.now())
    yield RetentionRule(_("preview links that ended"), ended)

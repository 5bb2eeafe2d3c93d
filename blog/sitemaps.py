"""The sitemap: whatever the lists show, and when it last changed."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max, Q
from django.db.models.functions import Greatest

from blog.models import Post, Tag


class SiteUrlSitemap(Sitemap):
    """Addresses begin with SITE_URL, whatever host was asked."""

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def lastmod(self, row):
        return row.changed


class PostSitemap(SiteUrlSitemap):
    def items(self):
        return self._of(Post.objects.published().posts().filter(noindex=False))

    def _of(self, rows):
        # A scheduled post changes for its readers on the day it appears.
        changed = Greatest("touched_at", "published_at")
        return rows.only("slug", "kind").annotate(changed=changed)


class PageSitemap(PostSitemap):
    def items(self):
        return self._of(Post.objects.published().pages().filter(noindex=False))


class TagSitemap(SiteUrlSitemap):
    def items(self):
        public = Q(
            posts__in=Post.objects.published().filter(kind=Post.Kind.POST),
        )
        newest = Max(Greatest("posts__updated_at", "posts__published_at"), filter=public)
        return Tag.objects.annotate(changed=newest).filter(changed__isnull=False).order_by("slug")


SITEMAPS = {"posts": PostSitemap, "pages": PageSitemap, "tags": TagSitemap}

"""The sitemap: whatever the lists show, when it last changed, and the pictures in it."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Case, F, Max, Q, TextField, Value, When
from django.db.models.functions import Greatest

from blog.images.responsive import image_urls
from blog.models import Post, Series, Tag
from blog.permalinks import absolute

MOST_PICTURES = 1000  # of one page, by the standard


class SiteUrlSitemap(Sitemap):
    """Addresses begin with SITE_URL, whatever host was asked."""

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def lastmod(self, row):
        return row.changed

    def get_urls(self, page=1, site=None, protocol=None):
        """As Django's, each with ``pictures``: whole addresses, for
        ``blog/syndication/sitemap.xml``.
        """
        urls = super().get_urls(page, site, protocol)
        for url in urls:
            url["pictures"] = self.pictures(url["item"])
        return urls

    def pictures(self, row):
        return []


class PostSitemap(SiteUrlSitemap):
    """Posts and pages."""

    def items(self):
        # A scheduled post changes for its readers on the day it appears.
        changed = Greatest("touched_at", "published_at")
        listed = Post.objects.published().filter(noindex=False)
        # Texts are long, and most have no picture.
        pictured = When(body__contains="<img", then=F("body"))
        text = Case(pictured, default=Value(""), output_field=TextField())
        rows = listed.select_related("lead_image").with_notes()
        return rows.only("slug", "kind", "lead_image").annotate(changed=changed, pictured=text)

    def pictures(self, row):
        """https://developers.google.com/search/docs/crawling-indexing/sitemaps/image-sitemaps

        Not those of a post with content notes: what search shows of them nobody can close.
        """
        if row.closed_behind:
            return []
        lead = [row.lead_image.url] if row.lead_image else []
        found = dict.fromkeys([*lead, *image_urls(row.pictured)[:MOST_PICTURES]])
        return [each if "://" in each else absolute(each) for each in found]


class TaxonomySitemap(SiteUrlSitemap):
    """Tags or series under which readers find a post."""

    model = Tag

    def items(self):
        public = Q(posts__in=Post.objects.published().posts())
        newest = Max(Greatest("posts__updated_at", "posts__published_at"), filter=public)
        gatherings = self.model.objects.annotate(changed=newest)
        # A list: they are few, and need not be counted beforehand.
        return list(gatherings.filter(changed__isnull=False).order_by("slug"))


class SeriesSitemap(TaxonomySitemap):
    model = Series


SITEMAPS = {
    "posts": PostSitemap,
    "tags": TaxonomySitemap,
    "series": SeriesSitemap,
}

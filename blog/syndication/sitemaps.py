"""Sitemaps of published posts, pages, tags and series, with images and dates of change.

A blog with up to MOST posts has one file; a larger one has an index of several, none of which
costs more than the next.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.core.files.storage import default_storage
from django.db.models import Case, F, Max, Q, TextField, Value, When
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from blog.images.responsive import image_urls
from blog.models import Post, Series, Tag
from blog.permalinks import absolute, path_of

MOST_PICTURES = 1000  # per page, by the standard
MOST = 1000  # posts in a file; the standard allows fifty times as many
TEMPLATE = "blog/syndication/sitemap.xml"
PART = "blog:sitemap_part"


class SiteUrlSitemap(Sitemap):
    """A sitemap whose addresses use SITE_URL, whatever the host of the request."""

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def lastmod(self, row):
        return row.changed

    def get_urls(self, page=1, site=None, protocol=None):
        """Add ``pictures`` (absolute URLs) to Django's entries, for the template."""
        urls = super().get_urls(page, site, protocol)
        for url in urls:
            url["pictures"] = self.pictures(url["item"])
        return urls

    def pictures(self, row):
        return []


class PostSitemap(SiteUrlSitemap):
    """Posts and pages."""

    limit = MOST

    def items(self):
        # For readers, a scheduled post changes on its date of publication.
        changed = Greatest("touched_at", "published_at")
        listed = Post.objects.published().filter(noindex=False)
        # Only load bodies with images: texts are long, and most have none.
        pictured = When(body__contains="<img", then=F("body"))
        text = Case(pictured, default=Value(""), output_field=TextField())
        rows = listed.with_notes().annotate(changed=changed, pictured=text)
        # Rows and not posts: there may be tens of thousands.
        columns = ("kind", "slug", "lead_image__file", "note_lines", "changed", "pictured")
        # In an order in which a new post moves no other from file to file.
        return rows.order_by("pk").values_list(*columns, named=True)

    def get_latest_lastmod(self):
        return self.items().aggregate(newest=Max("changed"))["newest"]

    def location(self, row):
        return path_of(row.kind, row.slug)

    def pictures(self, row):
        """Return the image URLs of a post; none with content notes, as image search shows them.

        https://developers.google.com/search/docs/crawling-indexing/sitemaps/image-sitemaps
        """
        if row.note_lines:
            return []
        lead = [default_storage.url(row.lead_image__file)] if row.lead_image__file else []
        urls = dict.fromkeys([*lead, *image_urls(row.pictured)[:MOST_PICTURES]])
        return [each if "://" in each else absolute(each) for each in urls]


class TaxonomySitemap(SiteUrlSitemap):
    """Tags (or series) with published posts."""

    model = Tag

    def items(self):
        public = Q(posts__in=Post.objects.published().posts())
        newest = Max(Greatest("posts__updated_at", "posts__published_at"), filter=public)
        gatherings = self.model.objects.annotate(changed=newest)
        # A list: they are few, and this saves a COUNT.
        return list(gatherings.filter(changed__isnull=False).order_by("slug"))


class SeriesSitemap(TaxonomySitemap):
    model = Series


SITEMAPS = {
    "posts": PostSitemap,
    "tags": TaxonomySitemap,
    "series": SeriesSitemap,
}


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The sitemap, or the index of its parts where there are too many posts for one file."""
    if PostSitemap().paginator.num_pages == 1:
        return views.sitemap(request, SITEMAPS, template_name=TEMPLATE)
    parts = [part for section, kind in SITEMAPS.items() for part in _parts(section, kind())]
    return TemplateResponse(
        request, "sitemap_index.xml", {"sitemaps": parts}, content_type="application/xml"
    )


def _parts(section, kind):
    address, newest = absolute(reverse(PART, args=[section])), kind.get_latest_lastmod()
    for page in kind.paginator.page_range:
        location = address if page == 1 else f"{address}?p={page}"
        yield views.SitemapIndexItem(location, newest)


@require_safe
def sitemap_part(request: HttpRequest, section: str) -> HttpResponse:
    """A part of the sitemap: posts, tags or series, a file of them by ``?p=``."""
    return views.sitemap(request, SITEMAPS, section, template_name=TEMPLATE)

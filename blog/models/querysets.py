"""Which posts: one method for each rule, named as people say it."""

from django.db import models, transaction
from django.db.models import Count, F, Q
from django.db.models.functions import ExtractYear
from django.utils import timezone

from blog.models import content_notes
from blog.models.redirects import RemovedSource
from blog.models.search_index import SearchEntry
from blog.models.settings import Blog, ChangeCounter

SEARCH_KIND = "post"
# What pages of other posts, lists and menus show or go by.
LINKED = frozenset(
    {"title", "slug", "kind", "status", "published_at", "series_id", "series_position"}
    | {"in_menu", "menu_order"}
)
SEARCHED = {"title", "body", "excerpt", "published_at"}


class PostQuerySet(models.QuerySet):
    def published(self):
        """Posts and pages that lists, feeds and search may show now.

        A scheduled post becomes public through the clock alone, without any worker.
        """
        return self.filter(self._is_published())

    def to_come(self, now=None):
        """Posts and pages that lists will show by the clock alone; what comes next stands first."""
        come = Q(status__in=self.model.APPEARS_BY_DATE, published_at__gt=now or timezone.now())
        return self.filter(come).order_by("published_at", "pk")

    def drafts(self):
        """What nobody reads but those who write here."""
        return self.filter(status=self.model.Status.DRAFT)

    def by_mail(self):
        """Posts that lists show now and whose authors wish them to go out by mail."""
        return self.published().posts().filter(by_mail=True)

    def public(self):
        """What anybody may read at its address: published, or archived out of the lists."""
        return self.filter(self._is_public())

    def visible_to(self, viewer):
        """What this user may read; authors also see what they have not published yet."""
        if viewer.is_superuser:
            return self.all()
        if viewer.is_anonymous:
            return self.public()
        return self.filter(self._is_public() | Q(author=viewer.pk))

    def _is_published(self):
        return Q(status__in=self.model.APPEARS_BY_DATE, published_at__lte=timezone.now())

    def _is_public(self):
        return self._is_published() | Q(status__in=self.model.OUT_OF_LISTS)

    def posts(self):
        """Posts, newest first."""
        return self.filter(kind=self.model.Kind.POST).order_by("-published_at", "-pk")

    def pages(self):
        """Pages in the order of the menu."""
        return self.filter(kind=self.model.Kind.PAGE).order_by("menu_order", "title", "pk")

    def by_year(self):
        """Return ``{year: how many}``, the newest year first, as the clock at home counts."""
        years = self.order_by().annotate(year=ExtractYear("published_at")).values_list("year")
        return dict(years.annotate(number=Count("pk")).order_by("-year"))

    def in_series(self):
        """Posts in the order of their series."""
        return self.filter(kind=self.model.Kind.POST).order_by("series_position", "pk")

    def for_page(self):
        """Everything that the page of a post shows of its row, in one query."""
        return self.select_related("author", "lead_image", "series").with_notes()

    def for_list(self):
        """Everything a line of a list shows, in a constant number of queries."""
        return self.select_related("author", "lead_image").prefetch_related("tags").with_notes()

    def with_notes(self):
        """With what ``closed_behind`` reads, so that it asks for nothing."""
        return self.annotate(note_lines=content_notes.lines_of(self.model.content_notes.through))

    def update(self, **values):
        """Write these values, and count the change so that no cache shows the old ones."""
        # No savepoint: this is the end of every transaction that posts a comment.
        with transaction.atomic(using=self.db, savepoint=False):
            found_anew = SEARCHED & values.keys() and list(self.values_list("pk", flat=True))
            changed = super().update(**{"revision": F("revision") + 1, **values})
            if found_anew:
                posts = self.model.objects.filter(pk__in=found_anew)
                SearchEntry.put(SEARCH_KIND, (post.searched for post in posts))
            ChangeCounter.count(everywhere=bool(LINKED & values.keys()))
        return changed

    update.alters_data = True

    def delete(self):
        """Delete, and remember where the rows came from so that no import brings them back."""
        with transaction.atomic(using=self.db):
            RemovedSource.remember(RemovedSource.Kind.POST, self)
            SearchEntry.drop(SEARCH_KIND, list(self.values_list("pk", flat=True)))
            gone = super().delete()
            Blog.touch()
        return gone

    delete.alters_data = True
    delete.queryset_only = True

"""Which posts: one method for each rule, named as people say it."""

from enum import Enum

from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import ExtractYear
from django.utils import timezone

from blog import notes
from blog.columns import Columns
from blog.index import SearchEntry
from blog.old_addresses import GoneSource
from blog.site import Blog, Changes

SEARCH_KIND = "post"
# What pages of other posts, lists and menus show or go by.
LINKED = frozenset(
    {"title", "slug", "kind", "status", "published_at", "series_id", "series_position"}
)
SEARCHED = {"title", "body", "excerpt", "published_at"}


class Sight(Enum):
    """How much of the blog somebody may read."""

    PUBLIC, OWN, ALL = "what is public", "her own posts besides", "everything"

    @classmethod
    def of(cls, viewer):
        """Return that of a user, who may be anonymous."""
        if viewer.is_superuser:
            return cls.ALL
        return cls.PUBLIC if viewer.is_anonymous else cls.OWN


class PostQuerySet(models.QuerySet):
    # What is published goes by the clock. ``now`` is for queries whose SQL is kept: what stands for
    # the time there (see blog.prepared).

    def published(self, now=None):
        """Posts and pages that lists, feeds and search may show now.

        A scheduled post becomes public through the clock alone, without any worker.
        """
        return self.filter(self._is_published(now))

    def by_mail(self):
        """Posts that lists show now and whose authors wish them to go out by mail."""
        return self.published().posts().filter(by_mail=True)

    def public(self, now=None):
        """What anybody may read at its address: published, or archived out of the lists."""
        return self.filter(self._is_public(now))

    def visible_to(self, viewer):
        """What this user may read; authors also see what they have not published yet."""
        return self.visible_as(Sight.of(viewer), viewer.pk)

    def visible_as(self, sight, author, now=None):
        """The same for everybody of that ``Sight``; ``author`` is the key of who looks."""
        if sight is Sight.ALL:
            return self.all()
        if sight is Sight.PUBLIC:
            return self.public(now)
        return self.filter(self._is_public(now) | Q(author=author))

    def _is_published(self, now=None):
        come = [self.model.Status.PUBLISHED, self.model.Status.SCHEDULED]
        return Q(status__in=come, published_at__lte=now or timezone.now())

    def _is_public(self, now=None):
        return self._is_published(now) | Q(status=self.model.Status.ARCHIVED)

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

    def with_neighbours(self, now=None):
        """With ``previous`` and ``next``: slug and title of the published posts before and after in
        the same series, or None."""
        place = {"series": OuterRef("series"), "series_position": OuterRef("series_position")}
        others = self.model.objects.published(now).filter(series=place["series"])
        at = place["series_position"]
        before = Q(series_position__lt=at) | Q(series_position=at, pk__lt=OuterRef("pk"))
        after = Q(series_position__gt=at) | Q(series_position=at, pk__gt=OuterRef("pk"))
        rows = {
            "previous": others.filter(before).order_by("-series_position", "-pk"),
            "next": others.filter(after).order_by("series_position", "pk"),
        }
        link = Columns("slug", "title")
        links = {name: Subquery(found.values_list(link)[:1]) for name, found in rows.items()}
        return self.select_related("series").annotate(**links)

    def for_page(self, now=None):
        """Everything that the page of a post shows of its row, in one query."""
        return self.select_related("author", "lead_image").with_notes().with_neighbours(now)

    def for_list(self):
        """Everything a line of a list shows, in a constant number of queries."""
        return self.select_related("author", "lead_image").prefetch_related("tags").with_notes()

    def with_notes(self):
        """With what ``closed_behind`` reads, so that it asks for nothing."""
        return self.annotate(note_lines=notes.lines_of(self.model.content_notes.through))

    def update(self, **values):
        """Write these values, and count the change so that no cache shows the old ones."""
        # No savepoint: this is the end of every transaction that posts a comment.
        with transaction.atomic(using=self.db, savepoint=False):
            found_anew = SEARCHED & values.keys() and list(self.values_list("pk", flat=True))
            changed = super().update(**{"revision": F("revision") + 1, **values})
            if found_anew:
                posts = self.model.objects.filter(pk__in=found_anew)
                SearchEntry.put(SEARCH_KIND, (post.searched for post in posts))
            Changes.count(everywhere=bool(LINKED & values.keys()))
        return changed

    update.alters_data = True

    def delete(self):
        """Delete, and remember where the rows came from so that no import brings them back."""
        with transaction.atomic(using=self.db):
            GoneSource.remember(GoneSource.Kind.POST, self)
            SearchEntry.drop(SEARCH_KIND, list(self.values_list("pk", flat=True)))
            gone = super().delete()
            Blog.touch()
        return gone

    delete.alters_data = True
    delete.queryset_only = True

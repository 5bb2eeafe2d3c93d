"""The queryset of posts: visibility rules, orders, and what to fetch for a page."""

from datetime import datetime
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import Count, Q
from django.db.models.functions import ExtractYear
from django.utils import timezone

from accounts.models import User, new_version
from blog.fulltext import backends
from blog.models import content_notes
from blog.models.change_counter import ChangeCounter
from blog.models.redirects import RemovedSource
from blog.models.search_index import SearchEntry
from blog.models.settings import Blog

SEARCH_KIND = backends.POST
# Fields that lists, menus and the pages of other posts depend on.
LINKED = frozenset(
    {"title", "slug", "kind", "status", "published_at", "series_id", "series_position"}
    | {"in_menu", "menu_order", "author_id", "author"}  # update() names it without _id
)
SEARCHED = {"title", "body", "excerpt", "published_at", "language"}


class PostQuerySet(models.QuerySet):
    def published(self) -> Self:
        """Posts and pages that lists, feeds and search may show now.

        A scheduled post becomes public through the clock alone, without any worker.
        """
        return self.filter(self._is_published())

    def to_come(self, now: datetime | None = None) -> Self:
        """Posts and pages whose date is still to come, the next one first."""
        upcoming = Q(status__in=self.model.APPEARS_BY_DATE, published_at__gt=now or timezone.now())
        return self.filter(upcoming).order_by("published_at", "pk")

    def drafts(self) -> Self:
        """Drafts, which only their author and the owners can read."""
        return self.filter(status=self.model.Status.DRAFT)

    def by_mail(self) -> Self:
        """Published posts that are to be sent by mail."""
        return self.published().posts().filter(by_mail=True)

    def public(self) -> Self:
        """What anybody may read at its address: published or archived."""
        return self.filter(self._is_public())

    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """What this user may read: public posts and their own; for owners, everything.

        Nobody reads what is in the trash.
        """
        if viewer.is_superuser:
            return self.outside_trash()
        if viewer.is_anonymous:
            return self.public()
        return self.filter(self._is_public() | Q(author=viewer.pk)).outside_trash()

    def outside_trash(self) -> Self:
        """All but what is in the trash."""
        return self.exclude(status=self.model.Status.TRASH)

    def in_trash(self) -> Self:
        """Deleted posts and pages that can still be restored, the latest first."""
        return self.filter(trashed_at__isnull=False).order_by("-trashed_at", "-pk")

    def _is_published(self):
        return Q(status__in=self.model.APPEARS_BY_DATE, published_at__lte=timezone.now())

    def _is_public(self):
        return self._is_published() | Q(status__in=self.model.OUT_OF_LISTS)

    def posts(self) -> Self:
        """Posts without pages, newest first."""
        return self.filter(kind=self.model.Kind.POST).order_by("-published_at", "-pk")

    def pages(self) -> Self:
        """Pages, in the order of the menu."""
        return self.filter(kind=self.model.Kind.PAGE).order_by("menu_order", "title", "pk")

    def by_year(self) -> dict[int, int]:
        """Return ``{year: number of posts}``, newest year first, in the blog's time zone."""
        years = self.order_by().annotate(year=ExtractYear("published_at")).values_list("year")
        return dict(years.annotate(number=Count("pk")).order_by("-year"))

    def in_series(self) -> Self:
        """Posts, in the order of their series."""
        return self.filter(kind=self.model.Kind.POST).order_by("series_position", "pk")

    def for_page(self) -> Self:
        """With everything that a post's page shows of the row, in one query."""
        return self.select_related("author", "lead_image", "series").with_notes()

    def for_list(self) -> Self:
        """With everything that a list shows of each row, in a constant number of queries."""
        rows = self.select_related("author", "lead_image").prefetch_related("tags")
        return rows.defer("body_html").with_notes()

    def with_notes(self) -> Self:
        """With the content notes, so that ``closed_behind`` needs no query."""
        return self.annotate(note_lines=content_notes.lines_of(self.model.content_notes.through))

    def update(self, **values) -> int:
        """Update the rows and the search index, and count the change to invalidate caches."""
        if "body" in values:  # readers get it as it is until it is rendered (rerender_posts)
            values = {"body_html": "", "render_version": 0, **values}
        # No savepoint: every transaction that posts a comment ends with this.
        with transaction.atomic(using=self.db, savepoint=False):
            reindexed = SEARCHED & values.keys() and list(self.values_list("pk", flat=True))
            changed = super().update(**{"revision": new_version(), **values})
            if reindexed:
                posts = self.model.objects.filter(pk__in=reindexed)
                SearchEntry.put(SEARCH_KIND, (post.searched for post in posts))
            ChangeCounter.count(everywhere=bool(LINKED & values.keys()))
        return changed

    update.alters_data = True

    def delete(self):
        """Delete the posts, and remember their sources so that no import brings them back."""
        with transaction.atomic(using=self.db):
            RemovedSource.remember(RemovedSource.Kind.POST, self)
            SearchEntry.drop(SEARCH_KIND, list(self.values_list("pk", flat=True)))
            gone = super().delete()
            Blog.touch()
        return gone

    delete.alters_data = True
    delete.queryset_only = True

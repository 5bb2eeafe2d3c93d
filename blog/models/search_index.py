"""The index of search: what can be found, folded, in one table for all kinds of texts.

Whoever writes a text that readers can find calls ``put`` in the same transaction, whoever
removes one calls ``drop``. Who may see what is not kept here: each search asks that anew.
"""

from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.db.models import Count, Window
from django.db.models.expressions import RawSQL

from blog import html_to_text
from blog.fulltext import backends
from blog.fulltext.normalization import folded
from blog.models.content_notes import ContentWarning

BATCH = 200


class IndexedText(NamedTuple):
    """What can be found of one row: plain words, and the date that orders it among others."""

    key: int
    title: str
    text: str
    date: datetime

    @classmethod
    def of_html(cls, key, title, html, date):
        """Return the ``Text`` of a row whose text is HTML."""
        return cls(key, title, html_to_text.words(html), date)


class SearchHit(NamedTuple):
    """What the list of results shows of a row: plain words, its address, who wrote it."""

    key: int
    title: str
    text: str
    date: datetime
    address: str
    writer: str
    closed_behind: ContentWarning | None


class SearchEntryQuerySet(models.QuerySet):
    def matching(self, query):
        """Entries that hold what a ``blog.fulltext.query.Query`` wants: titles first, then the
        newest.

        Each knows how many there are in all (``among``): to count them is to look for them again.
        """
        # blog.fulltext.backends writes statements of its own words only; what was typed is a
        # parameter.
        found = RawSQL(*backends.match_sql(query), output_field=models.BooleanField())  # noqa: S611
        titled = RawSQL(*backends.title_rank_sql(query), output_field=models.IntegerField())  # noqa: S611
        rows = self.filter(found).annotate(titled=titled, among=Window(Count("*")))
        return rows.order_by("-titled", "-date", "-id")


class SearchEntry(models.Model):
    """One text that search can find. Written by ``put`` alone: see blog.fulltext.backends.

    On PostgreSQL a column ``vector`` and its index stand beside these, on SQLite an FTS5
    table and triggers; a migration that alters this table on SQLite has to make those again.
    """

    kind = models.CharField(max_length=20)
    key = models.BigIntegerField()
    title = models.TextField()
    text = models.TextField()
    date = models.DateTimeField()

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="blog_search_entry_unique"),
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"

    @classmethod
    def put(cls, kind, texts, batch=BATCH):
        """Store these ``Text`` rows of a kind, in place of what was stored under their keys.

        ``batch``: of how many one statement takes care, and memory holds the folded texts.
        """
        rows = []
        for each in texts:
            rows.append((kind, each.key, folded(each.title), folded(each.text), each.date))
            if len(rows) == batch:
                backends.store_rows(rows)
                rows = []
        backends.store_rows(rows)

    @classmethod
    def drop(cls, kind, keys):
        """Forget the rows of these keys, a list or a queryset of them."""
        cls.objects.filter(kind=kind, key__in=keys).delete()

    @classmethod
    def let_go(cls):
        """Leave nothing in the database's index of what was dropped: see
        ``blog.fulltext.backends``.
        """
        backends.backend().let_go()

    @classmethod
    def differing(cls, kind, texts):
        """Return the keys that are stored otherwise than these texts say, or not at all, or
        though none of them has it."""
        rows = cls.objects.filter(kind=kind).values_list("key", "title", "text", "date")
        stored = {row[0]: hash(row[1:]) for row in rows.iterator(chunk_size=BATCH)}
        wrong = [
            each.key
            for each in texts
            if stored.pop(each.key, None)
            != hash((folded(each.title), folded(each.text), each.date))
        ]
        return sorted([*wrong, *stored])

"""The search index: folded texts of every kind in one table.

Code that stores a searchable text calls ``SearchEntry.put`` in the same transaction, code that
deletes one calls ``drop``. Visibility is not stored here: each search checks it anew.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple, Self

from django.db import models

from blog import html_to_text
from blog.fulltext import backends
from blog.fulltext.backends import Match
from blog.fulltext.normalization import folded
from blog.fulltext.query import Query
from blog.models.content_notes import ContentWarning

BATCH = 200


class IndexedText(NamedTuple):
    """The searchable plain text of one row, and the date by which results are sorted.

    ``language`` is its code; "" where nobody has said it.
    """

    key: int
    title: str
    text: str
    date: datetime
    language: str = ""

    @property
    def folded(self) -> tuple[str, str, datetime]:
        """Title, text and date as they are stored."""
        title, text = (folded(each, self.language) for each in (self.title, self.text))
        return title, text, self.date

    @classmethod
    def of_html(cls, key: int, title: str, html: str, date: datetime) -> Self:
        """Return the ``IndexedText`` of a row whose text is HTML."""
        return cls(key, title, html_to_text.words(html), date)


class SearchHit(NamedTuple):
    """A search result before highlighting: plain text, address, date and author."""

    key: int
    title: str
    text: str
    date: datetime
    address: str
    writer: str
    closed_behind: ContentWarning | None


class SearchEntry(models.Model):
    """One indexed text. Only written by ``put``; see blog.fulltext.backends.

    PostgreSQL has another column ``vector`` with two indexes, SQLite two FTS5 tables with triggers;
    a migration that alters this table on SQLite has to recreate those.
    """

    kind = models.CharField(max_length=20)
    key = models.BigIntegerField()
    title = models.TextField()
    text = models.TextField()
    date = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="blog_search_entry_unique"),
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"

    @classmethod
    def put(cls, kind: str, texts: Iterable[IndexedText], batch: int = BATCH) -> None:
        """Insert or replace the entries of these texts.

        ``batch`` is the number of texts per statement, and of folded texts in memory.
        """
        rows = []
        for each in texts:
            rows.append((kind, each.key, *each.folded))
            if len(rows) == batch:
                backends.store_rows(rows)
                rows = []
        backends.store_rows(rows)

    @classmethod
    def matching(
        cls, query: Query, posts: bool = True, others: bool = True
    ) -> tuple[list[Match], bool]:
        """Return the matches of a query, best first, whoever may see them.

        ``posts``, ``others``: whether to look among posts, and among everything else. Also whether
        there are more than a search looks at (``backends.NEAR``).
        """
        return backends.newest(query, posts=posts, others=others)

    @classmethod
    def drop(cls, kind: str, keys: Collection[int] | models.QuerySet) -> None:
        """Delete the entries of these keys."""
        cls.objects.filter(kind=kind, key__in=keys).delete()

    @classmethod
    def differing(cls, kind: str, texts: Iterable[IndexedText]) -> list[int]:
        """Return the keys of entries of a kind that are missing, outdated or superfluous."""
        rows = cls.objects.filter(kind=kind).values_list("key", "title", "text", "date")
        stored = {row[0]: hash(row[1:]) for row in rows.iterator(chunk_size=BATCH)}
        wrong = [each.key for each in texts if stored.pop(each.key, None) != hash(each.folded)]
        return sorted([*wrong, *stored])

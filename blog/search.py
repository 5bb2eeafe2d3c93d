"""Site search over every source of ``settings.SEARCH_SOURCES``.

A source is a module with ``KIND`` (of its rows in the index), ``LABEL`` (of the checkbox by which
readers leave it out; None: always searched), ``visible()`` (a subquery of the keys that anybody may
find now), ``hits(keys)`` (a ``SearchHit`` for each of these that is still visible) and ``texts()``
(an ``IndexedText`` for everything that belongs in the index). This module is itself the source of
posts and pages.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.safestring import SafeString

from blog.fulltext.backends import Match
from blog.fulltext.normalization import is_written_out
from blog.fulltext.query import Query
from blog.fulltext.snippets import highlight, snippet
from blog.models import Post, SearchEntry
from blog.models.content_notes import ContentWarning
from blog.models.querysets import SEARCH_KIND
from blog.models.search_index import IndexedText, SearchHit

KIND, LABEL = SEARCH_KIND, None
MOST = 1_000  # results that are counted and listed: nobody reads the others


@dataclass(frozen=True)
class Result:
    """A line of the result list; ``title`` and ``snippet`` are HTML with the matches in <mark>."""

    kind: str
    address: str
    title: SafeString
    snippet: SafeString
    date: datetime
    writer: str
    closed_behind: ContentWarning | None


def sources() -> list[ModuleType]:
    """Return the modules of ``settings.SEARCH_SOURCES``, in that order."""
    return [import_module(path) for path in settings.SEARCH_SOURCES]


class Found(NamedTuple):
    """The matches that anybody may see, best first: MOST and perhaps one more.

    ``cut``: there may be older ones. ``query`` is the one that was answered, for ``to_results``.
    """

    matches: list[Match]
    cut: bool
    query: Query


def find(query: Query, left_out: Collection[str] = (), language: str = "") -> Found:
    """Return what matches a query and everybody may see.

    ``left_out`` are the kinds of sources with a ``LABEL`` that are not searched, and ``language``
    is the code of the blog's. At most ``backends.NEAR`` matches of posts, and as many of everything
    else, are looked at. Where PostgreSQL looks for a phrase outside posts, it is ``backends.READ``
    entries with all its words. If nobody may see any match, a second look is less exact.
    """
    asked = [each for each in sources() if each.LABEL is None or each.KIND not in left_out]
    query = query.written_out() if is_written_out(language) else query
    found = _look(query, asked)
    if found.matches or found.cut or (loose := query.loosely()) == query:
        return found
    return _look(loose, asked)


def _look(query, asked):
    if not query:
        return Found([], False, query)
    kinds = {source.KIND for source in asked}
    matches, cut = SearchEntry.matching(query, KIND in kinds, bool(kinds - {KIND}))
    seen = []
    # Of so many as are listed. Only where some of them are hidden, others are asked for.
    for start in range(0, len(matches), MOST + 1):
        seen += _visible(matches[start : start + MOST + 1], asked)
        if len(seen) > MOST:
            break
    return Found(seen[: MOST + 1], cut, query)


def _visible(matches, asked):
    """Return those of these matches that anybody may see; one query per source."""
    visible = set()
    for source in asked:
        if keys := [match.key for match in matches if match.kind == source.KIND]:
            rows = source.visible()
            # Written out: Django takes longer for a thousand parameters than the database.
            column = f"{rows.model._meta.db_table}.{rows.model._meta.pk.column}"
            sql = f"{column} IN ({', '.join(str(int(key)) for key in keys)})"
            rows = rows.filter(RawSQL(sql, (), BooleanField()))  # noqa: S611  numbers alone
            visible |= {(source.KIND, key) for key in rows.values_list("pk", flat=True)}
    return [match for match in matches if (match.kind, match.key) in visible]


def to_results(matches: Iterable[Match], query: Query) -> list[Result]:
    """Return a ``Result`` for each match that is still visible; one or two queries per source."""
    results = {}
    for source in sources():
        keys = [match.key for match in matches if match.kind == source.KIND]
        for hit in source.hits(keys) if keys else ():
            results[source.KIND, hit.key] = _result(source.KIND, hit, query.wanted)
    places = [(match.kind, match.key) for match in matches]
    return [results[place] for place in places if place in results]


def _result(kind, hit, terms):
    title, text = highlight(hit.title, terms), snippet(hit.text, terms)
    return Result(kind, hit.address, title, text, hit.date, hit.writer, hit.closed_behind)


def build() -> dict[str, int]:
    """Rebuild the index, one transaction per source; return ``{kind: number of texts}``."""
    counts = {}
    for source in sources():
        with transaction.atomic():
            SearchEntry.objects.filter(kind=source.KIND).delete()
            SearchEntry.put(source.KIND, source.texts())
            counts[source.KIND] = SearchEntry.objects.filter(kind=source.KIND).count()
    return counts


def check() -> dict[str, list[int]]:
    """Return ``{kind: [keys]}`` of the entries that differ from their sources."""
    return {s.KIND: wrong for s in sources() if (wrong := SearchEntry.differing(s.KIND, s.texts()))}


# -- posts and pages -----------------------------------------------------------------------


def visible() -> QuerySet:
    """Return the keys of the published posts and pages, as a subquery."""
    return Post.objects.published().order_by().values("pk")


def texts() -> Iterator[IndexedText]:
    """Yield the ``IndexedText`` of every post and page, published or not."""
    for post in Post.objects.order_by("pk").iterator(100):
        yield post.searched


def hits(keys: Collection[int]) -> Iterator[SearchHit]:
    """Yield a ``SearchHit`` for each of these posts and pages that is published."""
    posts = Post.objects.published().filter(pk__in=keys).with_notes()
    for post in posts.select_related("author"):
        text = post.searched.text
        yield SearchHit(
            post.pk,
            post.title,
            text,
            post.published_at,
            post.get_absolute_url(),
            post.author.name,
            post.closed_behind,
        )

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
from django.db.models import BooleanField, Case, Exists, OuterRef, QuerySet, When
from django.utils.safestring import SafeString

from blog.fulltext.query import Query
from blog.fulltext.snippets import highlight, snippet
from blog.models import Post, SearchEntry
from blog.models.content_notes import ContentWarning
from blog.models.querysets import SEARCH_KIND
from blog.models.search_index import IndexedText, SearchHit

KIND, LABEL = SEARCH_KIND, None


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
    """The visible index entries that match a query, best first.

    ``cut``: there may be older ones. ``query`` is the one that was answered, for ``to_results``.
    """

    entries: QuerySet[SearchEntry]
    cut: bool
    query: Query


def find(query: Query, left_out: Collection[str] = ()) -> Found:
    """Return what matches a query and everybody may see.

    ``left_out`` are the kinds of sources with a ``LABEL`` that are not searched. At most
    ``backends.NEAR`` matches of posts, and as many of everything else, are looked at. Where
    PostgreSQL looks for a phrase outside posts, it is ``backends.READ`` entries with all its words.
    """
    if not query:
        return Found(SearchEntry.objects.none(), False, query)
    asked = [each for each in sources() if each.LABEL is None or each.KIND not in left_out]
    kinds = {source.KIND for source in asked}
    # Asked of each match alone: the list of all visible comments is long. By CASE, since SQLite
    # would go through all entries of a kind rather than through the matches; and with a second
    # condition of the key, without which PostgreSQL may make a hash of all that is visible.
    visible = Case(
        *(
            When(
                kind=source.KIND,
                then=Exists(source.visible().filter(pk=OuterRef("key"), pk__gte=OuterRef("key"))),
            )
            for source in asked
        ),
        default=False,
        output_field=BooleanField(),
    )
    matches = SearchEntry.objects.matching(query, KIND in kinds, bool(kinds - {KIND}))
    return Found(matches.filter(visible).defer("title", "text"), matches.cut, matches.asked)


def to_results(entries: Iterable[SearchEntry], query: Query) -> list[Result]:
    """Return a ``Result`` for each entry that is still visible; one or two queries per source."""
    results = {}
    for source in sources():
        keys = [entry.key for entry in entries if entry.kind == source.KIND]
        for hit in source.hits(keys) if keys else ():
            results[source.KIND, hit.key] = _result(source.KIND, hit, query.wanted)
    places = [(entry.kind, entry.key) for entry in entries]
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

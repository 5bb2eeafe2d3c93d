"""Search: what a query finds, in every source of ``settings.SEARCH_SOURCES``.

A source is a module with ``KIND`` (of its rows in the index), ``LABEL`` (of the tick by which
readers ask for it; None: always asked), ``visible()`` (the keys of what anybody may find now),
``found(keys)`` (an iterable of ``Found`` for those of them that are visible still) and
``texts()`` (the ``Text`` of all that belongs into the index). This module is the source of
posts and pages itself.
"""

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.safestring import SafeString

from blog.fulltext.snippets import highlight, snippet
from blog.models import Post, SearchEntry
from blog.models.content_notes import ContentWarning
from blog.models.querysets import SEARCH_KIND
from blog.models.search_index import SearchHit

KIND, LABEL = SEARCH_KIND, None


@dataclass(frozen=True)
class Result:
    """A line of the list; ``title`` and ``snippet`` are HTML with what was found marked."""

    kind: str
    address: str
    title: SafeString
    snippet: SafeString
    date: datetime
    writer: str
    closed_behind: ContentWarning | None


def sources():
    """Return the modules of ``settings.SEARCH_SOURCES``, in their order."""
    return [import_module(path) for path in settings.SEARCH_SOURCES]


def find(query, ticked=()):
    """Return the entries of the index for a ``blog.fulltext.query.Query``, best first, as a
    queryset.

    ``ticked``: kinds of sources that are asked only if a reader wishes.
    """
    if not query:
        return SearchEntry.objects.none()
    asked = Q(pk__in=[])
    for source in sources():
        if source.LABEL is None or source.KIND in ticked:
            asked |= Q(kind=source.KIND, key__in=source.visible())
    return SearchEntry.objects.matching(query).filter(asked).defer("title", "text")


def to_results(entries, query):
    """Return the ``Result`` of each of these entries; a query or two for each source."""
    results = {}
    for source in sources():
        keys = [entry.key for entry in entries if entry.kind == source.KIND]
        for found in source.hits(keys) if keys else ():
            results[source.KIND, found.key] = _result(source.KIND, found, query.wanted)
    places = [(entry.kind, entry.key) for entry in entries]
    return [results[place] for place in places if place in results]


def _result(kind, found, terms):
    title, text = highlight(found.title, terms), snippet(found.text, terms)
    address, closed_behind = found.address, found.closed_behind
    return Result(kind, address, title, text, found.date, found.writer, closed_behind)


def build():
    """Make the index anew, source by source; return ``{kind: how many texts}``."""
    counts = {}
    for source in sources():
        with transaction.atomic():
            SearchEntry.objects.filter(kind=source.KIND).delete()
            SearchEntry.put(source.KIND, source.texts())
            counts[source.KIND] = SearchEntry.objects.filter(kind=source.KIND).count()
    return counts


def check():
    """Return ``{kind: [keys]}`` for what the index has otherwise than the sources say."""
    return {s.KIND: wrong for s in sources() if (wrong := SearchEntry.differing(s.KIND, s.texts()))}


# -- posts and pages -----------------------------------------------------------------------


def visible():
    """The keys of what lists may show now."""
    return Post.objects.published().order_by().values("pk")


def texts():
    """Yield the ``Text`` of every post and page, published or not."""
    for post in Post.objects.order_by("pk").iterator(100):
        yield post.searched


def hits(keys):
    """Yield the ``Found`` of these posts and pages."""
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

"""Comments in the blog's search index: the text of the visible ones.

Updated in the transaction in which a comment becomes visible, changes or disappears. Names are
not indexed, so that nobody can search for a person.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from blog.models import SearchEntry
from blog.models.search_index import IndexedText
from comments.tree.status import Status

KIND = "comment"


def text_of(key: int, html: str, date: datetime) -> IndexedText:
    """Return the ``IndexedText`` of a comment from its key, ``body_html`` and ``created_at``."""
    return IndexedText.of_html(key, "", html, date)


def update_index(comments: QuerySet) -> None:
    """Index the visible ones of these comments."""
    store_texts(texts(comments))


def store_texts(texts: Iterable[IndexedText], **options: int) -> None:
    """Index these texts of visible comments; ``options`` are those of ``SearchEntry.put``."""
    SearchEntry.put(KIND, texts, **options)


def store_loaded(rows: Iterable, keys: Mapping) -> None:
    """Index the visible ones of these ``bulk_load.Incoming``; ``keys`` maps their keys to ours."""
    visible = [row for row in rows if row.status == Status.APPROVED]
    texts = (text_of(keys[row.key], row.body_html, row.created_at) for row in visible)
    store_texts(texts, batch=len(visible))


def texts(comments: QuerySet) -> Iterator[IndexedText]:
    """Yield the ``IndexedText`` of each visible one of these comments."""
    rows = comments.filter(status=Status.APPROVED).order_by("pk")
    for row in rows.values_list("pk", "body_html", "created_at").iterator(500):
        yield text_of(*row)


def remove_from_index(keys: Sequence[int]) -> None:
    """Remove the comments with these keys from the index."""
    SearchEntry.drop(KIND, keys)

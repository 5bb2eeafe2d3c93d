"""Comments in the blog's search index: the text of the visible ones.

Called where a comment becomes visible, changes or goes, inside that transaction. No name is
kept, so that nobody can look for a person.
"""

from blog.models import SearchEntry
from blog.models.search_index import IndexedText
from comments.tree.status import Status

KIND = "comment"


def text_of(key, html, date):
    """Return the ``IndexedText`` of a comment: its key, ``body_html`` and ``created_at``."""
    return IndexedText.of_html(key, "", html, date)


def update_index(comments):
    """Put the visible ones of these comments (a queryset) into the index."""
    store_texts(texts(comments))


def store_texts(texts, **options):
    """Put these texts of visible comments into the index; ``batch`` as ``SearchEntry.put``."""
    SearchEntry.put(KIND, texts, **options)


def store_loaded(rows, keys):
    """Index the visible ones of these ``bulk_load.Incoming``; ``keys``: ``{theirs: ours}``."""
    seen = [row for row in rows if row.status == Status.APPROVED]
    texts = (text_of(keys[row.key], row.body_html, row.created_at) for row in seen)
    store_texts(texts, batch=len(seen))


def texts(comments):
    """Yield the ``IndexedText`` of each visible comment of a queryset."""
    rows = comments.filter(status=Status.APPROVED).order_by("pk")
    for row in rows.values_list("pk", "body_html", "created_at").iterator(500):
        yield text_of(*row)


def remove_from_index(keys):
    """Take the comments of these keys (a list) out of the index."""
    SearchEntry.drop(KIND, keys)

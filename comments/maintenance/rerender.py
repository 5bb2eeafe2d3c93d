"""Giving stored comments the HTML of the present rules, while people go on reading and writing.

Goes by key in batches and takes no lock of a thread: a row is written only if it is still as
it was read, so that an edit made meanwhile wins. Until then a page shows the old HTML.
"""

from django.db import models, transaction

from blog.models import Post
from comments import markup
from comments.models import Comment
from comments.tree import search_index

BATCH = 500


def rerender():
    """Render every comment whose HTML is of older rules; return how many rows were written.

    Can be stopped and started again at any time.
    """
    written, last = 0, 0
    while rows := _batch(last):
        last = rows[-1].pk
        fresh = [(row, markup.render(row.body)) for row in rows]
        with transaction.atomic():
            done = [row for row, html in fresh if _write(row, html)]
            search_index.update_index(Comment.objects.filter(pk__in=[row.pk for row in done]))
            _tell(done)
        written += len(done)
    return written


def _batch(last):
    old = Comment.objects.filter(pk__gt=last, render_version__lt=markup.RENDER_VERSION)
    columns = ("pk", "body", "render_version", "tree_id", "post_id")
    return list(old.order_by("pk").values_list(*columns, named=True)[:BATCH])


def _write(row, html):
    as_read = Comment.objects.filter(pk=row.pk, body=row.body, render_version=row.render_version)
    return as_read.update(body_html=html, render_version=markup.RENDER_VERSION)


def _tell(rows):
    """Raise the versions by which caches know the threads and the posts; the posts last."""
    plain = Comment.objects.plain()
    for tree in sorted({row.tree_id for row in rows}):
        plain.filter(pk=tree).update(version=models.F("version") + 1)
    for post in sorted({row.post_id for row in rows}):
        Post(pk=post).touch()

"""Renders stored comments again after a change of the markup rules, while the blog is in use.

Works in batches by key and locks no thread: a row is written only if it is unchanged since it was
read, so that an edit made meanwhile wins. Until then pages show the old HTML.
"""

from django.db import transaction

from accounts.models import new_version
from blog.importers.html import convert
from blog.models import Post
from comments import markup
from comments.models import Comment
from comments.tree import search_index

BATCH = 500
# Until then the importer wrote backslashes, backticks and numbered lists, which are text now.
FEW_MARKS = 3


def rerender() -> int:
    """Render every comment with an older ``render_version``; return how many were written.

    It can be interrupted and repeated at any time.
    """
    written, last = 0, 0
    while rows := _batch(last):
        last = rows[-1].pk
        fresh = [(row, body, markup.render(body)) for row in rows for body in [_source(row)]]
        with transaction.atomic():
            done = [row for row, body, html in fresh if _write(row, body, html)]
            search_index.update_index(Comment.objects.filter(pk__in=[row.pk for row in done]))
            _invalidate(done)
        written += len(done)
    return written


def _batch(last):
    old = Comment.objects.filter(pk__gt=last, render_version__lt=markup.RENDER_VERSION)
    columns = ("pk", "body", "body_html", "render_version", "source", "edited_at")
    columns += ("tree_id", "post_id")
    return list(old.order_by("pk").values_list(*columns, named=True)[:BATCH])


def _source(row):
    """Return the source to render: as it was typed, or as the importer would write it now.

    What it wrote for earlier rules was never typed by anybody; the HTML says what was.
    """
    if row.source and not row.edited_at and row.render_version < FEW_MARKS and row.body_html:
        return convert.comment_markdown(row.body_html).text
    return row.body


def _write(row, body, html):
    as_read = Comment.objects.filter(pk=row.pk, body=row.body, render_version=row.render_version)
    new = {"body": body, "body_html": html, "render_version": markup.RENDER_VERSION}
    return as_read.update(**new)


def _invalidate(rows):
    """Renew the versions that cache keys use, of the threads and then of the posts."""
    plain = Comment.objects.plain()
    for tree in sorted({row.tree_id for row in rows}):
        plain.filter(pk=tree).update(version=new_version())
    for post in sorted({row.post_id for row in rows}):
        Post(pk=post).touch()

"""Comments as a search source (``settings.SEARCH_SOURCES``; see blog.search)."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog.models.search_index import IndexedText, SearchHit
from comments.models import Comment
from comments.tree import search_index

KIND = search_index.KIND
LABEL = gettext_lazy("Leave out comments")


def visible() -> QuerySet:
    """Return a queryset of the keys of comments that the feed of all comments may show."""
    return Comment.objects.listed().order_by().values("pk")


def texts() -> Iterator[IndexedText]:
    """Yield the ``IndexedText`` of every approved comment."""
    return search_index.texts(Comment.objects.all())


def hits(keys: Iterable[int]) -> Iterator[SearchHit]:
    """Yield the ``SearchHit`` of each of these comments."""
    comments = Comment.objects.listed().filter(pk__in=keys).with_names()
    comments = comments.select_related("post", "user", "content_note")
    for comment in comments.order_by():
        names = {"name": comment.writer_name, "title": comment.post.title}
        title = _("%(name)s on %(title)s") % names
        yield SearchHit(
            comment.pk,
            title,
            comment.words,
            comment.created_at,
            comment.get_absolute_url(),
            comment.writer_name,
            comment.closed_behind,
        )

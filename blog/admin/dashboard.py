"""An author's own unfinished and scheduled posts, for the first page of the admin."""

from typing import NamedTuple

from blog.models import Post, PostRevision

SHOWN = 6  # of each kind; the change list has all


class AuthorPosts(NamedTuple):
    """``unsaved`` are posts never saved so far, as ``PostRevision``s with a ``title``."""

    unsaved: list
    drafts: list
    scheduled: list


def author_posts(person):
    """Return a person's ``AuthorPosts``: newest first, scheduled posts by date of publication."""
    own = Post.objects.filter(author=person).only("title", "updated_at", "published_at")
    drafts = own.drafts().order_by("-updated_at", "-pk")
    return AuthorPosts(_never_saved(person), list(drafts[:SHOWN]), list(own.to_come()[:SHOWN]))


def _never_saved(person):
    rows = PostRevision.objects.unsaved_by(person, None).newest_of_forms()[:SHOWN]
    keys = [row.pk for row in rows]
    titles = PostRevision.objects.filter(pk__in=keys).values_list("pk", "fields__title")
    title_of = dict(titles)
    for row in rows:
        row.title = title_of[row.pk] or ""
    return rows

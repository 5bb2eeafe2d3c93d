"""What an author finds on her desk: what she has begun, and what is yet to appear."""

from typing import NamedTuple

from blog.models import Post, PostRevision

SHOWN = 6  # of each kind; the list of posts has the others


class AuthorPosts(NamedTuple):
    """``unsaved`` are new posts that were never saved, as ``PostRevision``s with a ``title``."""

    unsaved: list
    drafts: list
    scheduled: list


def author_posts(person):
    """Return the ``Writing`` of this person, the newest first; what appears next stands first."""
    hers = Post.objects.filter(author=person).only("title", "updated_at", "published_at")
    drafts = hers.drafts().order_by("-updated_at", "-pk")
    return AuthorPosts(_never_saved(person), list(drafts[:SHOWN]), list(hers.to_come()[:SHOWN]))


def _never_saved(person):
    rows = PostRevision.objects.unsaved_by(person, None).newest_of_forms()[:SHOWN]
    keys = [row.pk for row in rows]
    titles = PostRevision.objects.filter(pk__in=keys).values_list("pk", "fields__title")
    found = dict(titles)
    for row in rows:
        row.title = found[row.pk] or ""
    return rows

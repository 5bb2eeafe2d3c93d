"""The tags of a post, and other posts that have some of them: one query for both."""

from collections import Counter
from typing import NamedTuple

from django.db.models import BigAutoField, Case, DateTimeField, F, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from blog.models import Post, Tag
from blog.permalinks import path_of
from blog.prepared import prepared

SHOWN = 3
NEWEST = 12  # of each tag are looked at: a tag may gather thousands


class Related(NamedTuple):
    """A post to read next: what a link to it needs."""

    title: str
    address: str


def tags_and_related(post, but=()):
    """Return ``(tags, related)``: the post's ``Tag``s by name, and up to SHOWN ``Related``.

    Those that share most tags come first, then the newest. ``but``: slugs of posts to which
    the page leads anyway.
    """
    tags, shared, posts = {}, Counter(), {}
    for tag, name, slug, key, title, address, date in _rows(post=post.pk, now=timezone.now()):
        tags[tag] = Tag(pk=tag, name=name, slug=slug)
        if key != post.pk and address not in but:
            shared[key] += 1
            posts[key] = (date, key, Related(title, path_of(post.kind, address)))
    best = sorted(posts, key=lambda key: (shared[key], *posts[key][:2]), reverse=True)
    named = sorted(tags.values(), key=lambda tag: (tag.name, tag.pk))
    return named, [posts[key][2] for key in best[:SHOWN]]


@prepared(post=BigAutoField(), now=DateTimeField())
def _rows(post, now):
    through = Post.tags.through.objects
    others = Post.objects.published(now).filter(kind=Post.Kind.POST).order_by()
    own_first = Case(When(post=post, then=Value(0)), default=Value(1))
    order = [own_first, F("post__published_at").desc(), F("post_id").desc()]
    return (
        through.filter(tag__in=through.filter(post=post).values("tag"))
        .filter(Q(post=post) | Q(post__in=others))
        .annotate(place=Window(RowNumber(), partition_by="tag_id", order_by=order))
        .filter(place__lte=NEWEST + 1)
        .values_list(
            "tag_id",
            "tag__name",
            "tag__slug",
            "post_id",
            "post__title",
            "post__slug",
            "post__published_at",
        )
    )

"""Links below a post: its tags, related posts, and the previous and next post of its series."""

from collections import Counter
from typing import NamedTuple

from django.db.models import (
    BigAutoField,
    Case,
    F,
    Q,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from blog.models import Post, Tag
from blog.permalinks import path_of

SHOWN = 3
NEWEST = 12  # posts looked at per tag: a tag may have thousands


class Link(NamedTuple):
    """Title and path of a link to a post or a page."""

    title: str
    address: str


class Links(NamedTuple):
    """The links below a post.

    ``tags`` are sorted by name, ``related`` posts by the number of shared tags, then newest first.
    ``previous`` and ``next`` are the neighbouring published posts of its series, or None.
    """

    tags: list[Tag]
    related: list[Link]
    previous: Link | None = None
    next: Link | None = None


def links_of(post: Post) -> Links:
    """Return the ``Links`` of a stored post, in one query."""
    tags, shared, posts, beside = {}, Counter(), {}, {}
    place = (post.series_position, post.pk)
    for tag, name, slug, key, title, address, date, at in _rows(post):
        link = Link(title, path_of(post.kind, address))
        if tag is None:
            beside["next" if (at, key) > place else "previous"] = link
            continue
        tags[tag] = Tag(pk=tag, name=name, slug=slug)
        if key != post.pk:
            shared[key] += 1
            posts[key] = (date, key, link)
    best = sorted(posts, key=lambda key: (shared[key], *posts[key][:2]), reverse=True)
    named = sorted(tags.values(), key=lambda tag: (tag.name, tag.pk))
    related = [link for key in best if (link := posts[key][2]) not in beside.values()]
    return Links(named, related[:SHOWN], **beside)


def _rows(post):
    tagged = _sharing_tags(post)
    if post.series_id is None or post.series_position is None:
        return tagged
    return tagged.union(_beside(post), all=True)


def _sharing_tags(post):
    """Return the post once per tag, and the newest posts of each of its tags."""
    through = Post.tags.through.objects
    others = Post.objects.published().filter(kind=Post.Kind.POST).order_by()
    own_first = Case(When(post=post.pk, then=Value(0)), default=Value(1))
    order = [own_first, F("post__published_at").desc(), F("post_id").desc()]
    return (
        through.filter(tag__in=through.filter(post=post.pk).values("tag"))
        .filter(Q(post=post.pk) | Q(post__in=others))
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
            "place",
        )
    )


def _beside(post):
    """Return the previous and next post of the series, as rows without a tag."""
    at, key = post.series_position, post.pk
    others = Post.objects.published().filter(series=post.series_id)
    before = Q(series_position__lt=at) | Q(series_position=at, pk__lt=key)
    after = Q(series_position__gt=at) | Q(series_position=at, pk__gt=key)
    last = others.filter(before).order_by("-series_position", "-pk").values("pk")[:1]
    first = others.filter(after).order_by("series_position", "pk").values("pk")[:1]
    beside = Post.objects.filter(Q(pk=Subquery(last)) | Q(pk=Subquery(first))).order_by()
    none = [Value(None, BigAutoField()), Value(""), Value("")]
    return beside.values_list(*none, "pk", "title", "slug", "published_at", "series_position")

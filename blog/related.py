"""Links below a post: its tags, related posts, and the previous and next one.

Those are of its series, or by date where it has none.
"""

from collections import Counter
from typing import NamedTuple

from django.db.models import (
    BigAutoField,
    Case,
    Count,
    DateTimeField,
    F,
    Q,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber

from blog.models import Post, Tag
from blog.permalinks import path_of

SHOWN = 3
NEWEST = 12  # posts looked at per tag: a tag may have thousands
NO_TAG = [Value(None, BigAutoField()), Value(""), Value("")]


class Link(NamedTuple):
    """Title and path of a link to a post or a page."""

    title: str
    address: str


class Links(NamedTuple):
    """The links below a post.

    ``tags`` are sorted by name, ``related`` posts by the number of shared tags, then newest first.
    ``previous`` and ``next`` are the neighbouring published posts of its series, or by date if it
    is in none; or None. ``part`` of ``parts`` is its place among the published ones of its series.
    """

    tags: list[Tag]
    related: list[Link]
    previous: Link | None = None
    next: Link | None = None
    part: int | None = None
    parts: int | None = None


def links_of(post: Post) -> Links:
    """Return the ``Links`` of a stored post, in one query."""
    tags, shared, posts, beside, part = {}, Counter(), {}, {}, {}
    in_series = _is_in_series(post)
    place = (post.series_position if in_series else post.published_at, post.pk)
    for tag, name, slug, key, title, address, date, at in _rows(post):
        if not address:
            part = {"part": at + 1, "parts": key}
            continue
        link = Link(title, path_of(post.kind, address))
        if tag is None:
            their_place = (at if in_series else date, key)
            beside["next" if their_place > place else "previous"] = link
            continue
        tags[tag] = Tag(pk=tag, name=name, slug=slug)
        if key != post.pk:
            shared[key] += 1
            posts[key] = (date, key, link)
    best = sorted(posts, key=lambda key: (shared[key], *posts[key][:2]), reverse=True)
    named = sorted(tags.values(), key=lambda tag: (tag.name, tag.pk))
    listed = beside.values() if in_series else ()
    related = [link for key in best if (link := posts[key][2]) not in listed]
    return Links(named, related[:SHOWN], **beside, **part)


def _rows(post):
    tagged = _sharing_tags(post)
    if _is_in_series(post):
        others = Post.objects.published().filter(series=post.series_id)
        beside = _beside(others, "series_position", post.series_position, post.pk)
        if post.is_public and post.status in Post.APPEARS_BY_DATE:
            return tagged.union(beside, _part(others, post), all=True)
        return tagged.union(beside, all=True)
    if post.kind == Post.Kind.PAGE or post.published_at is None:
        return tagged
    others = Post.objects.published().filter(kind=Post.Kind.POST)
    return tagged.union(_beside(others, "published_at", post.published_at, post.pk), all=True)


def _is_in_series(post):
    return post.series_id is not None and post.series_position is not None


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


def _before(name, at, key):
    """Return what stands before this place in the order of a field."""
    return Q(**{f"{name}__lt": at}) | Q(**{name: at, "pk__lt": key})


def _beside(others, name, at, key):
    """Return the previous and next post in the order of a field, as rows without a tag."""
    after = Q(**{f"{name}__gt": at}) | Q(**{name: at, "pk__gt": key})
    last = others.filter(_before(name, at, key)).order_by(f"-{name}", "-pk").values("pk")[:1]
    first = others.filter(after).order_by(name, "pk").values("pk")[:1]
    beside = Post.objects.filter(Q(pk=Subquery(last)) | Q(pk=Subquery(first))).order_by()
    place = Coalesce("series_position", 0)
    return beside.values_list(*NO_TAG, "pk", "title", "slug", "published_at", place)


def _part(others, post):
    """Return how many parts the series has and how many precede the post, as a row of its own."""
    before = _before("series_position", post.series_position, post.pk)
    counted = others.order_by().annotate(all=Value(1)).values("all")
    # A preview counts itself among those that are published.
    parts = Count("pk", filter=~Q(pk=post.pk)) + 1
    counted = counted.annotate(parts=parts, before=Count("pk", filter=before))
    nothing = [Value(""), Value(""), Value(None, DateTimeField())]
    return counted.values_list(*NO_TAG, "parts", *nothing, "before")

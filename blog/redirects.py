"""Lookup of old addresses, of this blog or of the one it was imported from.

The old address of a post that the viewer may not see is not found either.
"""

import re
from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from blog.models import OldAddress, Post, Series, Tag
from blog.permalinks import normalize_path

# What WordPress appends to a post's address, and what may precede it.
TAILS = re.compile(
    r"/(?:comment-page-\d+|page/\d+|\d+|feed(?:/(?:atom|rss2?|rdf))?|amp|embed|trackback)$",
    re.ASCII,
)
HEAD = re.compile(r"^/index\.php(?=/)")
OWN = re.compile(r"^(/posts/[^/]+)/(.+)$")
OF_GATHERING = re.compile(r"^/(tags|series)/([^/]+)/(feed/)?$")
GATHERINGS = {"tags": Tag, "series": Series}


def current_path(path: str, viewer: User | AnonymousUser) -> str | None:
    """Return the current path of the post, tag or series that was at ``path`` (decoded), or None.

    A subpath of a post of this blog, such as ``reply/``, is kept.
    """
    if renamed := OF_GATHERING.match(path):
        return _gathering_now(*renamed.groups(default=""))
    try:
        old = normalize_path(path)
    except ValueError:  # such as //[ : not an address at all
        return None
    post, subpath, own = post_at(candidates(old), viewer), "", OWN.match(path)
    if own and not post:
        post, subpath = post_at([normalize_path(own[1])], viewer), own[2]
    return post and post.get_absolute_url() + subpath


def _gathering_now(kind, slug, subpath):
    """Return the current path of a renamed tag or series; None while it has no published post."""
    listed = GATHERINGS[kind].objects.filter(posts__in=Post.objects.published().posts())
    gathering = listed.filter(old_slugs__slug=slug).first()
    return gathering and gathering.get_absolute_url() + subpath


def post_at(paths: Sequence[str], viewer: User | AnonymousUser) -> Post | None:
    """Return the post of the first of these normalized paths that this viewer may see, or None."""
    rows = OldAddress.objects.filter(path__in=paths, post__in=Post.objects.visible_to(viewer))
    by_path = {row.path: row.post for row in rows.select_related("post")}
    return next((by_path[path] for path in paths if path in by_path), None)


def candidates(path: str) -> list[str]:
    """Return the paths under which a post may be stored for this normalized one, likeliest first.

    They lack what WordPress puts before or after a post's address, such as ``/feed``.
    """
    paths = [path]
    for shorten in (HEAD, TAILS, TAILS):
        paths += [shorter for each in paths if (shorter := shorten.sub("", each)) != each]
    return [each for each in paths if each]

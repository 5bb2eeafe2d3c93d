"""Which post an old address stands for, of this blog or of the one it was moved from.

A post that a viewer may not see has no old addresses either.
"""

import re

from blog.models import OldAddress, Post, Series, Tag
from blog.permalinks import normalize_path

# What WordPress puts after a post's address, and what may stand before it.
TAILS = re.compile(
    r"/(?:comment-page-\d+|page/\d+|\d+|feed(?:/(?:atom|rss2?|rdf))?|amp|embed|trackback)$",
    re.ASCII,
)
HEAD = re.compile(r"^/index\.php(?=/)")
OWN = re.compile(r"^(/posts/[^/]+)/(.+)$")
OF_GATHERING = re.compile(r"^/(tags|series)/([^/]+)/(feed/)?$")
GATHERINGS = {"tags": Tag, "series": Series}


def current_path(path, viewer):
    """Return the present path of the post, tag or series that was at ``path`` (decoded), or None.

    What follows the address of a post of this blog, such as ``reply/``, follows the new one.
    """
    if renamed := OF_GATHERING.match(path):
        return _gathering_now(*renamed.groups(default=""))
    try:
        old = normalize_path(path)
    except ValueError:  # such as //[ : not an address at all
        return None
    post, rest, part = post_at(candidates(old), viewer), "", OWN.match(path)
    if part and not post:
        post, rest = post_at([normalize_path(part[1])], viewer), part[2]
    return post and post.get_absolute_url() + rest


def _gathering_now(kind, slug, rest):
    """Return the present path of a renamed tag or series; None when readers find no post there."""
    listed = GATHERINGS[kind].objects.filter(posts__in=Post.objects.published().posts())
    gathering = listed.filter(old_slugs__slug=slug).first()
    return gathering and gathering.get_absolute_url() + rest


def post_at(paths, viewer):
    """Return the post of the first of these stored paths that leads to one this viewer may see."""
    found = OldAddress.objects.filter(path__in=paths, post__in=Post.objects.visible_to(viewer))
    by_path = {old.path: old.post for old in found.select_related("post")}
    return next((by_path[path] for path in paths if path in by_path), None)


def candidates(path):
    """Return the stored forms that could stand for this normal path, the likeliest first."""
    found = [path]
    for shorten in (HEAD, TAILS, TAILS):
        found += [shorter for item in found if (shorter := shorten.sub("", item)) != item]
    return [item for item in found if item]

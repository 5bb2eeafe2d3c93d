"""The address that a post will have, shown in its form before anybody publishes it."""

from urllib.parse import unquote

from blog import permalinks
from blog.models import Post

PLACE = "-slug-"  # stands for the slug in a pattern


def patterns() -> dict[str, str]:
    """Return the whole address of posts and of pages by kind, with ``PLACE`` for the slug."""
    return {kind: permalinks.absolute(permalinks.path_of(kind, PLACE)) for kind in Post.Kind.values}


def shown(fields: dict, post: Post | None) -> str:
    """Return the whole address for the fields of a form as people read it; "" without a title.

    ``post`` is the stored post, or None for a new one.
    """
    kind = fields.get("kind")
    kind = kind if kind in Post.Kind.values else (post.kind if post else Post.Kind.POST)
    slug = permalinks.slug_of(fields.get("slug") or "")
    if not slug and post and post.has_been_public:
        slug = post.slug
    elif not slug and (title := (fields.get("title") or "").strip()):
        slug = permalinks.free_slug(title, kind, but=post and post.pk)
    return unquote(permalinks.absolute(permalinks.path_of(kind, slug))) if slug else ""

"""What a person wrote on the blog, for their public profile page."""

from accounts.models import User
from blog.models import Post

SHOWN = 20  # posts, newest first; older ones are in the archive


def profile_posts(person: User, number: int) -> tuple[str, dict[str, object]]:
    """Return a person's newest posts as ``(template, context)``, on the first page alone.

    One of ``settings.PROFILE_SECTIONS``.
    """
    posts = Post.objects.published().posts().filter(author=person)
    shown = posts.only("kind", "title", "slug", "published_at")[: SHOWN + 1] if number == 1 else []
    found = list(shown)
    context = {"posts": found[:SHOWN], "has_more": len(found) > SHOWN}
    return "blog/lists/_profile_posts.html", context

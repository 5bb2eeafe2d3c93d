"""Renders stored posts again after a change of the rules (``blog/rendering/``).

Also one of ``settings.DUE_WORK``, so that an upgrade needs no command. Locks nothing: a row is
written only if its text is the one that was read, so that an edit made meanwhile wins. Until then
readers get what was rendered before.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from blog.models import Post
from blog.rendering.post_html import RENDER_VERSION


def due_since() -> datetime | None:
    """Return now if a post waits: readers miss nothing meanwhile, so it is never late."""
    return timezone.now() if _old().exists() else None


def do_due(going: Callable[[], bool] = lambda: True) -> None:
    """Render posts as long as there is time."""
    rerender(going)


def rerender(going: Callable[[], bool] = lambda: True) -> int:
    """Render every post with an older ``render_version``, one by one; return how many."""
    written, last = 0, 0
    while post := _old().filter(pk__gt=last).order_by("pk").first():
        if not going():
            break
        last = post.pk
        post.render()
        new = {"body_html": post.body_html, "render_version": RENDER_VERSION}
        written += Post.objects.filter(pk=last, body=post.body).update(**new)
        post.touch()
    return written


def _old():
    return Post.objects.filter(render_version__lt=RENDER_VERSION).only("body", "language")

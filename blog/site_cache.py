"""A cache of what is the same for every reader, keyed by a version of the whole site.

The menu, the tags of a post: whatever they are made of, a change of it renews
``ChangeCounter.everywhere`` or ``NameChangeCounter`` in its own transaction, or is a scheduled
post whose time has come. These three make up the version, which is read together with the blog's
settings on each request, so that no machine ever serves a stale value.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db.models import Model, QuerySet, Subquery

from accounts.models import NameChangeCounter
from blog.models import ChangeCounter, Post

KEPT_FOR = 24 * 3600  # seconds


def with_version(rows: QuerySet) -> QuerySet:
    """Return the queryset annotated with what :func:`version_of` reads."""
    published = Post.objects.published().order_by("-published_at")
    return rows.annotate(
        everywhere=Subquery(ChangeCounter.objects.values("everywhere")[:1]),
        name_changes=Subquery(NameChangeCounter.objects.values("count")[:1]),
        newest=Subquery(published.values("published_at")[:1]),
    )


def version_of(row: Model) -> str | None:
    """Return the version of the site; None if ``row`` was not read by :func:`with_version`."""
    if not hasattr(row, "everywhere"):
        return None
    parts = (settings.RELEASE, row.everywhere, row.name_changes, row.newest)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def remembered(version: str | None, name: str, make: Callable[[], Any], keep: bool = True) -> Any:
    """Return ``make()``, cached under ``name`` for as long as the site has this version.

    With None as the version, nothing is cached and the result is always fresh. Without ``keep``
    what is cached is used, and nothing is added.
    """
    if version is None:
        return make()
    key = f"site:{name}:{version}"
    cache = caches["pages"]
    found = cache.get(key)
    if found is None:
        found = (make(),)
        if keep:
            cache.set(key, found, KEPT_FOR)
    return found[0]

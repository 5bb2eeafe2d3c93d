"""What is the same for every reader until something changes, kept in the cache under its version.

Settings, the menu, the tags of a post: whatever they are made of, a change of it raises
``Changes.everywhere`` or ``NameChanges`` in its own transaction, or is a post that came by the
clock. These three make the version, which is read with the row of the blog on each request, so
that nothing old is ever found, on any machine.
"""

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.db.models import Subquery

from accounts.models import NameChangeCounter
from blog.models import ChangeCounter, Post

KEPT_FOR = 24 * 3600  # seconds; what nobody asks for makes room


def with_version(rows):
    """Return these rows (a queryset), each with what :func:`version_of` reads."""
    come = Post.objects.published().order_by("-published_at")
    return rows.annotate(
        everywhere=Subquery(ChangeCounter.objects.values("everywhere")[:1]),
        name_changes=Subquery(NameChangeCounter.objects.values("count")[:1]),
        newest=Subquery(come.values("published_at")[:1]),
    )


def version_of(row) -> str | None:
    """Return the version of the site; None where ``row`` was not read by :func:`with_version`."""
    if not hasattr(row, "everywhere"):
        return None
    parts = (settings.RELEASE, row.everywhere, row.name_changes, row.newest)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def remembered(version, name, make):
    """Return ``make()``, or what it returned before while the site had this version.

    Without a version (None) nothing is kept: whoever changes something sees the database.
    """
    if version is None:
        return make()
    key = f"site:{name}:{version}"
    found = cache.get(key)
    if found is None:
        found = (make(),)
        cache.set(key, found, KEPT_FOR)
    return found[0]

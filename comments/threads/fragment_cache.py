"""Threads as finished HTML in the cache, each as long as nothing in it changed.

The key holds the thread's ``version``, which every write to the thread raises in its own
transaction, and all else that its HTML depends on. Threads in which the viewer's own words
wait are never kept. ``comments/threads/_thread.html`` renders one.
"""

import hashlib

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from comments import policy
from comments.threads.thread import Thread

KEPT_FOR = 24 * 3600  # seconds; a thread that nobody reads makes room


class ThreadCache:
    """The kept threads of one post's page; ``version`` is that of the site (blog/site_cache.py)."""

    def __init__(self, builder, settings, version):
        parts = (
            version,  # names change, and content notes have names
            translation.get_language(),
            timezone.get_current_timezone_name(),
            settings.replies_shown,
            settings.display_depth,
            builder.takes_answers,
            builder.offers_support,
            policy.takes_support(builder.post),
            builder.reader_word,
            builder.post.author_id,
        )
        self._page = hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
        self._versions = {}

    def kept(self, versions):
        """Return ``{root: Thread}`` for those in the cache; ``versions`` is ``{root: version}``."""
        self._versions = versions
        keys = {self._key(root): root for root in versions}
        found = cache.get_many(keys)
        return {keys[key]: Thread(html=mark_safe(html)) for key, html in found.items()}  # noqa: S308

    def keep(self, threads):
        """Render these (``{root: Thread}``) and keep them under the versions asked for before."""
        for thread in threads.values():
            thread.html = html_of(thread)
        found = {self._key(root): str(thread.html) for root, thread in threads.items()}
        if found:
            cache.set_many(found, KEPT_FOR)

    def _key(self, root):
        return f"thread:{root}:{self._versions[root]}:{self._page}"


def html_of(thread):
    """Return the HTML of one thread, an ``<li>`` of the list of threads."""
    return render_to_string("comments/threads/_thread.html", {"thread": thread})

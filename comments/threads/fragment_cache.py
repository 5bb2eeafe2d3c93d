"""The cache of rendered threads; an entry is used as long as nothing in its thread changed.

The key holds the thread's ``version``, which every write to the thread renews in its own
transaction, and everything else that its HTML depends on. Threads with comments of the viewer's
own, or opened at a linked comment, are never cached. ``comments/threads/_thread.html`` renders a
thread.

Beside them is kept which threads a page has, under the ``revision`` of the post: as long as nothing
in the conversation changes, a page is put together without reading a single comment.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from comments import policy
from comments.models import ConversationSettings
from comments.threads.nodes import NodeBuilder
from comments.threads.thread import Thread

KEPT_FOR = 24 * 3600  # seconds; threads that nobody reads expire


@dataclass(frozen=True)
class PageIndex:
    """What a page of a conversation shows, for every reader: ``versions`` is ``{root: version}``.

    ``keys`` and ``users`` are those of its comments and their writers: who wrote one of them gets
    a page of their own. ``last`` is the cursor of the latest comment of the whole conversation.
    """

    versions: dict[int, int]
    keys: frozenset[int]
    users: frozenset[int]
    last: str | int
    page_count: int

    def has_own(self, viewer: policy.Viewer) -> bool:
        """Return whether the viewer wrote one of its comments."""
        return viewer.user.pk in self.users or not self.keys.isdisjoint(viewer.own)


class ThreadCache:
    """The cached threads of one post's page; ``version`` is the site's (blog/site_cache.py)."""

    def __init__(self, builder: NodeBuilder, settings: ConversationSettings, version: str | None):
        parts = (
            version,  # changes with the names of people and of content notes
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
        # Without a version of the site, others could not tell how old an index is.
        post = builder.post
        self._index = version and f"conversation:{post.pk}:{post.revision}:{self._page}"

    def index(self, order: str, page: int) -> PageIndex | None:
        """Return the ``PageIndex`` of a page, or None if it has to be read."""
        return caches["pages"].get(f"{self._index}:{order}:{page}") if self._index else None

    def keep_index(self, order: str, page: int, index: PageIndex) -> None:
        """Keep the ``PageIndex`` of a page, read after its post."""
        if self._index:
            caches["pages"].set(f"{self._index}:{order}:{page}", index, KEPT_FOR)

    def kept(self, versions: Mapping[int, int]) -> dict[int, Thread]:
        """Return ``{root: Thread}`` for the cached ones; ``versions`` is ``{root: version}``."""
        self._versions = versions
        keys = {self._key(root): root for root in versions}
        cached = caches["pages"].get_many(keys)
        return {keys[key]: Thread(html=mark_safe(html)) for key, html in cached.items()}  # noqa: S308

    def keep(self, threads: Mapping[int, Thread]) -> None:
        """Render and cache these ``{root: Thread}``, under the versions last given to ``kept``."""
        for thread in threads.values():
            thread.html = html_of(thread)
        entries = {self._key(root): str(thread.html) for root, thread in threads.items()}
        if entries:
            caches["pages"].set_many(entries, KEPT_FOR)

    def _key(self, root):
        return f"thread:{root}:{self._versions[root]}:{self._page}"


def html_of(thread: Thread) -> SafeString:
    """Return the HTML of one thread, an ``<li>`` of the list of threads."""
    return render_to_string("comments/threads/_thread.html", {"thread": thread})

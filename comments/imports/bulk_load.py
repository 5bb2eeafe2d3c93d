"""Bulk loading of comments: from an export of another system, or for a benchmark.

Places, numbers and counts are computed in memory (:mod:`comments.imports.placement`) and written
with few statements in one transaction. Comments loaded before from the same source are left
unchanged, purged ones do not come back, and replies in existing threads are inserted under the
threads' locks. The caller renders the texts beforehand (:func:`render_many`).
"""

import os
import time
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import get_context
from operator import attrgetter

from django.db import models, transaction

from accounts.models import new_version
from blog.models import Post, RemovedSource
from comments import avatars, markup
from comments.imports import primary_keys
from comments.imports.placement import PlacementPlan
from comments.models import Comment, ThreadCounter
from comments.tree import bulk_insert, search_index
from comments.tree.guards import TREE_FIELDS
from comments.tree.repair import BATCH
from comments.tree.status import Status

# From this many texts on, worker processes are worth the time they take to start.
WORTH_PROCESSES = 2000
# Keys of another system are taken over below this: they are 32-bit integers there.
LARGEST_WISH = 2**31


@dataclass(slots=True)
class Incoming:
    """A comment to be loaded.

    ``key`` and ``parent`` are keys of its source, ``post`` and ``user`` ours; a guest has a
    ``name``. ``body_html`` is ``body`` rendered by ``markup.render``. ``wish`` is the key it
    should get here; if None, that is its ``source_id`` where that is a number.
    """

    key: Hashable
    post: int
    body: str
    body_html: str
    created_at: datetime
    parent: Hashable | None = None
    user: int | None = None
    name: str = ""
    email: str = ""
    status: int = Status.APPROVED
    edited_at: datetime | None = None
    approved_at: datetime | None = None
    source: str = ""
    source_id: str = ""
    wish: int | None = None

    @property
    def wished_key(self) -> int | None:
        """The key it should get here if that is free: by default, its number in its source."""
        if self.wish is None and self.source_id.isascii() and self.source_id.isdecimal():
            number = int(self.source_id)
            return number if 0 < number < LARGEST_WISH else None
        return self.wish


@dataclass
class LoadResult:
    """What happened to each of the rows. Keys in the lists are those of the source."""

    keys: dict = field(default_factory=dict)  # {key of the source: our key}, with known ones
    added: list = field(default_factory=list)
    known: list = field(default_factory=list)  # loaded before, left unchanged
    gone: list = field(default_factory=list)  # purged here, left out
    orphans: list = field(default_factory=list)  # parent not found: a thread of its own
    lifted: list = field(default_factory=list)  # attached higher up by the limits of a thread
    indexing: float = 0.0  # seconds spent on the search index


def render_many(texts: Sequence[str], processes: int | None = None) -> list[str]:
    """Return the rendered HTML of each of these texts; many are rendered in several processes."""
    processes = processes or os.cpu_count() or 1
    if processes == 1 or len(texts) < WORTH_PROCESSES:
        return [markup.render(text) for text in texts]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return list(pool.map(markup.render, texts, chunksize=500))


def load(rows: Iterable[Incoming]) -> LoadResult:
    """Store these comments, of any posts, all or none, and return what happened to each.

    ``rows`` may also be other objects with the attributes of ``Incoming``.

    Inside a transaction of the caller's, call it before writing existing posts or comments: it
    waits for other writers, who could be waiting for those rows.
    """
    with transaction.atomic():
        return _Load(rows).run()


class _Load:
    def __init__(self, rows):
        self.manager = Comment.objects
        self.rows = {}
        for row in rows:
            self.rows.setdefault(row.key, row)  # of duplicates, the first counts
        self.loaded = LoadResult()
        self.plan = PlacementPlan()
        self.gone = set()
        self.stored = {}  # {our key: place} of the threads that are added to

    def run(self):
        primary_keys.serialize_loads(self.manager._get_connection())
        self._sort_out()
        new = [self.rows[key] for key in self.loaded.added]
        self._assign_keys(new)
        parents = self._read_threads({row.key: self._parent_key(row) for row in new})
        self._place(new, parents)
        self._count(new)
        bulk_insert.insert(self.manager, self._records(new))
        began = time.perf_counter()
        search_index.store_loaded(new, self.loaded.keys)
        self.loaded.indexing = time.perf_counter() - began
        self._write_counts()
        return self.loaded

    # -- which are new ---------------------------------------------------------------------

    def _sort_out(self):
        wanted = defaultdict(set)
        for row in self.rows.values():
            if row.source:
                wanted[row.source].update({row.source_id, str(row.parent or "")} - {""})
        self.existing, gone = {}, set()
        for source, ids in wanted.items():
            for batch in _batches(sorted(ids)):
                rows = self.manager.plain().filter(source=source, source_id__in=batch)
                for source_id, key, post in rows.values_list("source_id", "pk", "post_id"):
                    self.existing[source, source_id] = key, post
                rows = RemovedSource.objects.filter(kind="comment", source=source)
                gone.update(rows.filter(source_id__in=batch).values_list("source", "source_id"))
        for key, row in self.rows.items():
            pair = row.source, row.source_id
            if row.source and pair in self.existing:
                self.loaded.known.append(key)
                self.loaded.keys[key] = self.existing[pair][0]
            elif row.source and pair in gone:
                self.gone.add(key)
                self.loaded.gone.append(key)
            else:
                self.loaded.added.append(key)

    def _assign_keys(self, new):
        wishes = {}
        for row in new:
            if row.wished_key is not None:
                wishes.setdefault(row.wished_key, row.key)
        granted, fresh = primary_keys.reserve(self.manager, wishes, len(new))
        self.loaded.keys.update((wishes[key], key) for key in granted)
        for row in sorted(new, key=_age):
            if row.key not in self.loaded.keys:
                self.loaded.keys[row.key] = next(fresh)

    # -- where they stand ------------------------------------------------------------------

    def _parent_key(self, row):
        """Return our key of the comment that a row answers, or of its next ancestor not purged."""
        parent, seen = row.parent, set()
        while parent in self.gone and parent not in seen:
            seen.add(parent)
            parent = self.rows[parent].parent
        if parent is None:
            return None
        if parent in self.loaded.keys and self.rows[parent].post == row.post:
            return self.loaded.keys[parent]
        key, post = self.existing.get((row.source, str(parent)), (None, None))
        return key if post == row.post else None

    def _read_threads(self, parents):
        """Lock and read the stored threads with new replies; return ``parents`` less those gone."""
        known = {key for key, _ in self.existing.values()}
        answered = {key for key in parents.values() if key in known}
        while True:
            try:
                trees = set(self.manager.lock_threads(*answered).values())
                break
            except Comment.DoesNotExist:  # purged meanwhile
                answered = set(_existing(self.manager, answered))
        columns = ("pk", "parent_id", *TREE_FIELDS, "created_at")
        for batch in _batches(sorted(trees)):
            rows = self.manager.plain().filter(tree_id__in=batch).order_by("tree_id", "lft")
            for key, parent, tree, lft, rght, level, when in rows.values_list(*columns):
                self.plan.add_stored(key, parent, tree, level, when)
                self.stored[key] = tree, lft, rght, level
        return {key: parent for key, parent in parents.items() if parent not in known - answered}

    def _place(self, new, parents):
        ours = self.loaded.keys
        in_time = sorted(new, key=_age)
        rows = [(ours[row.key], parents.get(row.key), row.created_at) for row in in_time]
        rings = set(self.plan.plant(rows))
        self.loaded.orphans = [
            row.key
            for row in in_time
            if (row.parent is not None and parents.get(row.key) is None) or ours[row.key] in rings
        ]
        self.loaded.lifted = [row.key for row in in_time if ours[row.key] in self.plan.reply_to]
        roots = sorted({self.plan.root[key] for key, *_ in rows})
        self.places = {}
        for root in roots:
            numbered = self.plan.numbered(root)
            self.places.update((key, (root, *place)) for key, place in numbered.items())

    # -- counts ----------------------------------------------------------------------------

    def _count(self, new):
        """Count visible comments by thread and post, and number the threads that become visible."""
        self.visible, self.by_post, posts = Counter(), Counter(), {}
        for row in new:
            root = self.plan.root[self.loaded.keys[row.key]]
            posts[root] = row.post
            self.visible[root] += row.status == Status.APPROVED
            self.by_post[row.post] += row.status == Status.APPROVED
        stored = posts.keys() & self.stored.keys()
        numbered = set(_existing(self.manager.plain().exclude(number=None), stored))
        seen = set(_existing(self.manager.plain().exclude(visible_count=0), stored))
        waiting, again = defaultdict(list), Counter()
        for root, post in posts.items():
            if self.visible[root] and root not in numbered:
                waiting[post].append(root)
            elif self.visible[root] and root not in seen:
                again[post] += 1
        self.numbers = {}
        for post in sorted(waiting.keys() | again.keys()):
            roots = sorted(waiting[post], key=lambda root: (self.plan.when[root], root))
            last = ThreadCounter.next(post, len(roots)) if roots else 0
            ThreadCounter.count(post, again[post])
            self.numbers.update(zip(roots, range(last - len(roots) + 1, last + 1), strict=True))

    def _write_counts(self):
        moved = {
            key: self.places[key]
            for key, place in self.stored.items()
            if key in self.places and self.places[key] != place
        }
        bulk_insert.write_places(self.manager, moved)
        for root in self.visible.keys() & self.stored.keys():
            values = {"number": self.numbers[root]} if root in self.numbers else {}
            self.manager.plain().filter(pk=root).update(
                version=new_version(),
                visible_count=models.F("visible_count") + self.visible[root],
                **values,
            )
        posts = Post.objects.filter(pk__in=self.by_post).order_by("pk")
        # All before the first is touched: touch() also locks what others lock after their post.
        list(posts.select_for_update(no_key=True).values_list("pk"))
        for post in sorted(self.by_post):
            Post(pk=post).touch(comments=self.by_post[post])

    def _records(self, new):
        """Yield the record to store for each row, in the order in which pages read them."""
        plan, ours = self.plan, self.loaded.keys
        for row in sorted(new, key=lambda row: self.places[ours[row.key]][:2]):
            key = ours[row.key]
            visible = row.status == Status.APPROVED
            yield {
                "id": key,
                "post_id": row.post,
                "parent_id": plan.parent[key],
                "reply_to_id": plan.reply_to.get(key),
                "user_id": row.user,
                "name": row.name,
                "email": row.email,
                "body": row.body,
                "body_html": row.body_html,
                "render_version": markup.RENDER_VERSION,
                "status": int(row.status),
                "number": self.numbers.get(key),
                "created_at": row.created_at,
                "edited_at": row.edited_at,
                "approved_at": row.approved_at or (row.created_at if visible else None),
                "visible_count": self.visible[key],
                "source": row.source,
                "source_id": row.source_id,
                "salt": avatars.new_salt(),
                **dict(zip(TREE_FIELDS, self.places[key], strict=True)),
            }


_age = attrgetter("created_at")


def _batches(values):
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]


def _existing(comments, keys):
    for batch in _batches(sorted(keys)):
        yield from comments.filter(pk__in=batch).values_list("pk", flat=True)

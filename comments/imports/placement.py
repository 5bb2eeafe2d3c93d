"""The places of many new comments in their threads, computed in memory before any is stored.

A :class:`PlacementPlan` holds the existing threads, takes new comments by their key and their
parent's key, and applies the limits of depth and size as ``ThreadManager.attach`` does. It needs
neither the database nor any text.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from comments.tree import guards, nested_sets


class PlacementPlan:
    """Threads in memory: the parent, level, root and time of each comment, and its replies.

    Replies are in reading order.
    """

    def __init__(self):
        self.parent, self.level, self.root, self.when = {}, {}, {}, {}
        self.reply_to = {}
        self.children = defaultdict(list)
        self.size = defaultdict(int)

    def add_stored(
        self, key: int, parent: int | None, tree: int, level: int, when: datetime
    ) -> None:
        """Add a stored comment; call in reading order."""
        self._add(key, parent, tree, level, when)
        if parent is not None:
            self.children[parent].append(key)

    def plant(self, rows: Iterable[tuple[int, int | None, datetime]]) -> list[int]:
        """Place all new comments; return the keys of those made roots to break a cycle.

        ``rows`` are ``(key, parent, when)``, the oldest first; a parent may come later than its
        replies. The oldest comment of a cycle becomes a root.
        """
        waiting = defaultdict(list)
        for key, parent, when in rows:
            if parent is None or parent in self.level:
                self._place_with_followers(key, parent, when, waiting)
            else:
                waiting[parent].append((key, when))
        return self._break_cycles(waiting)

    def numbered(self, root: int) -> dict[int, tuple[int, int, int]]:
        """Return ``{key: (lft, rght, level)}`` of a thread."""
        return nested_sets.number(root, self.children)

    def _add(self, key, parent, root, level, when):
        self.parent[key], self.root[key] = parent, root
        self.level[key], self.when[key] = level, when
        self.size[root] += 1

    def _place_with_followers(self, key, parent, when, waiting):
        ready = [(key, parent, when)]
        while ready:
            key, parent, when = ready.pop()
            self._place(key, parent, when)
            followers = waiting.pop(key, ())
            ready.extend((follower, key, its) for follower, its in reversed(followers))

    def _place(self, key, answered, when):
        if answered is None:
            self._add(key, None, key, 0, when)
            return
        parent, root = answered, self.root[answered]
        if self.size[root] >= guards.MAX_THREAD:
            parent = root
        elif self.level[answered] >= guards.MAX_LEVEL:
            parent = self.parent[answered]
        if parent != answered:
            self.reply_to[key] = answered
        self._add(key, parent, root, self.level[parent] + 1, when)
        siblings = self.children[parent]
        place = len(siblings)
        while place and self.when[siblings[place - 1]] > when:
            place -= 1
        siblings.insert(place, key)

    def _break_cycles(self, waiting):
        times = {key: when for rows in waiting.values() for key, when in rows}
        links = {key: parent for parent, rows in waiting.items() for key, _ in rows}
        opened = []
        for ring in nested_sets.ends(links)[1].values():
            oldest = min(ring, key=lambda key: (times[key], key))
            rows = waiting[links[oldest]]
            rows.remove((oldest, times[oldest]))
            self._place_with_followers(oldest, None, times[oldest], waiting)
            opened.append(oldest)
        return opened

"""Where many new comments stand, worked out in memory before a row is written.

A :class:`PlacementPlan` knows the threads that exist already, takes new comments with a key and
their parent's key, and keeps the limits of depth and size as ``ThreadManager.attach`` does.
It knows no database and no words.
"""

from collections import defaultdict

from comments.tree import guards, nested_sets


class PlacementPlan:
    """Threads in memory: who stands below whom, in the order in which they are read."""

    def __init__(self):
        self.parent, self.level, self.root, self.when = {}, {}, {}, {}
        self.reply_to = {}
        self.children = defaultdict(list)
        self.size = defaultdict(int)

    def add_stored(self, key, parent, tree, level, when):
        """Take a stored comment; call in reading order."""
        self._add(key, parent, tree, level, when)
        if parent is not None:
            self.children[parent].append(key)

    def plant(self, rows):
        """Find a place for all new comments; return the keys of those whose parents form a ring.

        ``rows`` are ``(key, parent or None, when)``, the oldest first; a parent may come later
        than its replies. The oldest of a ring becomes a thread.
        """
        waiting = defaultdict(list)
        for key, parent, when in rows:
            if parent is None or parent in self.level:
                self._place_with_followers(key, parent, when, waiting)
            else:
                waiting[parent].append((key, when))
        return self._break_cycles(waiting)

    def numbered(self, root):
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

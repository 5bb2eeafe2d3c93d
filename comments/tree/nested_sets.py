"""The arithmetic of nested sets, without a database.

:func:`number` computes the place of each node of one tree from the parent links alone;
:func:`faults` walks rows in tree order and reports the first fault of each tree;
:func:`flatten` limits the depth, and :func:`ends` finds orphans and cycles. All are iterative:
parent links may be deeper than Python's stack.
"""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping


def number(root: int, children: Mapping[int, list[int]]) -> dict[int, tuple[int, int, int]]:
    """Return ``{key: (lft, rght, level)}`` for the tree below ``root``.

    ``children`` maps a key to the keys of its children in reading order; keys without
    children may be missing.
    """
    places = {}
    edge = 1
    stack = [(root, iter(children.get(root, ())), edge)]
    while stack:
        key, siblings, left = stack[-1]
        edge += 1
        child = next(siblings, None)
        if child is not None:
            stack.append((child, iter(children.get(child, ())), edge))
        else:
            stack.pop()
            places[key] = (left, edge, len(stack))
    return places


def flatten(root: int, children: MutableMapping[int, list[int]], deepest: int) -> dict[int, int]:
    """Move nodes below level ``deepest`` up to it; return ``{key: new parent}`` of those moved.

    Replies to a node at that level become its next siblings. Modifies ``children`` in place.
    """
    moved = {}
    stack = [(root, None, 0)]
    while stack:
        key, above, level = stack.pop()
        replies = children.get(key, [])
        if level == deepest and replies:
            siblings = children[above]
            after = siblings.index(key) + 1
            siblings[after:after] = replies
            children[key] = []
            moved.update(dict.fromkeys(replies, above))
            stack.extend((reply, above, level) for reply in replies)
        else:
            stack.extend((reply, key, level + 1) for reply in replies)
    return moved


def ends(
    parents: Mapping[int, int | None],
) -> tuple[dict[int, int], dict[int, list[int]]]:
    """Follow parent links upwards; return ``({key: its topmost key}, {topmost key: cycle})``.

    ``parents`` maps a key to its parent's or None. A key whose links lead into a cycle gets the
    smallest key of that cycle; below a parent that ``parents`` does not contain, the topmost key
    is the orphan itself.
    """
    tops, rings = {}, {}
    for key in parents:
        path = {}
        here = key
        while here not in tops and here not in path:
            path[here] = None  # a dict: ordered, with fast lookup
            above = parents[here]
            if above is None or above not in parents:
                tops[here] = here
                break
            here = above
        if here not in tops:
            ring = list(path)[list(path).index(here) :]
            rings[min(ring)] = ring
            tops[here] = min(ring)
        tops.update(dict.fromkeys(path, tops[here]))
    return tops, rings


def faults(rows: Iterable[tuple]) -> Iterator[tuple[int, int, str]]:
    """Yield ``(tree_id, key, sentence)`` for the first fault of each tree.

    ``rows`` are ``(key, parent, tree_id, lft, rght, level, post)`` tuples ordered by
    tree_id, lft, key. lft and rght have to be without gaps. One pass; memory grows with the
    depth of a thread, not with its size.
    """
    walk = None
    for key, parent, tree_id, *place in rows:
        if walk is None or walk.tree_id != tree_id:
            if walk is not None:
                yield from walk.end()
            walk = _Walk(tree_id, place[-1])
        yield from walk.step(key, parent, *place)
    if walk is not None:
        yield from walk.end()


class _Walk:
    """The check of one tree: its open branches, and the next edge that is due."""

    def __init__(self, tree_id, post):
        self.tree_id, self.post = tree_id, post
        self.open = []  # (key, rght) from the root down to the last row
        self.due = 1
        self.broken = False

    def step(self, key, parent, lft, rght, level, post):
        if self.broken:
            return
        self._close_finished()
        fault = self._fault(key, parent, lft, rght, level, post)
        if fault:
            self.broken = True
            yield self.tree_id, key, fault
            return
        self.open.append((key, rght))
        self.due += 1

    def end(self):
        if self.broken:
            return
        self._close_finished()
        if self.open:
            key, rght = self.open[-1]
            yield self.tree_id, key, f"rght is {rght}, but its replies end at {self.due}"

    def _close_finished(self):
        while self.open and self.open[-1][1] == self.due:
            self.open.pop()
            self.due += 1

    def _fault(self, key, parent, lft, rght, level, post):
        above = self.open[-1][0] if self.open else None
        if lft != self.due:
            return f"lft is {lft}, expected {self.due}"
        if rght <= lft or (rght - lft) % 2 == 0:
            return f"rght is {rght} with lft {lft}"
        if above != parent:
            return f"parent is {parent}, but it stands below {above}"
        if level != len(self.open):
            return f"level is {level}, expected {len(self.open)}"
        if not self.open and key != self.tree_id:
            return f"tree_id is {self.tree_id}, expected {key}"
        if post != self.post:
            return f"post is {post}, but the thread belongs to {self.post}"
        return None

"""What every way of reading a thread has in common: its rows, and the part of it that is shown.

A thread's whole beginning is loaded and pruned in Python (see :mod:`comments.nodes`).
"""

from dataclasses import dataclass, field
from math import log2

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from comments import nodes
from comments.models import Comment
from comments.nodes import Node

# Rows read beyond those shown, for hidden ones among them.
SLACK = 8
# Letters that would take as much room as a comment's name, date, and links do on a phone.
BESIDE_WORDS = 140
FIRST_STEP, STEPS = 350, 12  # letters; number of steps


class NoSuchPageError(LookupError):
    """There is no such page of this conversation, or nothing on it for this viewer."""


@dataclass(slots=True)
class Thread:
    """Nodes that one ``_thread.html`` shows, and what was cut away after them."""

    nodes: list[Node] = field(default_factory=list)
    replies: int = 0  # in the whole thread, all that everybody sees; 0 where it cannot be folded
    more: int = 0
    more_url: str = ""
    html: str = ""  # finished, where it came from the cache or goes there

    __getitem__ = object.__getattribute__

    @property
    def has_replies(self):
        """Whether the template still has a list of replies to close."""
        return bool(self.nodes) and self.nodes[-1].depth > 0

    @property
    def name(self):
        """Who began it; empty where that comment is not shown."""
        return self.nodes[0].name

    @property
    def size(self):
        """About how much room it takes, as a step: each is half as much again, nearly, as the one
        before. ``static/css/conversation.css`` says how high they are.
        """
        letters = sum(BESIDE_WORDS + len(node.body_html) for node in self.nodes)
        return min(STEPS, max(1, 1 + round(2 * log2(letters / FIRST_STEP))))

    @property
    def replies_in_words(self):
        return ngettext("%(count)s reply", "%(count)s replies", self.replies) % {
            "count": self.replies
        }

    @property
    def fold_label(self):
        """What a screen reader says of the press that folds the replies."""
        words = {"replies": self.replies_in_words, "name": self.name}
        if not self.name:
            return gettext("%(replies)s, fold or unfold") % words
        return gettext("%(replies)s to %(name)s, fold or unfold") % words

    @property
    def folds(self):
        """Whether a press closes the replies, and another opens them."""
        return self.replies > 0 and self.has_replies


def rows(comments, *more):
    """Return these comments (a queryset) as rows of ``nodes.COLUMNS`` and ``more`` annotations, in
    tree order.
    """
    found = comments.with_support().with_lock().order_by("tree_id", "lft")
    return found.values_list(*nodes.COLUMNS, *more, named=True)


def approved(rows):
    """Return how many of the rows everybody sees."""
    return sum(row.status == Comment.Status.APPROVED for row in rows)


def of(builder, rows, top, visible, left_out=()):
    """Return a ``Thread`` of these rows below the comment ``top`` (a key).

    ``visible`` counts the approved comments from the first row to the end of the branch,
    ``left_out`` (``{key: count}``) those that are missing after a row.
    """
    thread = Thread(builder.nodes(rows))
    gaps = dict(left_out)
    for node in thread.nodes:
        if gaps.get(node.pk):
            _go_on(node, top, node.pk, gaps[node.pk])
    _go_on(thread, top, rows and rows[-1].pk, visible - approved(rows) - sum(gaps.values()))
    return thread


def _go_on(place, top, last, count):
    """Let a thread or a node say how many come after the comment ``last`` and where they are."""
    if last and count > 0:
        place.more, place.more_url = count, reverse("comments:after", args=[top, last])


def name_the_absent(shown, reader_word):
    """Name whom nodes answer when that comment stands on another page: one query at most."""
    keys = {node.addressee_key for node in shown if node.addressee_key}
    if not keys:
        return
    found = {row.pk: row for row in rows(Comment.objects.approved().filter(pk__in=keys))}
    for node in shown:
        if row := found.get(node.addressee_key):
            node.answers = nodes.name_of(row, reader_word)

"""Turns rows in tree order into the nodes that templates render.

Hidden comments are pruned in Python and never in SQL, because a filtered tree would silently
attach replies to the wrong comment: a hidden comment with visible replies stays as a tombstone, so
that no reply moves. Lists are flat; each node says where the template opens and closes a nested
list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from itertools import pairwise
from typing import Any, Self

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext

from accounts.text import names
from blog.models import Post
from blog.models.content_notes import ContentWarning, content_warning
from comments import avatars, policy
from comments.avatars import shown_account
from comments.models import Comment, ConversationSettings
from comments.models.comment import edited_in_public
from comments.models.hold_reasons import to_writer
from comments.policy import Viewer, may_see

# On a narrow screen the third level of replies is not indented further than the second: from there
# on a comment names whom it answers.
SAYS_WHOM_FROM = 3

# Metadata of fields that are copied from the column or annotation of the same name: for every
# comment, or only for one that this viewer may see.
ALWAYS, IF_SEEN = {"column": "always"}, {"column": "if seen"}


@dataclass(slots=True)
class CommentNode:
    """One comment, or the tombstone of one, as the template shows it.

    To show another column of the comment, add a field with metadata here.
    """

    pk: int = field(metadata=ALWAYS)
    created_at: datetime = field(metadata=ALWAYS)
    number: int | None = field(default=None, metadata=ALWAYS)
    body_html: str = field(default="", metadata=IF_SEEN)
    supported: bool = field(default=False, metadata=IF_SEEN)
    edited: bool = False  # after readers could see it
    locked: bool = False  # the root of a thread that takes no replies any more
    name: str = ""
    url: str = ""
    person_url: str = ""  # the writer's public profile, if there is one
    picture: str = ""  # the URL of the avatar
    depth: int = 0
    addressee_key: int | None = None
    addressee: str = ""  # the name of whom it answers
    shown_addressee: str = ""  # the same, where its place does not say so
    thread_number: int | None = None
    in_reply_to: str = ""
    reply_url: str | None = None
    by_author: bool = False
    by_account: bool = False
    tombstone: bool = False
    withdrawn: bool = False
    removed: bool = False  # by a moderator
    waiting: bool = False
    receipt_url: str | None = None
    support_url: str | None = None  # the page of its reactions
    report_url: str | None = None  # if no other link leads to a page that has this one
    held_reason: str = ""
    note: ContentWarning | None = None
    legacy_anchor: str = ""  # its key in another system, as an anchor for old links
    opens_list: bool = False
    ends_item: bool = False
    closed_lists: range = range(0)
    more: int = 0  # replies left out between this one and the next
    more_url: str = ""

    # Templates try a key first, and an attribute only after an exception.
    __getitem__ = object.__getattribute__

    @property
    def when(self) -> str:
        """The date and time as readers see it."""
        # Short enough for one line with the name on a phone.
        return formats.date_format(timezone.localtime(self.created_at), "SHORT_DATETIME_FORMAT")

    @property
    def label(self) -> str:
        """The accessible name of its heading: who wrote it, and whom it answers."""
        words = {
            "name": self.name,
            "whom": self.addressee or self.shown_addressee,
            "number": self.thread_number,
        }
        if self.number:
            return gettext("Comment %(number)d by %(name)s") % words
        if not self.in_reply_to:
            return ""
        if not words["whom"]:
            text = gettext("%(name)s, replying to a comment that isn’t available")
        elif self.thread_number:
            text = gettext("%(name)s, replying to %(whom)s, under comment %(number)d")
        else:
            text = gettext("%(name)s, replying to %(whom)s")
        return text % words

    @property
    def paragraph(self) -> str:
        """The inner HTML of a text with one paragraph; empty for any other."""
        html = self.body_html
        inside = html.removeprefix("<p>").removesuffix("</p>")
        return inside if len(html) == len(inside) + 7 and "</p>" not in inside else ""

    @property
    def iso(self) -> str:
        """The date and time in ISO 8601."""
        return self.created_at.isoformat(timespec="seconds")


SHOWN = [each.name for each in fields(CommentNode) if each.metadata]
ON_TOMBSTONES = [each.name for each in fields(CommentNode) if each.metadata == ALWAYS]
# The columns read of a comment: those copied into its node, and those it is computed from.
COLUMNS = (
    *SHOWN,
    *"parent_id reply_to_id tree_id lft rght level status user_id name claimed_at".split(),
    *"user__display_name user__username user__is_public user__is_active".split(),
    *"version visible_count held_because source_id salt verified_address_id".split(),
    *"content_note_id content_note__name locked approved_at edited_at".split(),
)


def prune_hidden(rows: Sequence, viewer: Viewer) -> list:
    """Return the rows that this viewer may see, and the hidden rows above them as tombstones.

    ``rows`` are in tree order.
    """
    kept, below = [], None
    for row in reversed(rows):
        holds_up = below is not None and below.tree_id == row.tree_id and row.level < below.level
        if holds_up or may_see(row, viewer):
            kept.append(row)
            below = row
    kept.reverse()
    return kept


def truncate(rows: list, viewer: Viewer, shown: int, through: int | None = None) -> list:
    """Return the rows of one thread up to its ``shown``-th approved reply.

    ``through`` is the lft of a row to include in any case. Pending comments do not count, so that
    the thread is cut at the same place for everybody. Tombstones at the end are cut too: they
    belong to the replies that are shown later.
    """
    stop, replies = len(rows), 0
    for index, row in enumerate(rows):
        replies += row.level > 0 and row.status == Comment.Status.APPROVED
        if replies > shown and row.lft > (through or 0):
            stop = index
            break
    while stop > 1 and not may_see(rows[stop - 1], viewer):
        stop -= 1
    return rows[:stop]


class NodeBuilder:
    """Builds the nodes of one post's comments for one viewer."""

    def __init__(
        self,
        post: Post,
        viewer: Viewer,
        display_depth: int,
        takes_answers: bool,
        reader_word: str,
        avatar_key: str,
        support: bool = False,
    ):
        self.post, self.viewer, self.reader_word = post, viewer, reader_word
        self.avatar_key = avatar_key
        self.max_depth = display_depth - 1
        self.takes_answers, self.offers_support = takes_answers, support
        self.anchors = set()
        self._permalink = reverse("comments:permalink", args=[0]).replace("/0/", "/{}/")
        self._reply = reverse("comments:reply", args=[0]).replace("/0/", "/{}/")
        self._reaction = reverse("comments:reaction", args=[0]).replace("/0/", "/{}/")
        self._receipt = reverse("comments:own_receipt", args=[0]).replace("/0/", "/{}/")
        self._report = reverse("comments:report", args=[0]).replace("/0/", "/{}/")

    @classmethod
    def for_page(
        cls, post: Post, viewer: Viewer, settings: ConversationSettings, takes_answers: bool
    ) -> Self:
        """Return a builder for a page with these settings."""
        word, key = settings.word_for_a_reader, settings.avatar_key
        depth, support = settings.display_depth, settings.offers_support
        return cls(post, viewer, depth, takes_answers, word, key, support)

    def reserve(self, rows: Iterable) -> None:
        """Reserve the anchors of these rows, so that no alias on the page equals one of them."""
        self.anchors.update(row.pk for row in rows)

    def nodes(self, rows: Sequence) -> list[CommentNode]:
        """Return the nodes for pruned rows of one thread, or of parts of it, in tree order."""
        self.reserve(rows)
        present, nodes, above = {row.pk: row for row in rows}, [], []
        for row in rows:
            while above and above[-1].rght < row.lft:
                above.pop()
            node = self._node(row)
            node.depth = min(len(above), self.max_depth)
            node.thread_number = rows[0].number
            addressee = row.reply_to_id or row.parent_id
            if addressee:
                node.in_reply_to = self._permalink.format(addressee)
                self._name_addressee(node, addressee, present, len(above))
            above.append(row)
            nodes.append(node)
        _mark_lists(nodes)
        return nodes

    def _name_addressee(self, node, addressee, present, true_depth):
        row = present.get(addressee)
        if row is None:
            node.addressee_key = addressee
        elif may_see(row, self.viewer):
            node.addressee = name_of(row, self.reader_word)
            if true_depth >= min(SAYS_WHOM_FROM, self.max_depth + 1):
                node.shown_addressee = node.addressee

    def _node(self, row):
        seen = may_see(row, self.viewer)
        node = CommentNode(
            **{name: getattr(row, name) for name in (SHOWN if seen else ON_TOMBSTONES)}
        )
        node.url = self._permalink.format(row.pk)
        node.legacy_anchor = self._legacy_anchor(row)
        node.locked = row.locked and row.parent_id is None
        if seen:
            self._fill(node, row)
        else:
            node.tombstone, node.withdrawn = True, row.status == Comment.Status.WITHDRAWN
            node.removed = row.status == Comment.Status.REMOVED
        return node

    def _fill(self, node, row):
        """Set what is in no column: who wrote the comment, and what this viewer may do."""
        waiting = row.status == Comment.Status.PENDING
        node.name, node.person_url = name_of(row, self.reader_word), person_url_of(row)
        node.picture = avatars.path_of(self.avatar_key, row)
        account = shown_account(row)
        node.by_account = account is not None
        node.edited = edited_in_public(row)
        node.by_author = node.by_account and account == self.post.author_id
        if row.content_note_id:
            node.note = content_warning([(row.content_note_id, row.content_note__name)])
        if waiting:
            node.waiting, node.held_reason = True, to_writer(row.held_because)
        else:
            node.support_url = self._support_url(row)
            node.reply_url = self._reply.format(row.pk) if self._takes(row) else None
        if self._is_own(row):
            node.receipt_url = self._receipt.format(row.pk)
        elif not (self._takes(row) or node.support_url or waiting):
            node.report_url = self._report.format(row.pk)

    def _support_url(self, row):
        """Return the link to the reactions, if there are any or the comment takes no replies.

        Otherwise the page behind "Answer" offers them.
        """
        if not self.offers_support:
            return None
        if self._is_own(row):
            return self._receipt.format(row.pk) if row.supported else None
        alone = not self._takes(row) and policy.takes_support(self.post)
        return self._reaction.format(row.pk) if row.supported or alone else None

    def _takes(self, row):
        """Return whether readers may reply to this comment."""
        return self.takes_answers and not row.locked

    def _is_own(self, row):
        return self.viewer.wrote(row.pk, row.user_id)

    def _legacy_anchor(self, row):
        if not row.source_id.isdecimal() or (old := int(row.source_id)) in self.anchors:
            return ""
        self.anchors.add(old)
        return str(old)


def name_of(row: Any, reader_word: str = "") -> str:
    """Return the writer's name, as readers see it, for a row of COLUMNS.

    ``reader_word`` is the name on disowned comments.
    """
    if shown_account(row) is not None:
        return names.shown(row.user__display_name or row.user__username)
    return names.shown(row.name) or reader_word or gettext("a reader")


def person_url_of(row: Any) -> str:
    """Return the path of the writer's public profile for a row of COLUMNS, or an empty string."""
    if not (shown_account(row) and row.user__is_public and row.user__is_active):
        return ""
    return reverse("accounts:person", args=[row.user__username])


def _mark_lists(nodes):
    """Mark where nested lists open and close; the template closes level 0 after the last node."""
    for node, following in pairwise(nodes):
        node.ends_item = following.depth <= node.depth
        node.closed_lists = range(max(0, node.depth - following.depth))
        following.opens_list = following.depth > node.depth
    if nodes and nodes[-1].depth:
        nodes[-1].ends_item = True
        nodes[-1].closed_lists = range(nodes[-1].depth - 1)

"""Turns rows in tree order into the nodes that templates render.

Hidden comments are pruned in Python and never in SQL, because a filtered tree would
silently hang replies below the wrong comment: a hidden comment with visible replies stays
as a tombstone, so that nobody's answer moves. Lists are flat; each node says where the
template opens and closes a nested list.
"""

from dataclasses import dataclass, field, fields
from datetime import datetime
from itertools import pairwise

from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.translation import gettext

from blog.models.content_notes import ContentWarning, content_warning
from comments import avatars, policy
from comments.avatars import shown_account
from comments.models import Comment
from comments.models.moderation import to_writer
from comments.policy import may_see

# On a narrow screen the third level of replies stands flat beside the second: from there on
# a comment says whom it answers.
SAYS_WHOM_FROM = 3


# What a node takes as it is from the column or annotation of the same name: of every comment, and
# of one that this viewer sees.
ALWAYS, IF_SEEN = {"column": "always"}, {"column": "if seen"}


@dataclass(slots=True)
class CommentNode:
    """One comment, or the tombstone of one, as the template shows it.

    A further column of the comment becomes one more line here, and what shows it in the template.
    """

    pk: int = field(metadata=ALWAYS)
    created_at: datetime = field(metadata=ALWAYS)
    number: int | None = field(default=None, metadata=ALWAYS)
    body_html: str = field(default="", metadata=IF_SEEN)
    edited_at: datetime | None = field(default=None, metadata=IF_SEEN)
    supported: bool = field(default=False, metadata=IF_SEEN)
    locked: bool = False  # says that nobody answers in this thread any more
    name: str = ""
    url: str = ""
    person_url: str = ""  # of the writer's public page, if there is one
    picture: str = ""  # the address of the drawn one
    depth: int = 0
    addressee_key: int | None = None
    answers: str = ""  # the name of whom it answers, where its place does not say so
    whom: str = ""  # the same name, also where its place says so
    thread_number: int | None = None
    in_reply_to: str = ""
    reply_url: str | None = None
    by_author: bool = False
    by_account: bool = False
    tombstone: bool = False
    withdrawn: bool = False
    waiting: bool = False
    receipt_url: str | None = None
    support_url: str | None = None  # where one sees that others are with the writer, or joins them
    report_url: str | None = None  # where no other link leads to a page that has this one
    held_reason: str = ""
    note: ContentWarning | None = None
    alias: str = ""  # its number in another system, where old links look for it
    opens: bool = False
    ends: bool = False
    closes: range = range(0)
    more: int = 0  # replies that are left out after this one, before the next
    more_url: str = ""

    # A template asks for a key first, and for an attribute only after an exception.
    __getitem__ = object.__getattribute__

    @property
    def when(self):
        # Short enough for one line with the name on a phone. Translators: Django's date format.
        return dateformat.format(timezone.localtime(self.created_at), gettext("j M Y, H:i"))

    @property
    def label(self):
        """What a screen reader says for the name alone, as it goes from heading to heading."""
        words = {"name": self.name, "whom": self.whom or self.answers, "number": self.thread_number}
        if self.number:
            return gettext("Number %(number)d, %(name)s") % words
        if not self.in_reply_to:
            return ""
        if not words["whom"]:
            said = gettext("%(name)s, in answer to a comment that is not shown")
        elif self.thread_number:
            said = gettext("%(name)s, in answer to %(whom)s, under number %(number)d")
        else:
            said = gettext("%(name)s, in answer to %(whom)s")
        return said % words

    @property
    def paragraph(self):
        """What stands inside the only paragraph of the words; empty where there is more."""
        html = self.body_html
        inside = html.removeprefix("<p>").removesuffix("</p>")
        return inside if len(html) == len(inside) + 7 and "</p>" not in inside else ""

    @property
    def iso(self):
        return self.created_at.isoformat(timespec="seconds")


SHOWN = [each.name for each in fields(CommentNode) if each.metadata]
ON_TOMBSTONES = [each.name for each in fields(CommentNode) if each.metadata == ALWAYS]
# What is read of a comment: what its node shows, and what the node is made from.
COLUMNS = (
    *SHOWN,
    *"parent_id reply_to_id tree_id lft rght level status user_id name claimed_at".split(),
    *"user__display_name user__username user__is_public user__is_active".split(),
    *"version visible_count held_because source_id salt proved_address_id".split(),
    *"content_note_id content_note__name locked".split(),
)


def prune_hidden(rows, viewer):
    """Return the rows that this viewer sees, and tombstones above them; one pass backwards.

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


def truncate(rows, viewer, shown, through=None):
    """Return the rows of one thread up to its ``shown``-th approved reply.

    ``through`` is the lft of a row up to which they are shown at least. What waits does not
    count, so that everybody's page is cut at the same place. The cut never leaves a
    tombstone at the end: it belongs to the replies that are shown later.
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
    """Makes nodes for one viewer on one post."""

    def __init__(
        self, post, viewer, display_depth, takes_answers, reader_word, avatar_key, support=False
    ):
        self.post, self.viewer, self.reader_word = post, viewer, reader_word
        self.avatar_key = avatar_key
        self.deepest = display_depth - 1
        self.takes_answers, self.offers_support = takes_answers, support
        self.anchors = set()
        self._permalink = reverse("comments:permalink", args=[0]).replace("/0/", "/{}/")
        self._reply = reverse("comments:reply", args=[0]).replace("/0/", "/{}/")
        self._reaction = reverse("comments:reaction", args=[0]).replace("/0/", "/{}/")
        self._receipt = reverse("comments:own_receipt", args=[0]).replace("/0/", "/{}/")
        self._report = reverse("comments:report", args=[0]).replace("/0/", "/{}/")

    @classmethod
    def of(cls, post, viewer, settings, takes_answers):
        """Return the builder for a page that the row of ``ConversationSettings`` shapes."""
        word, key = settings.word_for_a_reader, settings.avatar_key
        depth, support = settings.display_depth, settings.offers_support
        return cls(post, viewer, depth, takes_answers, word, key, support)

    def reserve(self, rows):
        """Keep the anchors of these rows from being given to another comment of the page."""
        self.anchors.update(row.pk for row in rows)

    def nodes(self, rows):
        """Return the nodes for pruned rows of one thread, or of parts of it in tree order."""
        self.reserve(rows)
        present, nodes, above = {row.pk: row for row in rows}, [], []
        for row in rows:
            while above and above[-1].rght < row.lft:
                above.pop()
            node = self._node(row)
            node.depth = min(len(above), self.deepest)
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
            node.whom = name_of(row, self.reader_word)
            if true_depth >= min(SAYS_WHOM_FROM, self.deepest + 1):
                node.answers = node.whom

    def _node(self, row):
        seen = may_see(row, self.viewer)
        node = CommentNode(
            **{name: getattr(row, name) for name in (SHOWN if seen else ON_TOMBSTONES)}
        )
        node.url = self._permalink.format(row.pk)
        node.alias = self._alias(row)
        node.locked = row.locked and row.parent_id is None
        if seen:
            self._fill(node, row)
        else:
            node.tombstone, node.withdrawn = True, row.status == Comment.Status.WITHDRAWN
        return node

    def _fill(self, node, row):
        """Work out what stands in no column: who wrote it, and what this viewer may do."""
        waiting = row.status == Comment.Status.PENDING
        node.name, node.person_url = name_of(row, self.reader_word), person_url_of(row)
        node.picture = avatars.path_of(self.avatar_key, row)
        account = shown_account(row)
        node.by_account = account is not None
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
        """The form behind "Answer" offers support too; a link of its own says that there is some,
        or stands where no answer is taken.
        """
        if not self.offers_support:
            return None
        if self._is_own(row):
            return self._receipt.format(row.pk) if row.supported else None
        alone = not self._takes(row) and policy.takes_support(self.post)
        return self._reaction.format(row.pk) if row.supported or alone else None

    def _takes(self, row):
        """Whether readers may answer this comment."""
        return self.takes_answers and not row.locked

    def _is_own(self, row):
        return self.viewer.wrote(row.pk, row.user_id)

    def _alias(self, row):
        if not row.source_id.isdecimal() or (old := int(row.source_id)) in self.anchors:
            return ""
        self.anchors.add(old)
        return str(old)


def name_of(row, reader_word=""):
    """Return the name that readers see for a row of COLUMNS.

    ``reader_word`` is the name on disowned comments.
    """
    if shown_account(row) is not None:
        return row.user__display_name or row.user__username
    return row.name or reader_word or gettext("a reader")


def person_url_of(row):
    """Return the path of the public page of who wrote a row of COLUMNS, or an empty text."""
    if not (shown_account(row) and row.user__is_public and row.user__is_active):
        return ""
    return reverse("accounts:person", args=[row.user__username])


def _mark_lists(nodes):
    """Say where nested lists open and close; the last node leaves level 0 to the template."""
    for node, following in pairwise(nodes):
        node.ends = following.depth <= node.depth
        node.closes = range(max(0, node.depth - following.depth))
        following.opens = following.depth > node.depth
    if nodes and nodes[-1].depth:
        nodes[-1].ends = True
        nodes[-1].closes = range(nodes[-1].depth - 1)

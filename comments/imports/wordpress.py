"""Import of the comments of a WordPress export.

Texts are converted and rendered before the transaction and spooled to disk; only the structure of
the threads is held in memory. :mod:`comments.imports.bulk_load` handles keys, places and comments
imported before.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.text import names
from blog.import_loader.people import People
from blog.import_loader.report import Report
from blog.import_loader.spool import Spool
from blog.importers.comment_order import order_comments
from blog.importers.html.convert import comment_markdown
from blog.importers.records import Item
from blog.importers.survey import Survey
from blog.models import RemovedSource
from comments.imports import bulk_load
from comments.models import Comment
from comments.models.hold_reasons import HoldReason
from comments.tree.repair import BATCH
from comments.tree.status import Status

STATUSES = {
    "approved": Status.APPROVED,
    "pending": Status.PENDING,
    "spam": Status.SPAM,
    "trash": Status.REMOVED,
}
MAX_NAME = 80
# Texts rendered at a time: enough to be worth several processes, few enough for memory.
AT_ONCE = 10_000
PROBLEMS = {
    "duplicate": _("Comments that are in the file twice; the first one is used"),
    "missing parent": _("Replies to comments that aren’t in the file; now top-level comments"),
    "parent on another post": _("Replies to comments on another post; now top-level comments"),
    "own parent": _("Comments that reply to themselves; now top-level comments"),
    "circle": _(
        "Comments that reply to each other in a circle; the oldest is now a top-level comment"
    ),
    "reply to a ping": _("Replies to pingbacks and trackbacks; now top-level comments"),
}


@dataclass(slots=True)
class ImportedComment:
    """A ``bulk_load.Incoming`` whose texts are read from the spool."""

    key: int
    parent: int | None
    post: str | int  # the post's number in the export, until ``load`` sets its key here
    writer: str | None
    name: str
    email: str
    status: int
    created_at: datetime
    source: str
    source_id: str
    spool: Spool
    ticket: tuple | None = None
    user: int | None = None
    wish: int | None = None
    edited_at: datetime | None = None
    approved_at: datetime | None = None

    wished_key = bulk_load.Incoming.wished_key

    @property
    def body(self) -> str:
        return self.spool.get(self.ticket)[0]

    @property
    def body_html(self) -> str:
        return self.spool.get(self.ticket)[1]


class ConversationLoader:
    """Loads the comments of one export.

    ``prepare`` or ``leave`` each item, then ``finish``, then ``load`` in a transaction.
    """

    def __init__(
        self,
        survey: Survey,
        people: People,
        report: Report,
        spool: Spool,
        keep_emails: bool = False,
    ):
        self._survey, self._people, self._keep_emails = survey, people, keep_emails
        self._report, self._spool = report, spool
        self._rows, self._waiting = [], []
        stored = Comment.objects.plain().filter(source=survey.source)
        columns = stored.values_list("source_id", "status", "edited_at").iterator()
        self._here = {key: (status, edited) for key, status, edited in columns}
        gone = RemovedSource.objects.filter(kind=RemovedSource.Kind.COMMENT, source=survey.source)
        self._gone = set(gone.values_list("source_id", flat=True))
        self._met, self._missing = set(), set()

    def leave(self, item: Item) -> None:
        """Count the comments of an item that is not imported."""
        talk = sum(comment.is_talk for comment in item.comments)
        if talk:
            self._report.count("comments", "found", talk)
            self._report.skip(_("comments on skipped items"), "comments", talk)
        self._skip_others(Counter(c.type for c in item.comments if not c.is_talk))

    def prepare(self, item: Item) -> None:
        """Take the comments of an item whose post is or will be imported."""
        arranged = order_comments(item.comments, self._survey.elsewhere(item.post_id))
        self._skip_others(arranged.skipped)
        moved = {}
        for problem in arranged.problems:
            if problem.kind == "duplicate":
                self._report.count("comments", "found")
                self._report.count("comments", "skipped")
            if problem.kind == "missing parent":  # it may have been imported before
                moved[problem.comment_id] = problem.parent
                self._missing.add(problem.comment_id)
            else:
                self._tell(problem.kind, problem.comment_id, problem.parent)
        for placed in arranged.comments:
            self._report.count("comments", "found")
            parent = moved.get(placed.comment.id, placed.parent)
            if placed.comment.id in self._met:  # the post itself is in the file twice
                self._report.count("comments", "skipped")
                continue
            self._met.add(placed.comment.id)
            self._get(item, placed.comment, parent)

    def finish(self) -> None:
        """Render the remaining texts; call it after the last item."""
        if not self._waiting:
            return
        htmls = bulk_load.render_many([body for _row, body in self._waiting])
        for (row, body), html in zip(self._waiting, htmls, strict=True):
            row.ticket = self._spool.put(body, html)
        self._waiting = []

    def load(self, posts: Mapping[str, int]) -> None:
        """Store the new comments; ``posts`` is ``{number in the export: key}``."""
        self._rows = [row for row in self._rows if row.post in posts]
        for row in self._rows:
            row.post = posts[row.post]
            row.user = None if row.writer is None else self._people.of_login(row.writer)
        if all(row.ticket is None for row in self._rows):
            return  # nothing is new: take no lock, leave the sequence alone
        rows = {row.key: row for row in self._rows}
        loaded = bulk_load.load(rows.values())
        self._say_why_held([loaded.keys[key] for key in loaded.added if _waits(rows[key])])
        self._tell_about(loaded, rows)

    # -- before the transaction ------------------------------------------------------------

    def _skip_others(self, types):
        for kind, number in types.items():
            self._report.skip(_("comments of type %s") % kind[:40], number=number)

    def _tell(self, kind, comment, parent):
        self._report.problem(PROBLEMS[kind], _answers(comment, parent))

    def _get(self, item, comment, parent):
        status = STATUSES[comment.state]
        row = ImportedComment(
            key=comment.id,
            parent=parent,
            post=str(item.post_id),
            writer=self._people.writer_of(comment),
            name="",
            email="",
            status=status,
            created_at=comment.date or item.date or timezone.now(),
            source=self._survey.source,
            source_id=str(comment.id),
            spool=self._spool,
        )
        self._rows.append(row)
        if row.source_id in self._here:
            stored, edited = self._here[row.source_id]
            self._report.count("comments", "here")
            if edited or stored != status:
                self._report.count("comments", "changed")
        elif row.source_id in self._gone:
            self._report.skip(_("comments that were deleted here"), "comments")
        else:
            self._report.count("comments", "new")
            self._report.statuses[str(status.label)] += 1
            self._complete(row, comment, item)

    def _complete(self, row, comment, item):
        """Give a new comment its name, address and text."""
        texts = self._report.texts
        if row.writer is None:
            row.name = names.shown(comment.name)[:MAX_NAME].strip() or gettext("Anonymous")
            texts["name"] += len(comment.name) > MAX_NAME
            texts["no name"] += not comment.name
            row.email = self._email(comment)
        texts["website"] += bool(comment.url)
        converted = comment_markdown(comment.content, base=item.link)
        texts.update(converted.counts)
        if not converted.text.strip():
            texts["no text"] += 1
        self._waiting.append((row, converted.text.strip("\n") or gettext("(no text)")))
        row.ticket = ()
        if len(self._waiting) >= AT_ONCE:
            self.finish()

    def _email(self, comment):
        if not comment.email:
            return ""
        if self._keep_emails and len(comment.email) <= 254 and _is_address(comment.email):
            return comment.email
        self._report.texts["email"] += 1
        return ""

    # -- inside the transaction ------------------------------------------------------------

    def _say_why_held(self, keys):
        for start in range(0, len(keys), BATCH):
            rows = Comment.objects.filter(pk__in=keys[start : start + BATCH])
            rows.update(held_because=HoldReason.IMPORTED)

    def _tell_about(self, loaded, rows):
        gone, orphans = set(loaded.gone), set(loaded.orphans)
        for key in loaded.added:
            parent = rows[key].parent
            if parent in gone:
                name = _answers(key, parent)
                self._report.problem(
                    _("Replies to comments that were deleted here; moved up one level"), name
                )
            elif key in orphans and key in self._missing:
                self._report.problem(PROBLEMS["missing parent"], _answers(key, parent))
        if lifted := len(loaded.lifted):
            self._report.texts[
                ngettext(
                    "reply moved up because of the nesting limit",
                    "replies moved up because of the nesting limit",
                    lifted,
                )
            ] += lifted


def _answers(comment, parent):
    return gettext("%(comment)s replies to %(parent)s") % {"comment": comment, "parent": parent}


def _waits(row):
    return row.status == Status.PENDING


def _is_address(text):
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True

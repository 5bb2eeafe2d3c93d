"""The records of a WordPress export.

IP addresses are never read from an export. E-mail addresses are left out of ``repr`` so that they
do not end up in a log.
"""

from dataclasses import dataclass, field
from datetime import datetime

PINGS = frozenset({"pingback", "trackback"})
TALK = frozenset({"comment", "review"})  # other types are notes by shops, editors and plugins


class ExportError(Exception):
    """The file cannot be read; the message is one sentence for the person importing it."""


@dataclass(frozen=True, slots=True)
class Site:
    """The old blog: its address (no trailing slash, may be empty), title and language."""

    address: str
    title: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """A person who could write posts. ``author_id`` is 0 if the export has none."""

    login: str
    email: str = field(repr=False)
    display_name: str
    author_id: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """A category ("category"), tag ("post_tag"), or a term of another taxonomy."""

    taxonomy: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment; ``status`` is the raw value, ``state`` the normalized one.

    If the export has no id, ``id`` is negative and derived from the content, so that it is the same
    on every run. ``parent`` is 0 at the top level.
    """

    id: int
    parent: int
    name: str
    email: str = field(repr=False)
    url: str
    user_id: int
    date: datetime | None
    content: str
    status: str
    type: str

    @property
    def state(self) -> str:
        """One of "approved", "pending", "spam" and "trash"; unknown statuses are pending."""
        raw = self.status.lower()
        if raw in ("1", "approve", "approved"):
            return "approved"
        if raw == "spam":
            return "spam"
        return "trash" if raw in ("trash", "post-trashed") else "pending"

    @property
    def is_ping(self) -> bool:
        """Whether it is a pingback or trackback."""
        return self.type in PINGS

    @property
    def is_talk(self) -> bool:
        """Whether it is a comment by a person."""
        return self.type in TALK


@dataclass(frozen=True, slots=True)
class Item:
    """One post, page, attachment or other item; dates are aware, in UTC, or None.

    If the export has no id, ``post_id`` is negative and derived from the address. ``lead`` is the
    id of the featured image, or 0; ``alt`` is the description of an attachment.
    """

    post_id: int
    type: str
    title: str
    link: str
    guid: str
    creator: str
    body: str
    excerpt: str
    slug: str
    status: str
    has_password: bool
    date: datetime | None
    modified: datetime | None
    comment_status: str
    parent: int
    menu_order: int
    sticky: bool
    terms: tuple[Term, ...]
    attachment_url: str
    comments: tuple[Comment, ...]
    lead: int = 0
    alt: str = ""

    @property
    def labels(self) -> tuple[Term, ...]:
        """The terms that become tags: categories and tags, in the order of the file."""
        return tuple(t for t in self.terms if t.taxonomy in ("category", "post_tag"))


@dataclass(frozen=True, slots=True)
class Repairs:
    """Counts of the repairs that reading the file needed; the last record of every export."""

    control_characters: int = 0
    wrong_bytes: int = 0

"""What a WordPress export holds, as plain values.

Nothing here has an address of a machine: the IP addresses of an export are never read.
E-mail addresses are left out of ``repr`` so that they do not end up in a log.
"""

from dataclasses import dataclass, field
from datetime import datetime

PINGS = frozenset({"pingback", "trackback"})
TALK = frozenset({"comment", "review"})  # other types are notes of shops, editors and plugins


class ExportError(Exception):
    """The file cannot be read; the message is one sentence for the person who gave it."""


@dataclass(frozen=True, slots=True)
class Site:
    """The old blog: where it lived (no slash at the end, maybe empty) and its name."""

    address: str
    title: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """A person who could write posts. ``author_id`` is 0 where the export has none."""

    login: str
    email: str = field(repr=False)
    display_name: str
    author_id: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """A category ("category"), tag ("post_tag") or another taxonomy's word."""

    taxonomy: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment as the export has it; ``status`` is raw, ``state`` is its meaning.

    ``id`` is negative and made from the content where the export gives none, so that it
    is the same on every run. ``parent`` is 0 at the top level.
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
    def state(self):
        """Return "approved", "pending", "spam" or "trash"; what is unknown is pending."""
        raw = self.status.lower()
        if raw in ("1", "approve", "approved"):
            return "approved"
        if raw == "spam":
            return "spam"
        return "trash" if raw in ("trash", "post-trashed") else "pending"

    @property
    def is_ping(self):
        return self.type in PINGS

    @property
    def is_talk(self):
        """Whether a person said this to the others."""
        return self.type in TALK


@dataclass(frozen=True, slots=True)
class Item:
    """One post, page, attachment or other item; dates are aware, in UTC, or None.

    ``post_id`` is negative and made from the address where the export gives none. ``lead`` is the
    attachment that WordPress calls its featured image, or 0; ``alt`` is what an attachment shows.
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
    def labels(self):
        """The terms that become tags: categories and tags, in the order of the file."""
        return tuple(t for t in self.terms if t.taxonomy in ("category", "post_tag"))


@dataclass(frozen=True, slots=True)
class Repairs:
    """What had to be mended to read the file at all; the last record of every export."""

    control_characters: int = 0
    wrong_bytes: int = 0

"""Content notes: topics behind which a post or comment is collapsed until a reader opens it.

The owner defines the vocabulary. Which notes open by themselves is a reader's choice, kept in a
cookie and, for readers with an account, in ``User.open_notes``.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Self

from django.db import models, transaction
from django.db.models import OuterRef, ProtectedError, Q, QuerySet, Subquery, Value
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from blog.database.functions import Columns, Rows
from blog.models.settings import SiteWideModel

# Not HttpOnly: a script applies it to pages from a shared cache or the browser's.
COOKIE = "hearth_notes"
# Primary keys of notes, 200 at most; any other value was not set by this site.
CHOICE = re.compile(r"\d{1,18}(?:-\d{1,18}){0,199}", re.ASCII)
CLOSED = re.compile(r'(<details class="note" data-note="([\d ]+)")>')


def _lines(path=""):
    """Return an aggregate of the notes at ``path``, for :func:`read_lines`."""
    return Rows(Columns(f"{path}order", f"{path}id", f"{path}name"))


def lines_of(through: type[models.Model]) -> Subquery:
    """Return a subquery for the notes of the outer row; ``through`` is the M2M's model."""
    rows = through.objects.filter(post=OuterRef("pk")).order_by().values("post")
    return Subquery(rows.annotate(lines=_lines("contentnote__")).values("lines"))


def read_lines(lines: list | None) -> list[tuple[int, str]]:
    """Return ``[(key, name)]`` in the order of the vocabulary from the value of a subquery."""
    return [(key, name) for _order, key, name in sorted(lines or [], key=itemgetter(0, 2))]


def as_lines(notes: Iterable["ContentNote"]) -> list[list]:
    """Return these notes in the format that :func:`read_lines` reads."""
    return [[note.order, note.pk, note.name] for note in notes]


class ContentNoteQuerySet(models.QuerySet):
    def offered(self, own: int | None = None) -> Self:
        """Notes that may be chosen now; ``own`` is the key of one that stays even if retired."""
        return self.filter(Q(retired=False) | Q(pk=own))

    def beside(self, rows: QuerySet) -> QuerySet:
        """Return ``rows`` (of another model), each annotated with these notes as ``vocabulary``."""
        notes = self.order_by().annotate(all=Value(1)).values("all")
        return rows.annotate(vocabulary=Subquery(notes.annotate(lines=_lines()).values("lines")))

    def delete(self):
        """Delete these notes, or none: raises ProtectedError if one of them is in use."""
        with transaction.atomic(using=self.db):
            for note in self:
                note.delete()

    delete.alters_data = True
    delete.queryset_only = True


class ContentNote(SiteWideModel):
    """A topic that some readers want to be warned about."""

    name = models.CharField(
        _("topic"), max_length=60, unique=True, help_text=_("A word or two, such as “grief”.")
    )
    description = models.CharField(
        _("description"),
        max_length=200,
        blank=True,
        help_text=_("One line, for readers choosing which topics to always show."),
    )
    order = models.PositiveSmallIntegerField(_("position in list"), default=0)
    retired = models.BooleanField(
        _("no longer offered"),
        default=False,
        help_text=_("Anything with this note keeps it. It can’t be chosen for anything new."),
    )

    objects = ContentNoteQuerySet.as_manager()

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("content note")
        verbose_name_plural = _("content notes")

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        # A name is one line.
        self.name = " ".join(self.name.split())
        super().save(*args, **kwargs)

    save.alters_data = True

    def delete(self, *args, **kwargs):
        """Delete the note; raises ProtectedError while a post or a comment has it."""
        with transaction.atomic():
            if posts := set(self.posts.all()):
                raise ProtectedError("This content note is in use.", posts)
            return super().delete(*args, **kwargs)

    delete.alters_data = True


@dataclass(frozen=True)
class ContentWarning:
    """The notes of one post or comment for templates: names for display, keys for opening."""

    names: str
    keys: str
    count: int = 1

    @property
    def label(self) -> str:
        """The label of the collapsed part."""
        return ngettext("Content note: %(topics)s", "Content notes: %(topics)s", self.count) % {
            "topics": self.names
        }


def content_warning(notes: Iterable[tuple[int, str]]) -> ContentWarning | None:
    """Return the ``ContentWarning`` for ``(key, name)`` pairs, or None without any."""
    notes = list(notes)
    if not notes:
        return None
    names, keys = ", ".join(name for _, name in notes), " ".join(str(key) for key, _ in notes)
    return ContentWarning(names, keys, len(notes))


def wrap_in_details(html: str, behind: ContentWarning | None) -> str:
    """Return sanitized HTML in a ``<details>`` with the warning as its summary, for feeds.

    A feed reader without support for ``<details>`` still shows the topics before the text.
    """
    if behind is None:
        return html
    return format_html(
        "<details><summary>{}</summary>\n{}\n</details>",
        behind.label,
        mark_safe(html),  # noqa: S308 - cleaned when it was stored
    )


# -- the reader's choice ----------------------------------------------------------------------


def keys_from_cookie(cookie: str | None) -> frozenset[int]:
    """Return the keys of notes in a cookie's value; none if it is missing or malformed."""
    return frozenset(map(int, cookie.split("-"))) if CHOICE.fullmatch(cookie or "") else frozenset()


def store_choice(user: User, keys: Collection[int]) -> None:
    """Store the choice in an account, for all its devices; an empty one clears it."""
    user.open_notes = as_cookie(keys)
    user.save(update_fields=["open_notes"])


def as_cookie(keys: Iterable[int]) -> str:
    """Return the value of the cookie for these keys."""
    return "-".join(str(key) for key in sorted(keys))


def open_matching_notes(html: str, keys: frozenset[int]) -> str:
    """Return a page in which each content note is open if all its topics are among ``keys``."""

    def opened(match):
        is_chosen = {int(key) for key in match[2].split()} <= keys
        return f"{match[1]} open>" if is_chosen else match[0]

    return CLOSED.sub(opened, html)

"""Content notes: the topics behind which a post or a comment may be closed, and who opens them.

The vocabulary is the owner's. What a reader chose is a few numbers in a cookie of hers, and
nothing is stored about her here.
"""

import re
from dataclasses import dataclass
from operator import itemgetter

from django.db import models, transaction
from django.db.models import OuterRef, ProtectedError, Q, Subquery, Value
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from blog.database_functions import Columns, Rows
from blog.models.settings import SiteWideModel

# Readable by the script, which applies it to pages that a shared cache or the browser kept.
COOKIE = "hearth_notes"
# Numbers of topics, 200 at most: whatever else the cookie holds was not written here.
CHOICE = re.compile(r"\d{1,18}(?:-\d{1,18}){0,199}", re.ASCII)
CLOSED = re.compile(r'(<details class="note" data-note="([\d ]+)")>')


def _lines(path=""):
    """Return the lines of notes that are reached by ``path``, for :func:`read_lines`."""
    return Rows(Columns(f"{path}order", f"{path}id", f"{path}name"))


def lines_of(through):
    """Return an expression: the notes of the outer row, tied to it by ``through``."""
    rows = through.objects.filter(post=OuterRef("pk")).order_by().values("post")
    return Subquery(rows.annotate(lines=_lines("contentnote__")).values("lines"))


def read_lines(lines):
    """Return ``[(key, name)]`` in the order of the vocabulary; ``lines`` may be None."""
    return [(key, name) for _order, key, name in sorted(lines or [], key=itemgetter(0, 2))]


def as_lines(notes):
    """Return what :func:`read_lines` reads, for these ``ContentNote``s."""
    return [[note.order, note.pk, note.name] for note in notes]


class ContentNoteQuerySet(models.QuerySet):
    def offered(self, own=None):
        """The topics that writers may choose now; ``own`` (a key) may stay where it is."""
        return self.filter(Q(retired=False) | Q(pk=own))

    def beside(self, rows):
        """Return these rows (of another model), each with all these notes as ``vocabulary``."""
        notes = self.order_by().annotate(all=Value(1)).values("all")
        return rows.annotate(vocabulary=Subquery(notes.annotate(lines=_lines()).values("lines")))

    def delete(self):
        """Delete those that nobody uses; raises ProtectedError when one of them is in use."""
        with transaction.atomic(using=self.db):
            for note in self:
                note.delete()

    delete.alters_data = True
    delete.queryset_only = True


class ContentNote(SiteWideModel):
    """A topic that some people want to be told of before they read."""

    name = models.CharField(
        _("topic"), max_length=60, unique=True, help_text=_("A word or two, such as “grief”.")
    )
    description = models.CharField(
        _("what it stands for"),
        max_length=200,
        blank=True,
        help_text=_("One line, for readers who choose which topics open by themselves."),
    )
    order = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    retired = models.BooleanField(
        _("not offered any more"),
        default=False,
        help_text=_("Whatever has this note keeps it; nobody can choose it for something new."),
    )

    objects = ContentNoteQuerySet.as_manager()

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("content note")
        verbose_name_plural = _("content notes")

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        # One line: names travel with their posts as lines of one text.
        self.name = " ".join(self.name.split())
        super().save(*args, **kwargs)

    save.alters_data = True

    def delete(self, *args, **kwargs):
        """Delete it; raises ProtectedError while a post or a comment has it."""
        with transaction.atomic():
            if posts := set(self.posts.all()):
                raise ProtectedError("This content note is in use.", posts)
            return super().delete(*args, **kwargs)

    delete.alters_data = True


@dataclass(frozen=True)
class ContentWarning:
    """What a template needs to close something: topics, and their keys for whoever opens it."""

    names: str
    keys: str
    count: int = 1

    @property
    def label(self):
        """The words that stand before what is closed."""
        return ngettext("Content note: %(topics)s", "Content notes: %(topics)s", self.count) % {
            "topics": self.names
        }


def content_warning(notes):
    """Return ``Closed`` for these notes (pairs of key and name), or None without any."""
    notes = list(notes)
    if not notes:
        return None
    names, keys = ", ".join(name for _, name in notes), " ".join(str(key) for key, _ in notes)
    return ContentWarning(names, keys, len(notes))


def wrap_in_details(html, behind):
    """Return cleaned HTML closed behind a ``Closed`` or None, for programmes that read feeds.

    Where they know no ``<details>``, the topics still stand as words before the text.
    """
    if behind is None:
        return html
    return format_html(
        "<details><summary>{}</summary>\n{}\n</details>",
        behind.label,
        mark_safe(html),  # noqa: S308 - cleaned when it was stored
    )


# -- the reader's choice ----------------------------------------------------------------------


def keys_from_cookie(cookie):
    """Return the keys that a reader's cookie names; nothing for what was not written here."""
    return frozenset(map(int, cookie.split("-"))) if CHOICE.fullmatch(cookie or "") else frozenset()


def store_choice(user, keys):
    """Keep the choice of somebody with an account, for all her devices; none of them: forget it."""
    user.open_notes = as_cookie(keys)
    user.save(update_fields=["open_notes"])


def as_cookie(keys):
    """Return the text of the cookie for these keys."""
    return "-".join(str(key) for key in sorted(keys))


def open_matching_notes(html, keys):
    """Return the page with those notes open all of whose topics are among ``keys``."""

    def answer(found):
        wanted = {int(key) for key in found[2].split()} <= keys
        return f"{found[1]} open>" if wanted else found[0]

    return CLOSED.sub(answer, html)

"""Content notes: the topics behind which a post or a comment may be closed, and who opens them.

The vocabulary is the owner's. What a reader chose is a few numbers in a cookie of hers, and
nothing is stored about her here.
"""

import re
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import OuterRef, ProtectedError, Q, Subquery, Value
from django.db.models.functions import Concat
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from blog.site import Blog

# Readable by the script, which applies it to pages that a shared cache or the browser kept.
COOKIE = "hearth_notes"
# Numbers of topics, 200 at most: whatever else the cookie holds was not written here.
CHOICE = re.compile(r"\d{1,18}(?:-\d{1,18}){0,199}", re.ASCII)
CLOSED = re.compile(r'(<details class="note" data-note="([\d ]+)")>')
LINE, FIELD = "\n", "|"


class Lines(models.Aggregate):
    """All values of a group as the lines of one text: many notes come with a row of something
    else, in one query."""

    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s, char(10))"
    output_field = models.TextField()

    def as_postgresql(self, compiler, connection, **more):
        template = "STRING_AGG(%(expressions)s, chr(10))"
        return self.as_sql(compiler, connection, template=template, **more)


def _lines(path=""):
    """Return the lines of notes that are reached by ``path``, for :func:`read_lines`."""
    fields = [f"{path}order", Value(FIELD), f"{path}id", Value(FIELD), f"{path}name"]
    return Lines(Concat(*fields, output_field=models.TextField()))


def lines_of(through):
    """Return an expression: the notes of the outer row, tied to it by ``through``."""
    rows = through.objects.filter(post=OuterRef("pk")).order_by().values("post")
    return Subquery(rows.annotate(lines=_lines("contentnote__")).values("lines"))


def read_lines(text):
    """Return ``[(key, name)]`` in the order of the vocabulary."""
    parts = [line.split(FIELD, 2) for line in (text or "").split(LINE) if line]
    found = sorted((int(order), name, int(key)) for order, key, name in parts)
    return [(key, name) for _order, name, key in found]


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


class ContentNote(models.Model):
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
        with transaction.atomic():
            super().save(*args, **kwargs)
            Blog.touch()

    save.alters_data = True

    def delete(self, *args, **kwargs):
        """Delete it; raises ProtectedError while a post or a comment has it."""
        with transaction.atomic():
            if posts := set(self.posts.all()):
                raise ProtectedError("This content note is in use.", posts)
            gone = super().delete(*args, **kwargs)
            Blog.touch()
        return gone

    delete.alters_data = True


@dataclass(frozen=True)
class Closed:
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


def closed(notes):
    """Return ``Closed`` for these notes (pairs of key and name), or None without any."""
    notes = list(notes)
    if not notes:
        return None
    names, keys = ", ".join(name for _, name in notes), " ".join(str(key) for key, _ in notes)
    return Closed(names, keys, len(notes))


def around(html, behind):
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


def chosen(cookie):
    """Return the keys that a reader's cookie names; nothing for what was not written here."""
    return frozenset(map(int, cookie.split("-"))) if CHOICE.fullmatch(cookie or "") else frozenset()


def as_cookie(keys):
    """Return the text of the cookie for these keys."""
    return "-".join(str(key) for key in sorted(keys))


def opened(html, keys):
    """Return the page with those notes open all of whose topics are among ``keys``."""

    def answer(found):
        wanted = {int(key) for key in found[2].split()} <= keys
        return f"{found[1]} open>" if wanted else found[0]

    return CLOSED.sub(answer, html)

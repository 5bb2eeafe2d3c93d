"""What a post or page says about itself beside its words, and who may read it."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.text import Truncator

from blog import html_to_text
from blog.addresses import tag_uri
from blog.index import Text
from blog.notes import closed, read_lines

SUMMARY_WORDS = 40  # about three lines
WORDS_A_MINUTE = 220  # silent reading; Brysbaert (2019) has 238 for English
A_DAY = timedelta(days=1)


class Shown:
    """The part of ``Post`` that is worked out from its fields whenever it is asked for."""

    @property
    def is_listed(self):
        """The same rule as :meth:`.PostQuerySet.published`, for this row."""
        return self.appears_by_date and self.published_at <= timezone.now()

    @property
    def is_to_come(self):
        """The same rule as :meth:`.PostQuerySet.to_come`, for this row."""
        return self.appears_by_date and self.published_at > timezone.now()

    @property
    def appears_by_date(self):
        """Whether the clock alone says if lists show it: it is scheduled or published."""
        return self.status in self.APPEARS_BY_DATE and self.published_at is not None

    @property
    def is_public(self):
        """The same rule as :meth:`.PostQuerySet.public`, for this row."""
        return self.is_listed or self.status in self.OUT_OF_LISTS

    @property
    def is_draft(self):
        """The same rule as :meth:`.PostQuerySet.drafts`, for this row."""
        return self.status == self.Status.DRAFT

    @property
    def takes_activity(self):
        """Whether anything may be added: answers, reactions, mails about it.

        What is in the archive stays as it is.
        """
        return self.status not in self.AT_REST

    def is_visible_to(self, viewer=None):
        """The same rule as :meth:`.PostQuerySet.visible_to`, for this row."""
        viewer = viewer or AnonymousUser()
        return self.is_public or viewer.is_superuser or viewer.pk == self.author_id

    @property
    def summary(self):
        """What a list shows below the title: the excerpt, or the first words of the text."""
        return self.excerpt or Truncator(html_to_text.words(self.body)).words(SUMMARY_WORDS)

    @property
    def reading_minutes(self):
        """How long it takes to read, in minutes, one at least."""
        return max(1, round(len(html_to_text.words(self.body).split()) / WORDS_A_MINUTE))

    @property
    def changed_since(self):
        """The day its words changed after it was published, or None."""
        if self.published_at is None or self.updated_at - self.published_at < A_DAY:
            return None
        return self.updated_at

    @property
    def closed_behind(self):
        """The ``notes.Closed`` of its content notes, or None; no query after ``with_notes()``."""
        if "note_lines" in self.__dict__:
            return closed(read_lines(self.note_lines))
        return closed(self.content_notes.values_list("pk", "name"))

    @property
    def searched(self):
        """What search finds of it, as a ``Text``."""
        text = f"{self.excerpt} {html_to_text.words(self.body)}".strip()
        return Text(self.pk, self.title, text, self.published_at or self.created_at)

    @property
    def atom_id(self):
        """The identifier of this post in feeds; it never changes (RFC 4151)."""
        return tag_uri("post", self.created_at, self.pk)

"""The owner's words: what holds a comment, what marks it as probable spam, what asks for care.

A phrase matches whole words, without regard to case and accents. ``*`` at an end of a word stands
for any more letters; patterns have no other signs, so that none of them can run away.
"""

import re
from contextlib import contextmanager
from functools import cached_property

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.text.folding import unaccented
from comments.limits import ConversationSettings


@contextmanager
def _noted():
    """Let every process know of what is written inside."""
    with transaction.atomic():
        yield
        ConversationSettings.checks_changed()


class PhraseQuerySet(models.QuerySet):
    def active(self):
        """Those that are looked for."""
        return self.filter(is_active=True)

    def bulk_create(self, *args, **kwargs):
        with _noted():
            return super().bulk_create(*args, **kwargs)

    bulk_create.alters_data = True

    def update(self, **values):
        with _noted():
            return super().update(**values)

    update.alters_data = True

    def delete(self):
        with _noted():
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


class Phrase(models.Model):
    """One word, or several in a row, on one of the owner's lists."""

    class Kind(models.TextChoices):
        HOLD = "hold", _("hold")
        SPAM = "spam", _("probably spam")
        CARE = "care", _("care")

    kind = models.CharField(_("list"), max_length=10, choices=Kind)
    text = models.CharField(_("word or phrase"), max_length=100)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(_("looked for"), default=True)

    objects = PhraseQuerySet.as_manager()

    class Meta:
        verbose_name = _("word or phrase")
        verbose_name_plural = _("words and phrases")
        ordering = ["kind", "text"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "text"], name="comment_phrase_once"),
        ]

    def __str__(self):
        return self.text

    def save(self, *args, **kwargs):
        with _noted():
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        with _noted():
            return super().delete(*args, **kwargs)

    delete.alters_data = True

    @cached_property
    def parts(self):
        """What it looks for: words in a row, with ``*`` where more letters may stand."""
        return folded(self.text).split()


def folded(text):
    """Return the words of a text as they are compared: no case, no accents, single spaces."""
    # Not \w alone: an underscore is a sign of Markdown, as in "_never_".
    return " ".join(re.findall(r"(?:[^\W_]|\*)+", unaccented(text)))


def found_in(text, phrases):
    """Return those of ``phrases`` that stand in a text, in their order.

    The time is the text's length times the number of phrases, whatever these are.
    """
    words = folded(text).replace("*", " ").split()
    whole = " ".join(words)
    starts = {}
    for position, word in enumerate(words):
        starts.setdefault(word, []).append(position)
    # Most do not stand there at all, which is seen at once.
    near = (each for each in phrases if all(part.strip("*") in whole for part in each.parts))
    return [each for each in near if _stands_in(words, starts, each.parts)]


def _stands_in(words, starts, parts):
    if not parts or all(set(part) == {"*"} for part in parts):
        return False
    first = parts[0]
    places = starts.get(first, []) if "*" not in first else range(len(words))
    count = len(parts)
    return any(
        place + count <= len(words) and all(map(_is_word, words[place : place + count], parts))
        for place in places
    )


def _is_word(word, part):
    """Whether a word is meant by a part of a phrase, with ``*`` at its start, its end or both."""
    if "*" not in part:
        return word == part
    core = part.strip("*")
    if part[0] == part[-1] == "*":
        return core in word
    return word.startswith(core) if part[-1] == "*" else word.endswith(core)

"""Saved replies: words that a moderator begins with, and changes before she sends them.

Why a comment was removed is said in words of :mod:`comments.reasons`.
Like :mod:`comments.log` this stands below the model of a comment.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

SLOT = "{name}"


class SavedReply(models.Model):
    """A few sentences of the owner's. ``{name}`` in them becomes the name of the writer."""

    class Use(models.TextChoices):
        ANSWER = "answer", _("an answer")
        CARE = "care", _("an answer to somebody in the care lane")

    use = models.CharField(_("what it is for"), max_length=10, choices=Use, default=Use.ANSWER)
    title = models.CharField(_("short name"), max_length=60)
    text = models.TextField(
        _("words"),
        max_length=1000,
        help_text=_("{name} becomes the name of the writer. Every word can be changed later."),
    )
    order = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    class Meta:
        verbose_name = _("saved reply")
        verbose_name_plural = _("saved replies")
        ordering = ["use", "order", "title"]

    def __str__(self):
        return self.title

    def to(self, name):
        """Return the words as they go to somebody of this name."""
        return self.text.replace(SLOT, name)

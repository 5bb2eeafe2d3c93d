"""What was learned from moderators' decisions: one row of counts, no text and no person.

See :mod:`comments.checks.learning`, which writes it.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.models import SingleRow


class Learned(SingleRow):
    """How many decisions there were of each kind, and in how many texts each word stood."""

    spam = models.PositiveIntegerField(_("comments marked as spam"), default=0)
    kept = models.PositiveIntegerField(_("comments approved"), default=0)
    # {word: [how many texts of spam, how many of the others]}
    tokens = models.JSONField(default=dict)
    held_from = models.FloatField(default=0)
    # The fields of comments.checks.bayes.Quality.
    quality = models.JSONField(default=dict)
    learned_at = models.DateTimeField(_("learned"), null=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("what was learned about spam")
        verbose_name_plural = _("what was learned about spam")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="comment_learned_one_row"),
        ]

    def __str__(self):
        return str(self._meta.verbose_name)

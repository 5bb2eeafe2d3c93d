"""Check results, phrases, and the state of the spam classifier.

A result belongs to the present text: an edit replaces it (:func:`replace_results`).
:mod:`comments.spam.learning` trains the classifier.
"""

import unicodedata
from collections.abc import Callable, Collection, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models.single_row import SingleRow
from accounts.text.folding import is_without_spaces, unaccented, undisguised
from comments.models.settings import ConversationSettings

LONGEST_REASON = 300


class Verdict(models.TextChoices):
    """The verdict of a check. The strongest one decides; none deletes a comment."""

    PUBLISH = "publish", _("publish")
    HOLD = "hold", _("hold")
    SPAM = "spam", _("hold, probably spam")
    CARE = "care", _("care")


class CheckResult(models.Model):
    """One check's verdict on one comment, with its reason for moderators."""

    Verdict = Verdict

    comment = models.ForeignKey("comments.Comment", models.CASCADE, related_name="findings")
    check_name = models.CharField(_("check"), max_length=100)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"check result {self.pk}"


@dataclass(frozen=True)
class CheckOutcome:
    """What a check returns: its name, verdict and reason."""

    check: str
    verdict: Verdict
    reason: str


def named(name: str, label: Promise, of_form: bool = False) -> Callable[[Callable], Callable]:
    """Name a check: what its results are stored by, and what moderators read in the log.

    ``of_form``: it looks at how a form was filled in and not at the text, so its results outlive an
    edit. A check without a name is read by what its outcomes call it.
    """

    def name_it(check):
        check.name, check.label, check.of_form = name, label, of_form
        return check

    return name_it


def named_checks() -> list[Callable]:
    """Return those of ``settings.COMMENT_CHECKS`` that have a name."""
    checks = (import_string(path) for path in settings.COMMENT_CHECKS)
    return [check for check in checks if hasattr(check, "label")]


class ClassifierState(SingleRow):
    """The trained spam classifier: one row of counts of decisions and words, no personal data."""

    spam = models.PositiveIntegerField(_("comments marked as spam"), default=0)
    kept = models.PositiveIntegerField(_("approved comments"), default=0)
    # {word: [spam comments with it, other comments with it]}
    tokens = models.JSONField(default=dict)
    held_from = models.FloatField(default=0)
    # The fields of comments.spam.bayes.Quality.
    quality = models.JSONField(default=dict)
    learned_at = models.DateTimeField(_("last trained"), null=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("spam filter")
        verbose_name_plural = _("spam filter")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="comment_learned_one_row"),
        ]

    def __str__(self):
        return str(self._meta.verbose_name)


def results_of(key: int, names: Collection[str]) -> list[CheckOutcome]:
    """Return the outcomes of the named checks for the comment with this key."""
    if not names:
        return []
    rows = CheckResult.objects.filter(comment=key, check_name__in=names)
    return [CheckOutcome(row.check_name, Verdict(row.verdict), row.reason) for row in rows]


def replace_results(key: int, outcomes: Iterable[CheckOutcome], keep: Collection[str] = ()) -> None:
    """Replace the check results of the comment with this key, except of checks in ``keep``."""
    CheckResult.objects.filter(comment=key).exclude(check_name__in=keep).delete()
    CheckResult.objects.bulk_create(
        CheckResult(
            comment_id=key,
            check_name=outcome.check[:100],
            verdict=outcome.verdict,
            reason=str(outcome.reason)[:LONGEST_REASON],
        )
        for outcome in outcomes
    )


@contextmanager
def _noted():
    """Commit the writes inside, and invalidate every process's cache of checks with them."""
    with transaction.atomic():
        yield
        ConversationSettings.checks_changed()


class PhraseQuerySet(models.QuerySet):
    def active(self) -> Self:
        """Return the phrases that are switched on."""
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
    """A word or phrase on one of the owner's lists."""

    class Kind(models.TextChoices):
        HOLD = "hold", _("hold")
        SPAM = "spam", _("probably spam")
        CARE = "care", _("care")

    kind = models.CharField(_("list"), max_length=10, choices=Kind)
    text = models.CharField(_("word or phrase"), max_length=100)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = PhraseQuerySet.as_manager()

    class Meta:
        verbose_name = _("watched word")
        verbose_name_plural = _("watched words")
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
    def parts(self) -> list[str]:
        """Its folded words, with ``*`` as a wildcard.

        In a script without spaces a word may stand anywhere, as if between two wildcards.
        """
        words = folded(self.text).split()
        return [f"*{word}*" if is_without_spaces(word) else word for word in words]


def folded(text: str) -> str:
    """Return a text folded for comparison: no case, no accents, words and ``*`` alone.

    A word with look-alike letters of another script reads as in its own.
    """
    signs = (sign if _is_of_a_word(sign) else " " for sign in unaccented(text))
    return " ".join(map(undisguised, "".join(signs).split()))


def _is_of_a_word(sign):
    """Whether it is a letter, a digit, a mark on one, or the wildcard.

    No underscore: that is Markdown, as in "_never_".
    """
    return sign == "*" or sign.isalnum() or unicodedata.category(sign)[0] == "M"

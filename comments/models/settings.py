"""The settings of conversations: one row that the owner edits in the admin.

It also holds the break of the blog: until a day nobody moderates, so conversations are closed or
every comment is held. It ends by the clock alone. :mod:`comments.policy` applies it;
:mod:`comments.dashboard.breaks` begins and ends it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, time
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import BaseValidator, MaxValueValidator, MinValueValidator, URLValidator
from django.db import models, transaction
from django.db.models import Exists
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models.single_row import SingleRow
from blog.models import Blog, ContentNote, Post
from comments import avatars
from comments.models.reactions import ReactionKind

# The name on disowned comments, unless the owner has set another.
NOBODY = _("a reader")
# Modes that the whole blog may be set to; a post may also have the default.
USUAL_MODES = [mode for mode in Post.CommentMode if mode is not Post.CommentMode.DEFAULT]
# Long enough to look at a phone once, short enough not to lose an evening.
SECOND_AFTER = 30  # minutes
MOST_WORDS = 500  # characters of a banner, which is shown above the content
BREAK_FIELDS = frozenset({"break_until", "break_holds", "break_words"})


class Rhythm(models.TextChoices):
    """How often digests go to moderators, at most."""

    OFF = "off", _("never")
    HOURLY = "hourly", _("once an hour")
    DAILY = "daily", _("once a day, in the evening")


@dataclass(frozen=True)
class Break:
    """A break: when it ends, whether it holds comments or closes, and the owner's banner text."""

    until: datetime
    holds: bool
    words: str = ""

    @property
    def day(self) -> str:
        """The day on which it ends, for display."""
        return day_of(self.until)


def day_of(until: datetime) -> str:
    """Return the day on which a break ends, in the current time zone, for display."""
    return date_format(timezone.localtime(until), "DATE_FORMAT")


def between(low: int, high: int) -> list[BaseValidator]:
    """Return validators for a number from ``low`` to ``high``."""
    return [MinValueValidator(low), MaxValueValidator(high)]


def new_stamp() -> str:
    """Return a random stamp; a changed stamp invalidates caches."""
    return secrets.token_urlsafe(12)


class ConversationSettings(SingleRow):
    """The settings of conversations, in one row."""

    # -- display, mode and closing of conversations ----------------------------------------

    threads_per_page = models.PositiveSmallIntegerField(
        _("threads per page"), default=25, validators=between(1, 100)
    )
    replies_shown = models.PositiveSmallIntegerField(
        _("replies shown per thread"),
        default=5,
        validators=between(0, 100),
        help_text=_("Longer threads end with a link to the rest."),
    )
    display_depth = models.PositiveSmallIntegerField(
        _("maximum nesting depth"), default=4, validators=between(1, 8)
    )
    default_mode = models.CharField(
        _("default for comments on posts"),
        max_length=12,
        choices=[(mode.value, mode.label) for mode in USUAL_MODES],
        default=Post.CommentMode.FIRST_TIMERS.value,
    )
    max_length = models.PositiveIntegerField(
        _("maximum comment length (characters)"), default=10_000, validators=between(100, 50_000)
    )
    close_after_days = models.PositiveIntegerField(
        _("close comments after (days)"),
        null=True,
        blank=True,
        validators=between(1, 36_500),
        help_text=_("Counted from the publication date. Leave empty to never close them."),
    )

    # -- names and avatars -----------------------------------------------------------------

    reader_word = models.CharField(
        _("name shown on anonymised comments"),
        max_length=80,
        blank=True,
        help_text=_(
            "Shown when a writer has removed their name from a comment. Leave "
            "empty to use “a reader”."
        ),
    )
    # Made once, with the row; without it nobody can tell whose avatar one is.
    avatar_key = models.CharField(max_length=64, default=avatars.new_key, editable=False)

    # -- checks ----------------------------------------------------------------------------

    held_links = models.PositiveSmallIntegerField(
        _("hold comments with at least this many links"),
        null=True,
        blank=True,
        default=2,
        validators=between(1, 100),
        help_text=_(
            "A moderator reviews them first. Leave empty to never hold comments for links."
        ),
    )
    spam_service = models.CharField(
        _("spam service URL"),
        max_length=200,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_(
            "An Akismet-compatible service, such as "
            "https://rest.akismet.com/1.1/comment-check. With a key, it gets the text and "
            "name of comments by people who aren’t trusted, and the form tells them "
            "first. Leave empty and nothing leaves this blog."
        ),
    )
    spam_service_key = models.CharField(_("spam service key"), max_length=200, blank=True)
    # Changes whenever the phrases or the classifier change; see comments.spam.cache.
    checks_stamp = models.CharField(max_length=16, default=new_stamp, editable=False)

    # -- reports, and mails to moderators --------------------------------------------------

    # At least two: the first report never hides a comment.
    reports_to_hold = models.PositiveSmallIntegerField(
        _("reports needed to hide a comment"),
        null=True,
        blank=True,
        default=3,
        validators=[MinValueValidator(2), MaxValueValidator(100)],
        help_text=_(
            "The comment then waits for review, unless a moderator has reviewed it since "
            "its last edit. Leave empty so that reports never hide comments."
        ),
    )
    account_reports_count = models.PositiveSmallIntegerField(
        _("weight of a member’s report"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("A guest’s report counts as one."),
    )
    moderator_mail = models.CharField(
        _("emails to moderators about waiting comments"),
        max_length=10,
        choices=Rhythm,
        default=Rhythm.DAILY,
        help_text=_(
            "Moderators can each turn theirs off. Emails about Care still go out right away."
        ),
    )
    quiet_from = models.TimeField(_("quiet hours from"), null=True, blank=True, default=time(21))
    quiet_until = models.TimeField(
        _("until"),
        null=True,
        blank=True,
        default=time(7),
        help_text=_("In the blog’s time zone. Leave both empty for no quiet hours."),
    )

    # -- care ------------------------------------------------------------------------------

    care_on = models.BooleanField(
        _("turn on Care (watch for care phrases)"),
        default=False,
        help_text=_(
            "Comments with a care phrase wait for a person, whoever wrote them; writers "
            "see the text below right away. Either way, readers can say that they’re "
            "worried about someone."
        ),
    )
    care_publishes = models.BooleanField(
        _("don’t hold comments for care phrases"),
        default=False,
        help_text=_(
            "The comment then appears as it would without the phrase. Someone is still "
            "notified, and the writer sees the help text."
        ),
    )
    care_help = models.TextField(
        _("help text"),
        blank=True,
        max_length=5000,
        help_text=_(
            "For someone who may need help now: who listens in your readers’ countries, "
            "when, and whether by phone or in writing. Links, lists, **bold** and tel: "
            "links work as in comments; have someone who works in this field check it."
        ),
    )
    care_second_contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("second contact"),
        help_text=_("Leave empty to notify all moderators who haven’t been notified yet."),
    )
    care_second_after = models.PositiveSmallIntegerField(
        _("minutes until the second contact is notified"),
        default=SECOND_AFTER,
        validators=[MinValueValidator(5), MaxValueValidator(24 * 60)],
        help_text=_("Counted from the first email, unless the case has been closed by then."),
    )
    care_blurred = models.BooleanField(
        _("blur the text of comments in Care"),
        default=True,
        help_text=_("Until someone opens the text. Moderators can change this for themselves."),
    )

    # -- the break, which is not in the form of these settings -----------------------------

    break_until = models.DateTimeField(null=True, editable=False)
    break_holds = models.BooleanField(default=False, editable=False)
    break_words = models.TextField(
        _("message to readers"), blank=True, max_length=MOST_WORDS, editable=False
    )

    # Whether any kind of reaction is offered: annotated by with_support().
    offers_support = False

    class Meta:
        verbose_name = _("comment settings")
        verbose_name_plural = _("comment settings")
        permissions = [("take_break", _("Can put the whole blog on a break"))]
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="comment_settings_one_row"),
        ]

    def __str__(self):
        return str(self._meta.verbose_name)

    def clean(self):
        super().clean()
        if (self.quiet_from is None) != (self.quiet_until is None):
            raise ValidationError(
                {
                    "quiet_until": _(
                        "Please enter both times, or leave both empty for no quiet hours."
                    )
                }
            )

    def save(self, *args, **kwargs):
        self.checks_stamp = new_stamp()  # a stale copy of the row must not restore an old stamp
        if not self._state.adding and kwargs.get("update_fields") is None:
            # Nor begin or end a break: only comments.dashboard.breaks does.
            names = {each.name for each in self._meta.concrete_fields if not each.primary_key}
            kwargs["update_fields"] = names - BREAK_FIELDS
        with transaction.atomic():
            super().save(*args, **kwargs)
            Blog.touch()  # every page depends on it

    save.alters_data = True

    @classmethod
    def get(cls) -> Self:
        """Return the row, with ``offers_support``."""
        return cls.with_support().first() or super().get()

    @classmethod
    def checks_changed(cls) -> None:
        """Invalidate the caches of checks; call it in the transaction that changes them."""
        cls.objects.filter(pk=1).update(checks_stamp=new_stamp())

    @classmethod
    def current_checks_stamp(cls) -> str:
        """Return the stamp as stored now: settings that were kept may have an older one."""
        return next(iter(cls.objects.values_list("checks_stamp", flat=True)[:1]), "")

    @classmethod
    def with_support(cls) -> models.QuerySet:
        """Return a queryset of the one row, annotated with ``offers_support``."""
        return cls.objects.annotate(offers_support=Exists(ReactionKind.objects.offered()))

    @property
    def word_for_a_reader(self) -> str:
        """The name shown on disowned comments."""
        return self.reader_word or str(NOBODY)

    @property
    def spam_service_host(self) -> str:
        """The host of the spam service in use, or an empty string."""
        return urlsplit(self.spam_service).netloc if self.spam_service_key else ""

    @property
    def usual_mode(self) -> Post.CommentMode:
        """``default_mode`` as a ``Post.CommentMode``."""
        return Post.CommentMode(self.default_mode)

    @property
    def current_break(self) -> Break | None:
        """The break in force now, or None."""
        if self.break_until is None or self.break_until <= timezone.now():
            return None
        return Break(self.break_until, self.break_holds, self.break_words)


def settings_and_notes(own: int | None = None) -> ConversationSettings:
    """Return the settings; see :func:`with_note_choices`."""
    rows = with_note_choices(ConversationSettings.with_support(), own)
    return rows.first() or ConversationSettings.get()


def with_note_choices(rows: models.QuerySet, own: int | None = None) -> models.QuerySet:
    """Annotate rows with ``vocabulary``, the content notes to choose from.

    ``own`` is the key of a note that stays in the choices even if it is retired.
    """
    return ContentNote.objects.offered(own).beside(rows)

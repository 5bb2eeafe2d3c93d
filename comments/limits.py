"""The conversation's own settings: one row that the owner edits in the admin."""

import secrets
from urllib.parse import urlsplit

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Exists
from django.utils.translation import gettext_lazy as _

from blog.models import Post, ShownEverywhere, SingleRow
from comments import avatars, breaks
from comments.breaks import BreakSettings
from comments.care.settings import CareSettings
from comments.reactions import ReactionKind
from comments.report_settings import ReportSettings

# The name on a comment whose writer took hers off it, unless the owner has another word.
NOBODY = _("a reader")
# What the whole blog may be set to; a post may also say "as usual".
USUAL_MODES = [mode for mode in Post.CommentMode if mode is not Post.CommentMode.DEFAULT]


def between(low, high):
    """Return validators that keep a number from ``low`` to ``high``."""
    return [MinValueValidator(low), MaxValueValidator(high)]


def new_stamp():
    """Return a stamp that no other state has or had."""
    return secrets.token_urlsafe(12)


class ConversationSettings(ShownEverywhere, BreakSettings, CareSettings, ReportSettings, SingleRow):
    """How conversations are cut, who is held, and when they close."""

    threads_per_page = models.PositiveSmallIntegerField(
        _("threads a page"), default=25, validators=between(1, 100)
    )
    replies_shown = models.PositiveSmallIntegerField(
        _("replies shown of a thread"),
        default=5,
        validators=between(0, 100),
        help_text=_("Longer threads end in a link that shows the rest."),
    )
    display_depth = models.PositiveSmallIntegerField(
        _("levels shown one inside the other"), default=4, validators=between(1, 8)
    )
    default_mode = models.CharField(
        _("comments on posts"),
        max_length=12,
        choices=[(mode.value, mode.label) for mode in USUAL_MODES],
        default=Post.CommentMode.FIRST_TIMERS.value,
    )
    max_length = models.PositiveIntegerField(
        _("longest comment, in characters"), default=10_000, validators=between(100, 50_000)
    )
    close_after_days = models.PositiveIntegerField(
        _("close conversations after days"),
        null=True,
        blank=True,
        validators=between(1, 36_500),
        help_text=_("Counted from the day of the post. Empty: never."),
    )

    reader_word = models.CharField(
        _("word for a reader"),
        max_length=80,
        blank=True,
        help_text=_("The name of a comment whose writer took her name off it. Empty: a reader."),
    )
    held_links = models.PositiveSmallIntegerField(
        _("hold comments with so many links"),
        null=True,
        blank=True,
        default=2,
        validators=between(1, 100),
        help_text=_("Or more. A moderator reads them first. Empty: links hold nothing."),
    )
    spam_service = models.CharField(
        _("address of a spam service"),
        max_length=200,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_(
            "One that is asked like Akismet, such as https://rest.akismet.com/1.1/comment-check. "
            "With a key, it gets text and name of comments by people who are not trusted, and the "
            "form tells them so first. Empty: nothing leaves this blog."
        ),
    )
    spam_service_key = models.CharField(_("its key"), max_length=200, blank=True)
    # Another one whenever the phrases or what was learned change; see comments.remembered.
    checks_stamp = models.CharField(max_length=16, default=new_stamp, editable=False)
    # Made once, with the row; without it nobody can tell whom a drawn picture stands for.
    avatar_key = models.CharField(max_length=64, default=avatars.new_key, editable=False)

    # Whether any kind of reaction is offered: with_support() reads it.
    offers_support = False

    class Meta:
        verbose_name = _("settings of the conversation")
        verbose_name_plural = _("settings of the conversation")
        permissions = [("take_break", _("Can take a break for the whole blog"))]
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="comment_settings_one_row"),
        ]

    def __str__(self):
        return str(self._meta.verbose_name)

    def save(self, *args, **kwargs):
        self.checks_stamp = new_stamp()  # an old copy of the row must not bring an old stamp back
        if not self._state.adding and kwargs.get("update_fields") is None:
            # Nor begin or end a break: comments.pausing alone does.
            names = {each.name for each in self._meta.concrete_fields if not each.primary_key}
            kwargs["update_fields"] = names - breaks.FIELDS
        super().save(*args, **kwargs)

    @classmethod
    def get(cls):
        """Return the row."""
        return cls.with_support().first() or super().get()

    @classmethod
    def checks_changed(cls):
        """Say that phrases, or what was learned, are others; in the transaction that writes it."""
        cls.objects.filter(pk=1).update(checks_stamp=new_stamp())

    @classmethod
    def with_support(cls):
        """Return a queryset of the one row that reads ``offers_support`` with it."""
        return cls.objects.annotate(offers_support=Exists(ReactionKind.objects.offered()))

    @property
    def word_for_a_reader(self):
        """The name that stands on a comment whose writer took hers off it."""
        return self.reader_word or str(NOBODY)

    @property
    def spam_service_host(self):
        """The name of the service that is asked about comments, or an empty text."""
        return urlsplit(self.spam_service).netloc if self.spam_service_key else ""

    @property
    def usual_mode(self):
        """``default_mode`` as a ``Post.CommentMode``."""
        return Post.CommentMode(self.default_mode)

"""The blog's settings, and the single rows that remember pings."""

import zoneinfo
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
    URLValidator,
)
from django.db import models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models.single_row import SingleRow
from blog.models.change_counter import ChangeCounter


def check_time_zone(name: str) -> None:
    """Raise ValidationError if ``name`` is not in the IANA time zone database."""
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        raise ValidationError(_("Unknown time zone. Example: Europe/Vienna")) from None


check_language = RegexValidator(
    r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*\Z",
    _("This isn’t a language code. Examples: en, de, pt-BR"),
)


def check_profiles(text: str) -> None:
    """Raise ValidationError if a line of ``text`` is not an absolute http(s) URL."""
    for line in text.split():
        URLValidator(schemes=["http", "https"])(line)


def first_host() -> str:
    """Return the host of SITE_URL: whose the ids of a blog are that has none yet."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


class SiteWideModel(models.Model):
    """A row that affects every page: saving and deleting it invalidate all caches."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
            Blog.touch()

    save.alters_data = True

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            gone = super().delete(*args, **kwargs)
            Blog.touch()
        return gone

    delete.alters_data = True


class Blog(SingleRow):
    """The settings of the blog, a single row that the owner edits in the admin."""

    # When mails that may wait go out, in the time zone of the blog; weekday() of Sunday is 6.
    EVENING, SUNDAY = time(18), 6

    class FrontLayout(models.TextChoices):
        LIST = "list", _("List: the newest post large, the others in rows")
        CARDS = "cards", _("Cards: pictures side by side")
        JOURNAL = "journal", _("Journal: one column, with the day beside each post")

    class Theme(models.TextChoices):
        PAPER = "paper", _("Paper and rust: a book by lamplight")
        GARDEN = "garden", _("Night garden: dusk green and rose, round corners")
        LINEN = "linen", _("Linen and sea: cool daylight and blue ink")
        INK = "ink", _("Plain ink: black on white, for long texts")

    class ColorScheme(models.TextChoices):
        DEVICE = "", _("As on the reader’s device")
        LIGHT = "light", _("Always light")
        DARK = "dark", _("Always dark")

    title = models.CharField(_("blog title"), max_length=200, default="Hearth")
    tagline = models.CharField(_("tagline"), max_length=300, blank=True)
    about = models.TextField(
        _("description"), blank=True, help_text=_("A sentence or two for search engines and feeds.")
    )
    language = models.CharField(
        _("language"), max_length=20, default="en", validators=[check_language]
    )
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="UTC", validators=[check_time_zone]
    )
    posts_per_page = models.PositiveSmallIntegerField(
        _("posts per page"), default=10, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    front_layout = models.CharField(
        _("layout of the home page"),
        max_length=10,
        choices=FrontLayout,
        default=FrontLayout.LIST,
    )
    theme = models.CharField(
        _("theme"),
        max_length=10,
        choices=Theme,
        default=Theme.PAPER,
        help_text=_(
            "Colours, typefaces and corners of the blog. No theme loads anything from elsewhere."
        ),
    )
    color_scheme = models.CharField(
        _("light or dark"),
        max_length=5,
        choices=ColorScheme,
        default=ColorScheme.DEVICE,
        blank=True,
    )
    footer_text = models.CharField(
        _("footer text"),
        max_length=200,
        blank=True,
        help_text=_("A line at the foot of every page, such as a copyright notice. Plain text."),
    )
    hub = models.CharField(
        _("WebSub hub"),
        max_length=200,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_(
            "URL of a hub that notifies feed readers of new posts. Leave empty to use none."
        ),
    )
    help_page = models.ForeignKey(
        "blog.Post",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": "page"},
        verbose_name=_("help page"),
        help_text=_(
            "Shown below posts with the help block, and on the status page of anyone who "
            "seems to need help. If empty, or if readers can’t see the page, the help "
            "text from the comment settings is used."
        ),
    )
    profiles = models.TextField(
        _("social profiles"),
        blank=True,
        validators=[check_profiles],
        help_text=_('Full URLs, one per line. Each is linked with rel="me".'),
    )
    indexnow = models.CharField(
        _("IndexNow service"),
        max_length=200,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_(
            "URL of a service that tells search engines about new and updated posts. "
            "Leave empty to notify none."
        ),
    )
    quick_exit = models.CharField(
        _("quick exit"),
        max_length=200,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_(
            "Where the quick exit link on every page goes: somewhere anyone might have "
            "open, such as a weather page. Leave empty for no link."
        ),
    )
    touched_at = models.DateTimeField(default=timezone.now, editable=False)
    # Whose the ids in feeds are (RFC 4151, 2.1): the first host, whatever SITE_URL becomes.
    tag_authority = models.CharField(max_length=253, default=first_host, editable=False)

    class Meta:
        verbose_name = _("blog settings")
        verbose_name_plural = _("blog settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="blog_blog_one_row"),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        with transaction.atomic():
            if self.indexnow:
                IndexNowPing.begin()
            super().save(*args, **kwargs)
            Blog.touch()

    save.alters_data = True

    @property
    def theme_file(self) -> str:
        """The static file of the theme; "" for the one that the style sheets have already."""
        return "" if self.theme == self.Theme.PAPER else f"themes/{self.theme}.css"

    @property
    def profile_addresses(self) -> list[str]:
        """The URLs of the owner's profiles elsewhere."""
        return self.profiles.split()

    def next_evening(self, weekly: bool = False, now: datetime | None = None) -> datetime:
        """Return the next evening (with ``weekly``: Sunday evening) on which mails go out.

        Strictly after ``now``, which defaults to the current time.
        """
        zone = zoneinfo.ZoneInfo(self.time_zone)
        now = (now or timezone.now()).astimezone(zone)
        day = now.date()
        while True:
            evening = datetime.combine(day, self.EVENING, zone)
            if evening > now and (not weekly or day.weekday() == self.SUNDAY):
                return evening
            day += timedelta(days=1)

    def help_html(self) -> str:
        """Return the help block as HTML, or "": the first result of ``settings.HELP_BLOCKS``."""
        blocks = (import_string(path)(self) for path in settings.HELP_BLOCKS)
        return next(filter(None, blocks), "")

    @classmethod
    def touch(cls) -> None:
        """Mark what every page shows as changed, which invalidates all caches."""
        cls.objects.filter(pk=1).update(touched_at=timezone.now())
        ChangeCounter.count(everywhere=True)


class PingState(SingleRow):
    """Up to which change an external service was notified; see blog.syndication.ping_queue."""

    told = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self):
        return str(self.told)


class WebSubPing(PingState):
    """The date of the last post the WebSub hub knows of; see blog.syndication.websub."""


class IndexNowPing(PingState):
    """The last change that search engines were notified of; see blog.syndication.indexnow."""

    @classmethod
    def begin(cls) -> None:
        """Start to notify of changes from now on, unless that has started already."""
        cls.get()
        cls.objects.filter(told=None).update(told=timezone.now())

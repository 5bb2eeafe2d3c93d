"""The model of posts and pages.

The rule "who may read this" exists for queries (:class:`.PostQuerySet`) and for a single row
(:class:`.Visibility`); a test keeps the two in agreement. All that the blog knows about comments
are two plain fields of :class:`Post`.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.text import languages
from blog import html_to_text, permalinks
from blog.images.models import MAX_ALT, Image
from blog.models import post_status, post_validation
from blog.models.change_counter import ChangeCounter
from blog.models.content_notes import ContentNote, ContentWarning, content_warning, read_lines
from blog.models.querysets import LINKED, SEARCH_KIND, PostQuerySet
from blog.models.redirects import OldAddress, RemovedSource
from blog.models.search_index import IndexedText, SearchEntry
from blog.models.settings import Blog, check_language
from blog.models.taxonomy import Series, Tag
from blog.permalinks import SlugField, tag_uri
from blog.rendering import post_html

SUMMARY_WORDS = 40  # about three lines
WORDS_A_MINUTE = 220  # silent reading; Brysbaert (2019) has 238 for English
A_DAY = timedelta(days=1)
WRITTEN = ("title", "excerpt", "body")
# Counters that other transactions raise meanwhile: save() must not write the loaded values.
KEPT_BY_COUNTING = {"comment_count", "revision", "version"}


class Post(post_status.Visibility, models.Model):
    """A post of the blog, or a page such as "About"."""

    class Kind(models.TextChoices):
        POST = "post", _("post")
        PAGE = "page", _("page")

    Status = post_status.Status

    class CommentMode(models.TextChoices):
        DEFAULT = "default", _("blog default (pages: no comments)")
        OPEN = "open", _("open: publish right away")
        FIRST_TIMERS = "first-timers", _("first-timers: hold comments from people who are new here")
        MODERATED = "moderated", _("moderated: hold every comment")
        CLOSED = "closed", _("closed: show comments, but accept no new ones")
        HIDDEN = "hidden", _("hidden: show no comments anywhere")

    # -- content ---------------------------------------------------------------------------

    kind = models.CharField(_("type"), max_length=4, choices=Kind, default=Kind.POST)
    title = models.CharField(_("title"), max_length=300)
    slug = SlugField(
        _("slug"),
        blank=True,
        help_text=_(
            "Leave empty to follow the title until the post is published. If you change it "
            "later, the old URL redirects."
        ),
    )
    # Its author wrote the slug; otherwise it follows the title until the post is public.
    slug_chosen = models.BooleanField(default=False, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts", verbose_name=_("author")
    )
    body = models.TextField(pgettext_lazy("of a post", "text"), blank=True)
    # What readers get of the text; empty where that is the text itself (``blog/rendering/``).
    body_html = models.TextField(default="", blank=True, editable=False)
    render_version = models.PositiveSmallIntegerField(default=0, editable=False)
    excerpt = models.TextField(
        _("excerpt"), blank=True, help_text=_("Shown in lists and feeds. Plain text.")
    )
    language = models.CharField(
        _("language"),
        max_length=20,
        blank=True,
        validators=[check_language],
        help_text=_("A code such as en, de or pt-BR. Leave empty to use the blog’s language."),
    )

    # -- publication and changes -----------------------------------------------------------

    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(_("publish date"), null=True, blank=True)
    # While it is in the trash (blog/publishing/trash.py): its status before, and since when.
    trashed_from = models.CharField(max_length=9, choices=Status, blank=True, editable=False)
    trashed_at = models.DateTimeField(null=True, editable=False)
    # Readers could see it once: see ``Visibility.has_been_public``.
    was_public = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now, editable=False)
    touched_at = models.DateTimeField(default=timezone.now, editable=False)
    revision = models.PositiveBigIntegerField(default=0, editable=False)
    # Raised by each save, and not by readers' activity: detects edit conflicts.
    version = models.PositiveIntegerField(default=0, editable=False)

    # -- taxonomy and order ----------------------------------------------------------------

    tags = models.ManyToManyField(Tag, blank=True, related_name="posts", verbose_name=_("tags"))
    content_notes = models.ManyToManyField(
        ContentNote,
        blank=True,
        related_name="posts",
        verbose_name=_("content notes"),
        help_text=_(
            "Readers will see these topics first and choose whether to open the excerpt and text."
        ),
    )
    series = models.ForeignKey(
        Series,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name=_("series"),
    )
    series_position = models.PositiveIntegerField(
        _("position in series"), null=True, blank=True, help_text=_("Leave empty to put it last.")
    )
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="children",
        limit_choices_to={"kind": Kind.PAGE},
        verbose_name=_("parent page"),
    )
    in_menu = models.BooleanField(_("show in menu"), default=False)
    menu_order = models.IntegerField(_("position in menu"), default=0)

    # -- lead image ------------------------------------------------------------------------

    # PROTECT: deleting an image must not change a page without invalidating its cache.
    lead_image = models.ForeignKey(
        Image,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("featured image"),
        help_text=_(
            "Shown above the text, as a thumbnail in lists, and when others link to the post."
        ),
    )
    lead_alt = models.CharField(
        _("description (alt text)"),
        max_length=MAX_ALT,
        blank=True,
        help_text=_(
            "For people who can’t see it. Leave empty to use the description from "
            "the image library."
        ),
    )

    # -- comments --------------------------------------------------------------------------

    comment_mode = models.CharField(
        _("comments"), max_length=12, choices=CommentMode, default=CommentMode.DEFAULT
    )
    comment_count = models.PositiveIntegerField(default=0, editable=False)

    # -- display and mailing ---------------------------------------------------------------

    show_help = models.BooleanField(
        _("show help block"),
        default=False,
        help_text=_("Shown below the text: where to find support, in this blog’s own words."),
    )
    noindex = models.BooleanField(
        _("ask search engines not to index it"),
        default=False,
        help_text=_("It still appears in this blog’s lists and feeds."),
    )
    by_mail = models.BooleanField(_("email to subscribers when published"), default=False)

    # -- import ----------------------------------------------------------------------------

    source = models.CharField(max_length=200, blank=True, editable=False)
    source_id = models.CharField(max_length=200, blank=True, editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts and pages")
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["kind", "status", "-published_at"], name="blog_post_list"),
            models.Index(fields=["author", "-published_at"], name="blog_post_author"),
            models.Index(fields=["published_at"], name="blog_post_due"),
            models.Index(fields=["render_version"], name="blog_post_rendered"),
            models.Index(
                fields=["published_at"], condition=Q(by_mail=True), name="blog_post_by_mail"
            ),
            models.Index(
                fields=["trashed_at"], condition=Q(trashed_at__isnull=False), name="blog_post_trash"
            ),
            # The previous and the next post of a series.
            models.Index(
                fields=["series", "series_position", "id"],
                condition=Q(series__isnull=False),
                name="blog_post_in_series",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~Q(source=""),
                name="blog_post_source_unique",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "trash"]) | Q(published_at__isnull=False),
                name="blog_post_public_has_date",
                violation_error_message=_("A post that isn’t a draft needs a publish date."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "scheduled", "published", "archived", "trash"]),
                name="blog_post_status",
            ),
            models.CheckConstraint(
                condition=Q(status="trash", trashed_at__isnull=False)
                | Q(~Q(status="trash"), trashed_at__isnull=True),
                name="blog_post_in_trash_since",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="blog_post_not_own_parent",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | Q(kind="page"), name="blog_post_parent_of_page"
            ),
            models.CheckConstraint(condition=~Q(slug=""), name="blog_post_has_address"),
            models.CheckConstraint(
                condition=Q(series__isnull=True) | Q(series_position__isnull=False, kind="post"),
                name="blog_post_place_in_series",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return permalinks.path_of(self.kind, self.slug)

    # -- derived values --------------------------------------------------------------------

    @property
    def summary(self) -> str:
        """The text below its title in lists: the excerpt, or the first words of the body."""
        return self.excerpt or Truncator(html_to_text.words(self.body)).words(SUMMARY_WORDS)

    @property
    def html(self) -> str:
        """Its text as readers get it."""
        return self.body_html or self.body

    def render(self) -> None:
        """Make what readers get of its sanitized text."""
        language = self.language or (Blog.get().language if "[^" in self.body else "")
        html = post_html.render(self.body, languages.spoken(language))
        self.body_html = "" if html == self.body else html
        self.render_version = post_html.RENDER_VERSION

    @property
    def reading_minutes(self) -> int:
        """The estimated reading time in minutes, at least 1."""
        return max(1, round(len(html_to_text.words(self.body).split()) / WORDS_A_MINUTE))

    @property
    def changed_since(self) -> datetime | None:
        """When its text last changed, if that is a day or more after publication, or None."""
        if self.published_at is None or self.updated_at - self.published_at < A_DAY:
            return None
        return self.updated_at

    @property
    def closed_behind(self) -> ContentWarning | None:
        """The ``ContentWarning`` of its notes, or None; costs no query after ``with_notes()``."""
        if "note_lines" in self.__dict__:
            return content_warning(read_lines(self.note_lines))
        return content_warning(self.content_notes.values_list("pk", "name"))

    @property
    def searched(self) -> IndexedText:
        """Its entry for the search index."""
        text = f"{self.excerpt} {html_to_text.words(self.body)}".strip()
        date = self.published_at or self.created_at
        return IndexedText(self.pk, self.title, text, date, self.language)

    @cached_property
    def atom_id(self) -> str:
        """Its permanent identifier in feeds, a tag URI (RFC 4151). Feeds set those of all rows."""
        return tag_uri(Blog.get().tag_authority, self)

    # -- saving ----------------------------------------------------------------------------

    def clean(self):
        post_validation.check(self)

    def describe_lead_image(self) -> None:
        """Take the description of the lead image from the library, unless the post has its own."""
        if self.lead_image_id is None:
            self.lead_alt = ""
        elif not self.lead_alt:
            self.lead_alt = self.lead_image.alt

    @classmethod
    def from_db(cls, db, field_names, values):
        post = super().from_db(db, field_names, values)
        post._remember()
        return post

    def _remember(self):
        """Remember the stored values of the loaded fields, to detect changes in save()."""
        self._stored = {name: self.__dict__.get(name) for name in {*LINKED, *WRITTEN}}

    def refresh_from_db(self, *args, **kwargs):
        super().refresh_from_db(*args, **kwargs)
        self._remember()

    def _differs(self, names):
        """Return whether one of these fields has changed since loading; True for a new post."""
        stored = getattr(self, "_stored", None)
        return stored is None or any(self.__dict__.get(each) != stored[each] for each in names)

    def save(self, *args, **kwargs):
        """Sanitize the text, set a slug, redirect the old address, and update the search index."""
        post_validation.prepare(self)
        had_readers = self.has_been_public
        self.was_public = had_readers or self.is_public
        if kwargs.get("update_fields") is None:
            self.touched_at = timezone.now()
            if self._differs(WRITTEN):
                self.updated_at = self.touched_at
            if not self._state.adding:
                kwargs["update_fields"] = self._own_fields()
        with transaction.atomic():
            super().save(*args, **kwargs)
            if self.kind == self.Kind.PAGE:
                Blog.touch()  # it is, or was, in the menu perhaps
            if had_readers:  # otherwise the old address would tell of a title nobody read
                OldAddress.keep(self, *map(getattr(self, "_stored", {}).get, ("slug", "kind")))
            SearchEntry.put(SEARCH_KIND, [self.searched])
            self._count_change()
        self._remember()

    def _own_fields(self):
        """Return the fields that save() writes: the loaded ones without the counters."""
        names = {field.name for field in self._meta.concrete_fields if not field.primary_key}
        return names - self.get_deferred_fields() - KEPT_BY_COUNTING

    def _count_change(self):
        Post.objects.filter(pk=self.pk).update(version=F("version") + 1)
        statuses = {self.status, getattr(self, "_stored", {}).get("status", self.Status.DRAFT)}
        if statuses != {self.Status.DRAFT} and self._differs(LINKED):
            ChangeCounter.count(everywhere=True)  # other pages link here

    save.alters_data = True

    def delete(self, *args, **kwargs):
        """Delete the post, and remember its import source so that no import brings it back."""
        with transaction.atomic():
            RemovedSource.remember(RemovedSource.Kind.POST, Post.objects.filter(pk=self.pk))
            SearchEntry.drop(SEARCH_KIND, [self.pk])
            gone = super().delete(*args, **kwargs)
            Blog.touch()
            return gone

    delete.alters_data = True

    def touch(self, comments: int = 0) -> None:
        """Mark the post's page as changed, and add ``comments`` to the number of visible ones."""
        Post.objects.filter(pk=self.pk).update(
            touched_at=timezone.now(), comment_count=F("comment_count") + comments
        )

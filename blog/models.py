"""Posts, pages, tags and the blog's own settings.

The rule "who may read this" stands once for queries (:class:`PostQuerySet`) and once
for a row (:attr:`Post.is_public`); a test holds the two together. All that the blog
knows of comments are two plain fields of :class:`Post`.
"""

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog import addresses, publishing
from blog.addresses import tag_uri
from blog.columns import Columns
from blog.index import Found, SearchEntry, Text
from blog.lead import LeadToAdopt, WithLeadImage
from blog.library import Image
from blog.notes import COOKIE as NOTES_COOKIE
from blog.notes import Closed, ContentNote, around, closed, read_lines
from blog.old_addresses import OldAddress
from blog.preview_links import PreviewLink
from blog.queries import LINKED, SEARCH_KIND, PostQuerySet
from blog.revisions import PostRevision
from blog.series import Series
from blog.shown import Shown
from blog.site import Blog, Changes, HubNews, IndexNews, ShownEverywhere, SingleRow, check_language
from blog.slugs import SlugField
from blog.sources import GoneSource
from blog.subscriptions import Mailing, Subscription
from blog.tags import Tag

__all__ = [
    "NOTES_COOKIE",
    "Blog",
    "Changes",
    "Closed",
    "Columns",
    "ContentNote",
    "Found",
    "GoneSource",
    "HubNews",
    "Image",
    "IndexNews",
    "LeadToAdopt",
    "Mailing",
    "OldAddress",
    "Post",
    "PostRevision",
    "PreviewLink",
    "SearchEntry",
    "Series",
    "ShownEverywhere",
    "SingleRow",
    "Subscription",
    "Tag",
    "Text",
    "around",
    "closed",
    "read_lines",
    "tag_uri",
]

WRITTEN = ("title", "excerpt", "body")
# Raised by whoever comments or changes something; an author's copy is older than they are.
KEPT_BY_COUNTING = {"comment_count", "revision", "version"}


class Post(Shown, WithLeadImage, ShownEverywhere):
    """A post of the blog, or a page such as "About"."""

    class Kind(models.TextChoices):
        POST = "post", _("post")
        PAGE = "page", _("page")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("scheduled")
        PUBLISHED = "published", _("published")
        ARCHIVED = "archived", _("archived")

    class CommentMode(models.TextChoices):
        DEFAULT = "default", _("as usual on this blog (pages: none)")
        OPEN = "open", _("open: publish at once")
        FIRST_TIMERS = "first-timers", _("first-timers: hold people who are new here")
        MODERATED = "moderated", _("moderated: hold every comment")
        CLOSED = "closed", _("closed: show the conversation, take no answers")
        HIDDEN = "hidden", _("hidden: comments appear nowhere")

    kind = models.CharField(_("kind"), max_length=4, choices=Kind, default=Kind.POST)
    title = models.CharField(_("title"), max_length=300)
    slug = SlugField(
        _("address"),
        blank=True,
        help_text=_("Empty: made from the title. After a change the old address goes on working."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts", verbose_name=_("author")
    )
    body = models.TextField(_("text"), blank=True)
    excerpt = models.TextField(
        _("excerpt"), blank=True, help_text=_("Shown in lists and feeds. Plain text.")
    )
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)
    touched_at = models.DateTimeField(default=timezone.now, editable=False)
    revision = models.PositiveBigIntegerField(default=0, editable=False)
    # Raised by each saving, and by nothing that readers do: who saves over another is told.
    version = models.PositiveIntegerField(default=0, editable=False)
    tags = models.ManyToManyField(Tag, blank=True, related_name="posts", verbose_name=_("tags"))
    content_notes = models.ManyToManyField(
        ContentNote,
        blank=True,
        related_name="posts",
        verbose_name=_("content notes"),
        help_text=_(
            "Excerpt and text are then closed behind these topics until a reader opens them."
        ),
    )
    comment_mode = models.CharField(
        _("comments"), max_length=12, choices=CommentMode, default=CommentMode.DEFAULT
    )
    comment_count = models.PositiveIntegerField(default=0, editable=False)
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="children",
        limit_choices_to={"kind": Kind.PAGE},
        verbose_name=_("page above this one"),
    )
    in_menu = models.BooleanField(_("show in the menu"), default=False)
    menu_order = models.IntegerField(_("place in the menu"), default=0)
    series = models.ForeignKey(
        Series,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name=_("series"),
    )
    series_position = models.PositiveIntegerField(
        _("place in the series"), null=True, blank=True, help_text=_("Empty: the next one.")
    )
    language = models.CharField(
        _("language"),
        max_length=20,
        blank=True,
        validators=[check_language],
        help_text=_("A code such as en, de or pt-BR. Empty: that of the blog."),
    )
    show_help = models.BooleanField(
        _("show the help block"),
        default=False,
        help_text=_("Below the text: somebody to turn to, in the words of this blog."),
    )
    noindex = models.BooleanField(
        _("ask search engines to leave it out"),
        default=False,
        help_text=_("It stays in the lists and feeds of this blog."),
    )
    by_mail = models.BooleanField(_("send by mail when it is published"), default=False)
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
            models.Index(
                fields=["published_at"], condition=Q(by_mail=True), name="blog_post_by_mail"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~Q(source=""),
                name="blog_post_source_unique",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(published_at__isnull=False),
                name="blog_post_public_has_date",
                violation_error_message=_("A post that is not a draft needs a date."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "scheduled", "published", "archived"]),
                name="blog_post_status",
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

    def clean(self):
        publishing.check(self)

    @classmethod
    def from_db(cls, db, field_names, values):
        post = super().from_db(db, field_names, values)
        post._remember()
        return post

    def _remember(self):
        """Keep what is stored, as far as it was read: saving compares with it."""
        self._stored = {name: self.__dict__.get(name) for name in {*LINKED, *WRITTEN}}

    def _differs(self, names):
        """Return whether one of these fields is another than was read; True for a new post."""
        stored = getattr(self, "_stored", None)
        return stored is None or any(self.__dict__.get(each) != stored[each] for each in names)

    def save(self, *args, **kwargs):
        """Clean the text, see to the address, keep the old address working, and store."""
        publishing.prepare(self)
        if kwargs.get("update_fields") is None:
            self.touched_at = timezone.now()
            if self._differs(WRITTEN):
                self.updated_at = self.touched_at
            if not self._state.adding:
                kwargs["update_fields"] = self._own_fields()
        with transaction.atomic():
            super().save(*args, **kwargs)
            OldAddress.keep(self, *map(getattr(self, "_stored", {}).get, ("slug", "kind")))
            SearchEntry.put(SEARCH_KIND, [self.searched])
            self._count_change()
        self._remember()

    @property
    def changes_all_pages(self):
        """A page does: it may stand in the menu, or have stood there."""
        return self.kind == self.Kind.PAGE

    def _own_fields(self):
        """What saving a stored post writes: not the counters, which others raise meanwhile."""
        names = {field.name for field in self._meta.concrete_fields if not field.primary_key}
        return names - self.get_deferred_fields() - KEPT_BY_COUNTING

    def _count_change(self):
        Post.objects.filter(pk=self.pk).update(version=F("version") + 1)
        statuses = {self.status, getattr(self, "_stored", {}).get("status", self.Status.DRAFT)}
        if statuses != {self.Status.DRAFT} and self._differs(LINKED):
            Changes.count(everywhere=True)  # other pages lead here

    save.alters_data = True

    def delete(self, *args, **kwargs):
        """Delete, and remember where the row came from so that no import brings it back."""
        with transaction.atomic():
            GoneSource.remember(GoneSource.Kind.POST, Post.objects.filter(pk=self.pk))
            SearchEntry.drop(SEARCH_KIND, [self.pk])
            return super().delete(*args, **kwargs)

    delete.alters_data = True

    def get_absolute_url(self):
        return addresses.path_of(self.kind, self.slug)

    def touch(self, comments=0):
        """Say that what the post's page shows has changed, and by how many visible comments."""
        Post.objects.filter(pk=self.pk).update(
            touched_at=timezone.now(), comment_count=F("comment_count") + comments
        )
